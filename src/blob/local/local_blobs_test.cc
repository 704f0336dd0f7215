#include "blob/local/local_blobs.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace hanse::blob {
namespace {

namespace fs = std::filesystem;

class LocalBlobsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string form = fs::temp_directory_path() / "hanse-blobs-XXXXXX";
    ASSERT_NE(mkdtemp(form.data()), nullptr);
    directory_ = form;
    Reopen();
  }
  void TearDown() override { fs::remove_all(directory_); }

  void Reopen() {
    auto opened = LocalBlobs::Open(directory_ + "/blobs", random_);
    ASSERT_TRUE(opened) << opened.error().message;
    blobs_ = std::move(*opened);
  }
  BlobId Put(const std::string& content) {
    auto writer = blobs_->Create(key_);
    EXPECT_TRUE(writer && (*writer)->Append(content) && (*writer)->Finish());
    return (*writer)->id();
  }
  std::string Get(const BlobId& id) {
    auto reader = blobs_->Open(id, key_);
    if (!reader) return reader.error().code == ErrorCode::kNotFound ? "missing" : "damaged";
    std::string content((*reader)->size(), '\0');
    EXPECT_TRUE((*reader)->ReadAt(0, content));
    return content;
  }
  std::set<BlobId> Listed() {
    std::set<BlobId> ids;
    EXPECT_TRUE(blobs_->List([&](const BlobId& id, TimeMs) { return ids.insert(id).second; }));
    return ids;
  }

  SeededRandom random_{11};
  crypto::Key key_ = crypto::Key::Draw(random_);
  std::string directory_;
  std::unique_ptr<LocalBlobs> blobs_;
};

TEST_F(LocalBlobsTest, WhatWasFinishedIsThereAfterAStartAndWhatWasNotIsGone) {
  BlobId kept = Put("kept"), empty = Put("");
  auto half = blobs_->Create(key_);
  ASSERT_TRUE(half);
  ASSERT_TRUE((*half)->Append(std::string(1 << 20, 'x')));
  EXPECT_EQ(Get((*half)->id()), "missing");
  EXPECT_EQ(Listed(), (std::set<BlobId>{kept, empty}));
  // A crash: the half-written file stays behind.
  BlobId torn = (*half)->id();
  fs::copy(directory_ + "/blobs/incoming/" + torn, directory_ + "/torn");
  half->reset();
  fs::copy(directory_ + "/torn", directory_ + "/blobs/incoming/" + torn);
  Reopen();
  EXPECT_TRUE(fs::is_empty(directory_ + "/blobs/incoming"));
  EXPECT_EQ(Get(kept), "kept");
  EXPECT_EQ(Get(empty), "");
  EXPECT_EQ(Listed(), (std::set<BlobId>{kept, empty}));
}

TEST_F(LocalBlobsTest, AnAbandonedBlobLeavesNothing) {
  {
    auto writer = blobs_->Create(key_);
    ASSERT_TRUE(writer && (*writer)->Append("x"));
  }
  EXPECT_TRUE(fs::is_empty(directory_ + "/blobs/incoming"));
  EXPECT_TRUE(Listed().empty());
}

TEST_F(LocalBlobsTest, AnOpenBlobOutlivesItsDeletion) {
  BlobId id = Put("content");
  auto reader = blobs_->Open(id, key_);
  ASSERT_TRUE(reader);
  ASSERT_TRUE(blobs_->Delete(id));
  EXPECT_TRUE(blobs_->Delete(id));
  EXPECT_EQ(Get(id), "missing");
  std::string content(7, '\0');
  EXPECT_TRUE((*reader)->ReadAt(0, content));
  EXPECT_EQ(content, "content");
  EXPECT_GE((*reader)->sealed_fd(), 0);
}

TEST_F(LocalBlobsTest, ContentIsSealedAndTheOperatorsAlone) {
  BlobId id = Put(std::string(100, 'M') + "marker");
  std::string path = directory_ + "/blobs/" + id.substr(0, 2) + "/" + id;
  std::ifstream file(path);
  std::string raw{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(raw.find("marker"), std::string::npos);
  for (const auto& entry : fs::recursive_directory_iterator(directory_ + "/blobs")) {
    EXPECT_EQ(static_cast<unsigned>(entry.status().permissions()) & 077, 0u) << entry.path();
  }
}

TEST_F(LocalBlobsTest, NamesThatAreNoIdsOpenNothing) {
  std::ofstream(directory_ + "/outside") << "x";
  for (const char* name : {"", "..", "../outside", "00/../../outside", "ABCDEF00000000000000000000000000"}) {
    EXPECT_EQ(Get(name), "missing") << name;
    EXPECT_FALSE(blobs_->Delete(name));
  }
  EXPECT_TRUE(fs::exists(directory_ + "/outside"));
}

TEST_F(LocalBlobsTest, AnotherKeyOpensNothing) {
  BlobId id = Put("content");
  key_ = crypto::Key::Draw(random_);
  EXPECT_EQ(Get(id), "damaged");
}

TEST_F(LocalBlobsTest, SwappedFilesDoNotOpen) {
  BlobId a = Put("a");
  crypto::Key first = key_;
  key_ = crypto::Key::Draw(random_);
  BlobId b = Put("b");
  auto path = [&](const BlobId& id) { return directory_ + "/blobs/" + id.substr(0, 2) + "/" + id; };
  fs::copy_file(path(b), path(a), fs::copy_options::overwrite_existing);
  key_ = first;
  EXPECT_EQ(Get(a), "damaged");
}

TEST_F(LocalBlobsTest, DurableWritesASecondAreTold) {
  std::string content(4096, 'c');
  auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) Put(content);
    });
  }
  for (std::thread& thread : threads) thread.join();
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  printf("%.0f durable blobs of 4 KiB a second, 8 threads\n", 400 / seconds);
  EXPECT_EQ(Listed().size(), 400u);
}

}  // namespace
}  // namespace hanse::blob
