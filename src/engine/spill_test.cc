#include "engine/spill.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "duckdb/common/exception.hpp"
#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

using testing::HasSubstr;

// A server that hands `fd` over to whoever asks for a spill file.
class SpillTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair_), 0);
    fd_ = open(std::filesystem::temp_directory_path().c_str(), O_TMPFILE | O_RDWR, 0600);
    ASSERT_GE(fd_, 0);
    theirs_ = std::make_unique<Channel>(pair_[1]);
    server_ = std::jthread([this] {
      Channel ours(pair_[0]);
      while (auto message = ours.Receive()) {
        if (message->type != MessageType::kSpill) break;
        EXPECT_TRUE(ours.Send(MessageType::kSpillFile, {}, fd_));
      }
    });
  }
  void TearDown() override {
    shutdown(theirs_->fd(), SHUT_RDWR);
    server_.join();
    close(fd_);
  }
  std::string OnDisk() const {
    std::string bytes(static_cast<std::size_t>(lseek(fd_, 0, SEEK_END)), '\0');
    EXPECT_EQ(pread(fd_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    return bytes;
  }
  std::string ReadBack(const SpilledPiece& piece) {
    std::string plain(piece.bytes, '\0');
    spill_.Read(piece, plain);
    return plain;
  }

  int pair_[2], fd_ = -1;
  std::unique_ptr<Channel> theirs_;
  std::jthread server_;
  Spill spill_;
};

TEST_F(SpillTest, WhatLiesOnTheDiskIsSealedAndReadsBack) {
  ServerLink link(*theirs_);
  spill_.Begin(link, 1 << 20);
  const std::string secret(5000, 's');
  SpilledPiece one = spill_.Write(secret), again = spill_.Write(secret);
  EXPECT_EQ(ReadBack(one), secret);
  EXPECT_EQ(ReadBack(again), secret);
  const std::string disk = OnDisk();
  EXPECT_EQ(disk.size(), 10'000u);
  EXPECT_EQ(disk.find("ssss"), std::string::npos);
  EXPECT_NE(disk.substr(0, 5000), disk.substr(5000));
}

TEST_F(SpillTest, WhatWasChangedOnTheDiskIsNotRead) {
  ServerLink link(*theirs_);
  spill_.Begin(link, 1 << 20);
  SpilledPiece piece = spill_.Write(std::string(100, 'x'));
  ASSERT_EQ(pwrite(fd_, "!", 1, 50), 1);
  EXPECT_THROW(ReadBack(piece), duckdb::IOException);
}

TEST_F(SpillTest, APlaceIsUsedAgainAndTheLimitHolds) {
  ServerLink link(*theirs_);
  spill_.Begin(link, 3000);
  SpilledPiece first = spill_.Write(std::string(1000, 'a'));
  for (int i = 0; i < 10; ++i) {
    SpilledPiece piece = spill_.Write(std::string(2000, 'b'));
    EXPECT_EQ(ReadBack(piece), std::string(2000, 'b'));
    spill_.Free(piece);
  }
  EXPECT_EQ(spill_.bytes(), 3000u);
  EXPECT_EQ(ReadBack(first), std::string(1000, 'a'));
  EXPECT_THROW(spill_.Write(std::string(1, 'c')), duckdb::IOException);
}

TEST_F(SpillTest, NothingOfAQueryIsReadByTheNext) {
  ServerLink link(*theirs_);
  spill_.Begin(link, 1 << 20);
  SpilledPiece piece = spill_.Write("of the first");
  spill_.End();
  EXPECT_THROW(ReadBack(piece), duckdb::IOException);
  EXPECT_THROW(spill_.Write("of none"), duckdb::IOException);
  spill_.Begin(link, 1 << 20);
  SpilledPiece own = spill_.Write("of the next.");
  EXPECT_THROW(ReadBack(piece), duckdb::IOException);
  spill_.Free(piece);  // Its place is no longer there to be given.
  EXPECT_NE(spill_.Write("of the next.").offset, own.offset);
}

// The whole road: a query that is larger than its memory, in a confined worker.
class SpillingQueryTest : public testing::Test {
 protected:
  std::string Ask(const std::string& directory, Limits limits) {
    WorkerPool::Options options = TestWorkers(1);
    options.spill_directory = directory;
    WorkerPool pool(options);
    QueryJob job{.id = "large", .limits = limits};
    job.sql =
        "SELECT count(*), count(DISTINCT s), max(s) FROM (SELECT to_hex(md5(to_utf8(CAST(x * 10000 + y AS varchar)))) s FROM "
        "UNNEST(sequence(1, 200)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y))";
    TestObjects objects;
    TestTables tables(objects);
    return AskOf(pool, tables, job).Text();
  }
};

TEST_F(SpillingQueryTest, GoesToTheDiskAndAnswersAsInMemory) {
  Limits small, large;
  small.memory_bytes = 64 << 20;
  large.memory_bytes = 2ull << 30;
  const std::string place = std::filesystem::temp_directory_path();
  const std::string answer = Ask("", large);
  EXPECT_THAT(answer, HasSubstr("2000000|2000000|FFFF"));
  EXPECT_THAT(Ask("", small), HasSubstr("EXCEEDED_LOCAL_MEMORY_LIMIT"));
  EXPECT_EQ(Ask(place, small), answer);
  small.spilled_bytes_max = 1 << 20;
  EXPECT_THAT(Ask(place, small), HasSubstr("EXCEEDED_SPILL_LIMIT"));
}

}  // namespace
}  // namespace hanse::engine
