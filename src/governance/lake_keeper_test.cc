#include "governance/lake_keeper.h"

#include <gtest/gtest.h>

#include "governance/governance_lab.h"
#include "governance/lake_reader.h"

namespace hanse::governance {
namespace {

class LakeKeeperTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(lab.store_.Follow(keeper)); }
  bool Sees(store::Transaction& tx, const Caller& caller) { return compiled.OnTable(tx, caller, orders)->visible; }
  bool Exact(store::Transaction& tx) {
    keeper.Settle();
    return keeper.At(tx) != nullptr;
  }

  Lab lab;
  Caller admin = lab.Governed("111111111111");
  Caller reader = lab.Role("111111111111", "reader");
  store::DatabaseRow sales = lab.Database(admin, "sales");
  store::TableRow orders = lab.Table(admin, sales, "orders", {"id", "region"});
  LakeKeeper keeper;
  LakeSource compiled{lab.clock_, &keeper};
};

TEST_F(LakeKeeperTest, IsUsedOnlyWhereItIsWhatTheTransactionReads) {
  auto before = *lab.store_->BeginRead();
  EXPECT_TRUE(Exact(*before));
  EXPECT_FALSE(Sees(*before, reader));
  auto early = *lab.store_->BeginRead();
  ASSERT_TRUE(lab.Grant(admin, reader.principal_arn, Lab::On(orders), {"SELECT"}));
  EXPECT_FALSE(Exact(*early)) << "it reads what was before the grant";
  EXPECT_FALSE(Sees(*early, reader));
  auto after = *lab.store_->BeginRead();
  EXPECT_TRUE(Exact(*after));
  EXPECT_TRUE(Sees(*after, reader));
  auto writing = *lab.store_->BeginWrite();
  EXPECT_TRUE(Exact(*writing));
  ASSERT_TRUE(writing->Execute("DELETE FROM lf_grants WHERE principal = ?", {"#" + std::to_string(reader.principal)}));
  EXPECT_FALSE(Exact(*writing));
  EXPECT_FALSE(Sees(*writing, reader)) << "a writer reads its own changes";
  EXPECT_TRUE(Sees(*after, reader));
}

TEST_F(LakeKeeperTest, WhatIsTakenBackChangesNothing) {
  ASSERT_TRUE(lab.Grant(admin, reader.principal_arn, Lab::On(orders), {"SELECT"}));
  {
    auto tx = *lab.store_->BeginWrite();
    ASSERT_TRUE(tx->Execute("DELETE FROM lf_grants WHERE object = ?", {orders.id}));
  }
  auto tx = *lab.store_->BeginRead();
  EXPECT_TRUE(Exact(*tx));
  EXPECT_TRUE(Sees(*tx, reader));
}

TEST_F(LakeKeeperTest, WhatCascadesIsFollowed) {
  ASSERT_TRUE(lab.Tag(admin, "level", {"low"}));
  ASSERT_TRUE(lab.Assign(admin, Lab::On(orders), "level", "low"));
  ASSERT_TRUE(lab.Grant(admin, reader.principal_arn, Lab::On(orders), {"SELECT"}));
  lab.Drop(reader.principal);
  lab.Drop(orders.id);
  auto tx = *lab.store_->BeginRead();
  keeper.Settle();
  auto lake = keeper.At(*tx);
  ASSERT_NE(lake, nullptr);
  EXPECT_EQ(lake->tables(), 0u);
  const policy::LakeThing* thing = lake->Thing(orders.id);
  EXPECT_TRUE(thing == nullptr || (thing->grants.empty() && thing->tags.empty()));
}

// A commit that says it changes what is followed and changes no row of it leaves the snapshot exact.
TEST_F(LakeKeeperTest, AChangeBesideItLeavesItExact) {
  Caller other = lab.Role("111111111111", "other");
  lab.Drop(other.principal);
  auto tx = *lab.store_->BeginRead();
  EXPECT_TRUE(Exact(*tx));
}

TEST_F(LakeKeeperTest, WhoeverUsedItDependsOnItsTables) {
  auto tx = *lab.store_->BeginRead();
  EXPECT_FALSE(tx->basis().tables.contains("lf_assignments"));
  ASSERT_TRUE(Exact(*tx));
  for (const auto& table : keeper.Tables()) EXPECT_TRUE(tx->basis().tables.contains(table.name)) << table.name;
}

TEST_F(LakeKeeperTest, WithoutItTheRowsDecide) {
  ASSERT_TRUE(lab.Grant(admin, reader.principal_arn, Lab::On(orders), {"SELECT"}));
  keeper.Lost();
  auto tx = *lab.store_->BeginRead();
  EXPECT_FALSE(Exact(*tx));
  EXPECT_TRUE(Sees(*tx, reader));
  Caller other = lab.Role("111111111111", "other");  // Any change brings it back.
  EXPECT_TRUE(Exact(**lab.store_->BeginRead()));
}

// Whatever is not compiled yet is read from the rows.
TEST_F(LakeKeeperTest, AChangeIsInForceBeforeItIsCompiled) {
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(lab.Grant(admin, reader.principal_arn, Lab::On(orders), {"SELECT"}));
    EXPECT_TRUE(Sees(**lab.store_->BeginRead(), reader));
    ASSERT_TRUE(lab.Revoke(admin, reader.principal_arn, Lab::On(orders), {"SELECT"}));
    EXPECT_FALSE(Sees(**lab.store_->BeginRead(), reader));
  }
}

TEST_F(LakeKeeperTest, ReachedTablesHideNothingThatIsSeen) {
  store::TableRow lines = lab.Table(admin, sales, "lines", {"id"});
  keeper.Settle();
  auto tx = *lab.store_->BeginRead();
  EXPECT_EQ(compiled.Reached(*tx, reader, sales, "", 10).value(), std::vector<Id>{});
  EXPECT_FALSE(compiled.Reached(*tx, admin, sales, "", 10).value()) << "an administrator sees all";
  ASSERT_TRUE(lab.Grant(admin, reader.principal_arn, Lab::AllIn(sales), {"SELECT"}));
  keeper.Settle();
  tx = *lab.store_->BeginRead();
  EXPECT_EQ(compiled.Reached(*tx, reader, sales, "", 10).value(), (std::vector<Id>{lines.id, orders.id}));
  EXPECT_EQ(compiled.Reached(*tx, reader, sales, "lines", 10).value(), std::vector<Id>{orders.id});
}

TEST_F(LakeKeeperTest, ADatabaseIsShownByWhicheverOfItsTablesShowsIt) {
  // What is granted on a condition is reached, and shows no database.
  for (int i = 0; i < 10; ++i) {
    const Lab::Resource on = Lab::On(lab.Table(admin, sales, "a" + std::to_string(i), {"id"}));
    ASSERT_TRUE(lab.Grant(admin, "111111111111:IAMPrincipals", on, {"SELECT"}, {}, R"(context.iam.principalTags.hasTag("new"))"));
  }
  auto shown = [&] {
    keeper.Settle();
    auto tx = *lab.store_->BeginRead();
    EXPECT_NE(keeper.At(*tx), nullptr);
    return compiled.OnDatabase(*tx, reader, sales)->visible;
  };
  EXPECT_FALSE(shown());
  ASSERT_TRUE(lab.Grant(admin, reader.principal_arn, Lab::On(orders), {"SELECT"}));
  EXPECT_TRUE(shown());
  ASSERT_TRUE(lab.Revoke(admin, reader.principal_arn, Lab::On(orders), {"SELECT"}));
  EXPECT_FALSE(shown());
}

}  // namespace
}  // namespace hanse::governance
