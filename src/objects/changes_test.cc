#include "objects/changes.h"

#include <gtest/gtest.h>

#include "objects/sweeper.h"
#include "objects/test_world.h"

namespace hanse::objects {
namespace {

constexpr const char* kFollowed = "followed";

class ChangesTest : public testing::Test {
 protected:
  void SetUp() override { world_.MakeBucket(kFollowed); }
  void Put(const std::string& key) { ASSERT_TRUE(world_.Run(World::Put(kFollowed, key, key))); }
  void Delete(const std::string& key, std::optional<std::string> version = {}) {
    ASSERT_TRUE(world_.Run(World::Of<DeleteObject>(kFollowed, key, std::move(version))));
  }
  ChangedFolders::Answer Changes(Id since, const std::string& prefix = "t/") {
    auto found = world_.Run(ChangedFolders{.bucket = kFollowed, .prefix = prefix, .since = since});
    EXPECT_TRUE(found);
    return found ? *found : ChangedFolders::Answer();
  }
  std::string Folders(Id since, const std::string& prefix = "t/") {
    ChangedFolders::Answer answer = Changes(since, prefix);
    return answer.all ? "all" : Join(answer.folders, ",");
  }
  World world_;
};

TEST_F(ChangesTest, WhatWasAddedReplacedOrTakenAwaySinceThenTellsItsFolder) {
  for (const char* key : {"t/a/1", "t/b/1", "t/c/1", "t/0", "u/1"}) Put(key);
  EXPECT_EQ(Folders(0), "all");
  const Id then = Changes(0).until;
  EXPECT_EQ(Folders(then), "");
  Put("t/a/2");
  EXPECT_EQ(Folders(then), "t/a/");
  Put("t/b/1");
  Delete("t/c/1");
  Delete("t/0");
  Put("u/2");
  EXPECT_EQ(Folders(then), "t/,t/a/,t/b/,t/c/");
  EXPECT_EQ(Folders(then, ""), "t/,t/a/,t/b/,t/c/,u/");
  const Id now = Changes(then).until;
  EXPECT_EQ(Folders(now), "");
  Put("t/c/2");
  Delete("t/c/2");
  EXPECT_EQ(Folders(now), "t/c/");
}

TEST_F(ChangesTest, InABucketWithVersionsMarkersAndOldVersionsThatShowAgainCount) {
  PutBucketVersioning versioning;
  versioning.in.bucket = kFollowed;
  versioning.in.versioning_configuration = s3::VersioningConfiguration{.status = "Enabled"};
  ASSERT_TRUE(world_.Run(versioning));
  Put("t/a/1");
  Put("t/b/1");
  auto newer = world_.Run(World::Put(kFollowed, "t/b/1", "newer"));
  ASSERT_TRUE(newer);
  const Id then = Changes(0).until;
  Delete("t/a/1");
  Delete("t/b/1", newer->version_id);
  EXPECT_EQ(Folders(then), "t/a/,t/b/");
}

TEST_F(ChangesTest, ABucketOfTheSameNameHasChangedAsAWhole) {
  Put("t/a/1");
  const Id then = Changes(0).until;
  Delete("t/a/1");
  DeleteBucket gone;
  gone.in.bucket = kFollowed;
  ASSERT_TRUE(world_.Run(gone));
  world_.MakeBucket(kFollowed);
  EXPECT_EQ(Folders(then), "all");
  EXPECT_EQ(Folders(Changes(then).until), "");
}

TEST_F(ChangesTest, WhoAsksFromBeforeWhatWasForgottenIsToldThatAllMayHaveChanged) {
  Sweeper sweeper(*world_.store, world_.blobs, world_.clock);
  Put("t/a/1");
  const Id then = Changes(0).until;
  Delete("t/a/1");
  const Id after = Changes(then).until;
  world_.clock.Advance(kRemovalsKeptMs);
  ASSERT_TRUE(sweeper.ForgetOldRemovals());
  EXPECT_EQ(Folders(then), "t/a/");
  world_.clock.Advance(1);
  ASSERT_TRUE(sweeper.ForgetOldRemovals());
  EXPECT_EQ(Folders(then), "all");
  EXPECT_EQ(Folders(after), "");
  ASSERT_TRUE(sweeper.ForgetOldRemovals());
  EXPECT_EQ(Folders(after), "");
}

TEST_F(ChangesTest, WhoMayNotListTheBucketIsToldNothing) {
  ChangedFolders asked{.bucket = kFollowed, .prefix = "t/", .since = 1};
  EXPECT_EQ(world_.Refused(world_.guest, asked), "AccessDenied");
  world_.Allow(world_.guest, R"("s3:ListBucket")", "*", R"({"StringEquals":{"s3:prefix":"t/"}})");
  EXPECT_EQ(world_.Refused(world_.guest, asked), "");
  asked.prefix = "u/";
  EXPECT_EQ(world_.Refused(world_.guest, asked), "AccessDenied");
}

}  // namespace
}  // namespace hanse::objects
