#include "keys/keeper.h"

#include <gtest/gtest.h>

#include "keys/test_world.h"

namespace hanse::keys {
namespace {

constexpr TimeMs kDay = 24 * 3600 * TimeMs{1000};

class KeeperTest : public testing::Test {
 protected:
  World world_;
  Keeper keeper_{world_.gate, *world_.store, world_.materials, world_.clock, world_.random};
  const std::string key_ = world_.Key();
};

TEST_F(KeeperTest, AKeyIsDeletedWhenItsTimeIsOverAndNotBefore) {
  ASSERT_EQ(world_.Refused<CreateAlias>(world_.admin, {.alias_name = "alias/k", .target_key_id = key_}), "");
  ASSERT_EQ(world_.Refused<ScheduleKeyDeletion>(world_.admin, {.key_id = key_, .pending_window_in_days = 7}), "");
  world_.clock.Advance(7 * kDay - 1);
  EXPECT_EQ(keeper_.Run().value(), 0);
  EXPECT_EQ(world_.Refused<DescribeKey>(world_.admin, {.key_id = key_}), "");
  world_.clock.Advance(1);
  EXPECT_EQ(keeper_.Run().value(), 1);
  EXPECT_EQ(world_.Refused<DescribeKey>(world_.admin, {.key_id = key_}), "NotFoundException");
  EXPECT_EQ(world_.Refused<DescribeKey>(world_.admin, {.key_id = "alias/k"}), "NotFoundException");
  EXPECT_EQ(keeper_.Run().value(), 0);
  auto tx = world_.store->BeginRead().value();
  EXPECT_EQ(tx->One("SELECT count(*) FROM key_materials")->Int(0), 0);
  EXPECT_EQ(tx->One("SELECT count(*) FROM outbox WHERE record LIKE '%\"DeleteKey\"%'")->Int(0), 1);
}

TEST_F(KeeperTest, ADeletionThatWasCancelledDoesNotHappen) {
  ASSERT_EQ(world_.Refused<ScheduleKeyDeletion>(world_.admin, {.key_id = key_, .pending_window_in_days = 7}), "");
  ASSERT_EQ(world_.Refused<CancelKeyDeletion>(world_.admin, {.key_id = key_}), "");
  world_.clock.Advance(8 * kDay);
  EXPECT_EQ(keeper_.Run().value(), 0);
  EXPECT_EQ(world_.Refused<DescribeKey>(world_.admin, {.key_id = key_}), "");
}

TEST_F(KeeperTest, AKeyRotatesByItselfWhileItIsEnabled) {
  const std::string old = world_.Sealed(key_, "secret");
  ASSERT_EQ(world_.Refused<EnableKeyRotation>(world_.admin, {.key_id = key_, .rotation_period_in_days = 90}), "");
  world_.clock.Advance(90 * kDay);
  ASSERT_EQ(world_.Refused<DisableKey>(world_.admin, {.key_id = key_}), "");
  EXPECT_EQ(keeper_.Run().value(), 0);
  ASSERT_EQ(world_.Refused<EnableKey>(world_.admin, {.key_id = key_}), "");
  EXPECT_EQ(keeper_.Run().value(), 1);
  EXPECT_EQ(keeper_.Run().value(), 0);
  auto rotations = world_.Run<ListKeyRotations>(world_.admin, {.key_id = key_})->rotations;
  ASSERT_EQ(rotations->size(), 1u);
  EXPECT_EQ(rotations->front().rotation_type, "AUTOMATIC");
  EXPECT_EQ(world_.Opened(world_.admin, old), "secret");
}

TEST_F(KeeperTest, NobodyButTheServiceMay) {
  gate::Context context{world_.admin, {}};
  EXPECT_EQ(world_.gate.Run(context, RotateKey{key_}, keeper_).error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(world_.gate.Run(context, DeleteKey{key_}, keeper_).error().code, ErrorCode::kAccessDenied);
}

}  // namespace
}  // namespace hanse::keys
