#include "audit/segment_journal.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <set>
#include <thread>

#include "audit/segment_file.h"
#include "audit/test_folder.h"
#include "audit/verify.h"
#include "store/small_disk_test.h"

// In place of libc's, for this program alone: a disk that cannot sync.
static std::atomic<bool> syncs_fail = false;
extern "C" int fdatasync(int file) {
  if (!syncs_fail) return static_cast<int>(::syscall(SYS_fdatasync, file));
  errno = EIO;
  return -1;
}

namespace hanse::audit {
namespace {

using testing::ElementsAre;

class JournalTest : public testing::Test {
 protected:
  std::unique_ptr<SegmentJournal> Open(std::uint64_t segment_bytes = Segments::kSegmentBytes) {
    auto journal = SegmentJournal::Open({.folder = folder_.journal(), .segment_bytes = segment_bytes}, clock_);
    EXPECT_TRUE(journal.has_value()) << (journal ? "" : journal.error().message);
    return std::move(*journal);
  }
  std::vector<std::string> Records() const {
    std::vector<std::string> records;
    const auto numbers = *ListSegments(folder_.journal());
    for (std::int64_t number : numbers) {
      auto scan =
          ScanSegment(folder_.journal(), number, [&](const Frame& frame, std::uint64_t) { records.emplace_back(frame.json); });
      EXPECT_EQ(scan->problem, "");
    }
    return records;
  }
  std::string Segment(std::int64_t number = 1) const { return SegmentPath(folder_.journal(), number); }
  Verification Checked() const { return *Verify(folder_.path()); }

  TestFolder folder_;
  SystemClock clock_;
};

TEST_F(JournalTest, KeepsWhatWasAppendedInOrder) {
  {
    auto journal = Open();
    ASSERT_TRUE(journal->Append("{\"a\":1}", Durability::kSynced).has_value());
    ASSERT_TRUE(journal->Append("{\"b\":2}", Durability::kWritten).has_value());
    ASSERT_TRUE(journal->AppendAll({{"{\"c\":3}", 7}, {"{\"d\":4}", 8}}).has_value());
  }
  EXPECT_THAT(Records(), ElementsAre("{\"a\":1}", "{\"b\":2}", "{\"c\":3}", "{\"d\":4}"));
  EXPECT_TRUE(Checked().ok());
  auto again = Open();
  ASSERT_TRUE(again->Append("{}", Durability::kSynced).has_value());
  EXPECT_EQ(Records().size(), 5u);
}

TEST_F(JournalTest, TakesNoLineFeedAndNothingEndless) {
  auto journal = Open();
  EXPECT_FALSE(journal->Append("{}\n{}", Durability::kSynced).has_value());
  EXPECT_FALSE(journal->Append("", Durability::kSynced).has_value());
  EXPECT_FALSE(journal->Append(std::string(kRecordBytesMax + 1, 'x'), Durability::kSynced).has_value());
}

TEST_F(JournalTest, ManyAppendersLoseNothingAndShareSegments) {
  {
    auto journal = Open(20'000);
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 200; ++i) {
          auto durability = i % 2 ? Durability::kSynced : Durability::kWritten;
          ASSERT_TRUE(journal->Append("\"" + std::to_string(t * 1000 + i) + "\"", durability).has_value());
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
  std::vector<std::string> records = Records();
  EXPECT_EQ(records.size(), 1600u);
  EXPECT_EQ(std::set<std::string>(records.begin(), records.end()).size(), 1600u);
  Verification found = Checked();
  EXPECT_TRUE(found.ok()) << found.ToJson();
  EXPECT_GT(found.segments.size(), 3u);
}

TEST_F(JournalTest, WhatACrashLeftHalfWrittenIsCutOffAndNoted) {
  {
    ASSERT_TRUE(Open()->Append("{\"a\":1}", Durability::kSynced).has_value());
  }
  Overwrite(Segment(), Content(Segment()) + "0123456789abcdef");
  EXPECT_TRUE(Checked().ok()) << Checked().ToJson();
  {
    ASSERT_TRUE(Open()->Append("{\"b\":2}", Durability::kSynced).has_value());
  }
  std::vector<std::string> records = Records();
  ASSERT_EQ(records.size(), 3u);
  EXPECT_THAT(records[1], testing::HasSubstr("JournalMended"));
  EXPECT_TRUE(Checked().ok());
}

// Cutting it off would hide that somebody changed what was acknowledged.
TEST_F(JournalTest, WhatWasAcknowledgedIsNeverCutOffByARestart) {
  {
    ASSERT_TRUE(Open()->Append("{\"a\":1}", Durability::kSynced).has_value());
  }
  std::string content = Content(Segment());
  content[content.size() - 3] ^= 1;
  Overwrite(Segment(), content);
  {
    ASSERT_TRUE(Open()->Append("{\"b\":2}", Durability::kSynced).has_value());
  }
  EXPECT_EQ(Content(Segment()), content);
  Verification found = Checked();
  ASSERT_EQ(found.bad.size(), 1u) << found.ToJson();
  EXPECT_EQ(found.bad[0].path, "journal/0000000001.log");
  EXPECT_EQ(found.segments.size(), 2u);
}

TEST_F(JournalTest, EveryFlippedBitIsFound) {
  {
    auto journal = Open();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(journal->Append("{\"n\":" + std::to_string(i) + "}", Durability::kSynced).has_value());
  }
  const std::string content = Content(Segment());
  for (std::size_t at = 0; at < content.size(); ++at) {
    // Each byte of header and first record, then every 7th and the very end; every bit in its turn.
    if (at > 300 && at % 7 != 0 && at + 3 < content.size()) continue;
    std::string damaged = content;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    Overwrite(Segment(), damaged);
    Verification found = Checked();
    ASSERT_FALSE(found.ok()) << "byte " << at;
    ASSERT_EQ(found.bad[0].path, "journal/0000000001.log");
  }
}

TEST_F(JournalTest, WhatIsCutOffAnywhereIsMissed) {
  {
    auto journal = Open(600);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(journal->Append("{\"n\":" + std::to_string(i) + "}", Durability::kSynced).has_value());
  }
  const auto numbers = *ListSegments(folder_.journal());
  ASSERT_GT(numbers.size(), 3u);
  for (std::int64_t number : numbers) {
    const std::string content = Content(Segment(number));
    const std::size_t last_line = content.rfind('\n', content.size() - 2) + 1;
    for (std::size_t keep : {std::size_t{0}, std::size_t{10}, content.size() / 2, last_line, content.size() - 1}) {
      Overwrite(Segment(number), content.substr(0, keep));
      Verification found = Checked();
      ASSERT_FALSE(found.ok()) << number << " " << keep;
      EXPECT_EQ(found.bad[0].path, "journal/" + SegmentName(number));
    }
    std::filesystem::remove(Segment(number));
    Verification found = Checked();
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.bad[0].path, "journal/" + SegmentName(number));
    Overwrite(Segment(number), content);
  }
  EXPECT_TRUE(Checked().ok());
  std::filesystem::remove(folder_.journal() + "/checkpoint");
  EXPECT_FALSE(Checked().ok());
}

TEST_F(JournalTest, VerifiesWhileItIsWritten) {
  auto journal = Open(20'000);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    while (!done) {
      ASSERT_TRUE(journal->Append("{\"n\":1}", Durability::kWritten).has_value());
      std::this_thread::sleep_for(std::chrono::microseconds(100));  // Slower than who verifies, or that never ends.
    }
  });
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Checked().ok()) << Checked().ToJson();
  done = true;
  writer.join();
}

// A child acknowledges through a pipe and is killed in the midst of it.
TEST_F(JournalTest, WhatWasAcknowledgedSurvivesAKill) {
  for (int round = 0; round < 3; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    pid_t child = ::fork();
    if (child == 0) {
      auto journal = SegmentJournal::Open({.folder = folder_.journal()}, clock_);
      for (int i = 0; journal; ++i) {
        auto durability = i % 3 ? Durability::kWritten : Durability::kSynced;
        if (!(*journal)->Append("\"" + std::to_string(round) + "-" + std::to_string(i) + "\"", durability)) break;
        if (::write(ends[1], &i, sizeof i) != sizeof i) break;
      }
      ::_exit(1);
    }
    ::close(ends[1]);
    int last = -1, reads = 0;
    while (reads < 200 && ::read(ends[0], &last, sizeof last) == sizeof last) ++reads;
    ::kill(child, SIGKILL);
    while (::read(ends[0], &last, sizeof last) == sizeof last) {
    }
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    ASSERT_GE(last, 199);
    EXPECT_TRUE(Checked().ok()) << Checked().ToJson();
    Open();
    std::vector<std::string> records = Records();
    for (int i = 0; i <= last; ++i) {
      ASSERT_THAT(records, testing::Contains("\"" + std::to_string(round) + "-" + std::to_string(i) + "\""));
    }
  }
}

// A limit on the size of files stands for a full disk: write(2) fails half way through a record.
TEST_F(JournalTest, ADiskThatIsFullIsSaidAndMendsItself) {
  auto journal = Open();
  ASSERT_TRUE(journal->Append("{\"n\":0}", Durability::kSynced).has_value());
  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  ::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = {Content(Segment()).size() + 50, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  for (auto durability : {Durability::kSynced, Durability::kWritten}) {
    auto refused = journal->Append("{\"n\":1}", durability);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_TRUE(journal->Append("{\"n\":2}", Durability::kSynced).has_value());
  journal.reset();
  EXPECT_THAT(Records(), ElementsAre("{\"n\":0}", "{\"n\":2}"));
  EXPECT_TRUE(Checked().ok());
}

// Whoever reads is recorded: data that fills the disk must not end reading.
TEST_F(JournalTest, WhereOthersFillTheDiskThereIsRoomForWhatReadersDo) {
  store::SmallDisk disk("4m");
  if (!disk.missing().empty()) GTEST_SKIP() << disk.missing();
  auto journal = std::move(*SegmentJournal::Open({.folder = disk.path() + "/journal"}, clock_));
  ASSERT_TRUE(journal->Append("{\"n\":0}", Durability::kSynced).has_value());
  std::ofstream data(disk.path() + "/data", std::ios::binary);
  while (data.write(std::string(4096, 'x').data(), 4096) && data.flush()) continue;
  const std::string record = "\"" + std::string(1'000, 'x') + "\"";
  int kept = 0;
  while (kept < 2'000 && journal->Append(record, Durability::kSynced)) ++kept;
  EXPECT_GT(kept, 500);
  EXPECT_LT(kept, 2'000);
}

TEST_F(JournalTest, AFullDiskIsSaidAndLosesNothing) {
  store::SmallDisk disk("1m");
  if (!disk.missing().empty()) GTEST_SKIP() << disk.missing();
  const std::string folder = disk.path() + "/journal";
  auto journal = std::move(*SegmentJournal::Open({.folder = folder, .segment_bytes = 100'000}, clock_));
  const std::string record = "\"" + std::string(5'000, 'x') + "\"";
  std::int64_t kept = 0;
  Result<void> last;
  while (last && kept < 1'000) {
    last = journal->Append(record, Durability::kSynced);
    if (last) ++kept;
  }
  ASSERT_FALSE(last.has_value());
  EXPECT_EQ(last.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(last.error().message, testing::HasSubstr("full"));
  EXPECT_GT(kept, 100);
  EXPECT_FALSE(journal->Append(record, Durability::kWritten).has_value());
  EXPECT_EQ(Verify(disk.path())->records(), kept);
  std::filesystem::remove(folder + "/0000000001.log");  // Somebody makes room, be it the wrong way.
  ASSERT_TRUE(journal->Append(record, Durability::kSynced).has_value());
  journal.reset();
  Verification found = *Verify(disk.path());
  ASSERT_EQ(found.bad.size(), 1u) << found.ToJson();
  EXPECT_EQ(found.bad[0].path, "journal/0000000001.log");
}

// After a failed fsync the next one may succeed without having written what the first had lost.
TEST_F(JournalTest, AnFsyncThatFailsIsNotBelieved) {
  SegmentJournal::Options options{.folder = folder_.journal(), .sync_every_ms = 60'000};
  auto journal = std::move(*SegmentJournal::Open(options, clock_));
  ASSERT_TRUE(journal->Append("{\"n\":0}", Durability::kSynced).has_value());
  ASSERT_TRUE(journal->Append("{\"n\":1}", Durability::kWritten).has_value());
  syncs_fail = true;
  EXPECT_EQ(journal->Append("{\"n\":2}", Durability::kSynced).error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(Records(), ElementsAre("{\"n\":0}"));
  // Nothing is answered any more before it is on disk.
  EXPECT_EQ(journal->Append("{\"n\":3}", Durability::kWritten).error().code, ErrorCode::kUnavailable);
  syncs_fail = false;
  ASSERT_TRUE(journal->Append("{\"n\":4}", Durability::kWritten).has_value());
  journal.reset();
  // What was answered before the failure was written again.
  EXPECT_THAT(Records(), ElementsAre("{\"n\":0}", "{\"n\":1}", "{\"n\":4}"));
  EXPECT_TRUE(Checked().ok());
}

}  // namespace
}  // namespace hanse::audit
