#include "objects/staging.h"

#include <gtest/gtest.h>

#include "objects/test_world.h"

namespace hanse::objects {
namespace {

class StagingTest : public testing::Test {
 protected:
  StagingTest() { world.MakeBucket("lake"); }
  std::shared_ptr<StagedObject> Staged(const std::string& bytes) {
    std::shared_ptr<StagedObject> staged = world.staging.Begin().value();
    EXPECT_TRUE(staged->Append(bytes.substr(0, 3)) && staged->Append(bytes.substr(3)) && staged->Finish());
    return staged;
  }
  std::size_t Blobs() {
    std::size_t blobs = 0;
    EXPECT_TRUE(world.blobs.List([&](const blob::BlobId&, TimeMs) { return ++blobs, true; }));
    return blobs;
  }
  World world;
};

TEST_F(StagingTest, AllAreThereAtOnceOrNone) {
  StoreObjects store{"lake", {{"a/1", Staged("first")}, {"a/2", Staged("second")}}};
  EXPECT_EQ(world.Get(world.admin, "lake", "a/1"), "[NoSuchKey]");
  world.Allow(world.guest, R"("s3:PutObject")", "arn:aws:s3:::lake/a/1");
  EXPECT_EQ(world.Refused(world.guest, store), "AccessDenied");
  EXPECT_EQ(world.Refused(world.stranger, store), "AccessDenied");
  EXPECT_EQ(world.Get(world.admin, "lake", "a/1"), "[NoSuchKey]");
  world.Allow(world.guest, R"("s3:PutObject")", "arn:aws:s3:::lake/a/*");
  EXPECT_EQ(world.Refused(world.guest, store), "");
  store.objects.clear();
  EXPECT_EQ(world.Get(world.admin, "lake", "a/1"), "first");
  EXPECT_EQ(world.Get(world.admin, "lake", "a/2"), "second");
  EXPECT_EQ(Blobs(), 2u);
}

TEST_F(StagingTest, WhatIsDroppedLeavesNothing) {
  Staged("whole");
  {
    auto begun = world.staging.Begin().value();
    EXPECT_TRUE(begun->Append("half"));
  }
  EXPECT_EQ(Blobs(), 0u);
  world.keys.disabled = true;
  StoreObjects store{"lake", {{"a", Staged("sealed")}}};
  EXPECT_NE(world.Refused(world.admin, store), "");
  store.objects.clear();
  EXPECT_EQ(Blobs(), 0u);
}

TEST_F(StagingTest, WhatIsChangedWithThemIsDoneWithThemOrNothingIs) {
  auto named = [&] {
    auto tx = world.store->BeginRead().value();
    return tx->One("SELECT COUNT(*) FROM counters WHERE name = 'with'").value().Int(0);
  };
  bool fails = true;
  StoreObjects store{"lake", {{"a", Staged("sealed")}}};
  store.also = [&](store::Transaction& tx) -> Result<void> {
    TRY(tx.Execute("INSERT INTO counters (name, value) VALUES ('with', 1)"));
    if (fails) return Fail(ErrorCode::kConflict, "it is over");
    return {};
  };
  EXPECT_NE(world.Refused(world.admin, store), "");
  EXPECT_EQ(named(), 0);
  EXPECT_EQ(world.Get(world.admin, "lake", "a"), "[NoSuchKey]");
  fails = false;
  EXPECT_EQ(world.Refused(world.admin, store), "");
  EXPECT_EQ(named(), 1);
  EXPECT_EQ(world.Get(world.admin, "lake", "a"), "sealed");
}

}  // namespace
}  // namespace hanse::objects
