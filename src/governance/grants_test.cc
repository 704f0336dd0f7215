#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "governance/governance_lab.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using testing::ElementsAre;
using testing::HasSubstr;

class GrantsTest : public testing::Test {
 protected:
  Lab lab;
  Caller admin = lab.Governed("111111111111");
  store::DatabaseRow sales = lab.Database(admin, "sales");
  store::TableRow orders = lab.Table(admin, sales, "orders", {"id", "amount", "email"});
  store::TableRow lines = lab.Table(admin, sales, "lines", {"id"});
  Caller role = lab.Role("111111111111", "analyst");
  const std::string& arn = role.principal_arn;

  ErrorCode CodeOf(const Result<void>& result) { return result ? ErrorCode::kInternal : result.error().code; }
};

TEST_F(GrantsTest, AReaderReadsFromTheGrantUntilTheRevoke) {
  EXPECT_FALSE(lab.Sees(role, orders).visible);
  EXPECT_FALSE(lab.Sees(role, sales).visible);
  ASSERT_TRUE(lab.Grant(admin, arn, Lab::On(orders), {"SELECT"}));
  EXPECT_TRUE(lab.Sees(role, orders).permissions.Has(Permission::kSelect));
  EXPECT_TRUE(lab.Sees(role, sales).visible) << "a table makes its database visible";
  EXPECT_FALSE(lab.Sees(role, lines).visible);
  ASSERT_TRUE(lab.Revoke(admin, arn, Lab::On(orders), {"SELECT"}));
  EXPECT_FALSE(lab.Sees(role, orders).visible);
  auto again = lab.Revoke(admin, arn, Lab::On(orders), {"SELECT"});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(again.error().message, HasSubstr("No permissions revoked"));
}

TEST_F(GrantsTest, OnlyAHolderOfTheGrantOptionMayGrant) {
  Caller reader = lab.Role("111111111111", "reader");
  ASSERT_TRUE(lab.Grant(admin, arn, Lab::On(orders), {"SELECT"}));
  EXPECT_EQ(CodeOf(lab.Grant(role, reader.principal_arn, Lab::On(orders), {"SELECT"})), ErrorCode::kAccessDenied);
  ASSERT_TRUE(lab.Grant(admin, arn, Lab::On(orders), {"SELECT"}, {"SELECT"}));
  EXPECT_TRUE(lab.Grant(role, reader.principal_arn, Lab::On(orders), {"SELECT"}));
  EXPECT_EQ(CodeOf(lab.Grant(role, reader.principal_arn, Lab::On(orders), {"ALL"})), ErrorCode::kAccessDenied);
  EXPECT_EQ(CodeOf(lab.Grant(role, reader.principal_arn, Lab::On(lines), {"SELECT"})), ErrorCode::kAccessDenied);
  EXPECT_EQ(CodeOf(lab.Grant(role, reader.principal_arn, Lab::AllIn(sales), {"SELECT"})), ErrorCode::kAccessDenied);
  // A revoke of the permission takes the option along.
  ASSERT_TRUE(lab.Revoke(admin, arn, Lab::On(orders), {"SELECT"}));
  EXPECT_EQ(CodeOf(lab.Grant(role, reader.principal_arn, Lab::On(orders), {"SELECT"})), ErrorCode::kAccessDenied);
  EXPECT_TRUE(lab.Sees(reader, orders).readable) << "inside an account a revoke does not cascade";
}

// lakeformation.md 2.12: a stranger cannot tell missing from forbidden.
TEST_F(GrantsTest, HiddenAndMissingReadTheSame) {
  store::TableRow ghost = orders;
  ghost.name = "ghost";
  auto hidden = lab.Grant(role, arn, Lab::On(orders), {"SELECT"}), missing = lab.Grant(role, arn, Lab::On(ghost), {"SELECT"});
  ASSERT_FALSE(hidden || missing);
  EXPECT_EQ(hidden.error().message, missing.error().message);
  EXPECT_EQ(hidden.error().code, missing.error().code);
  EXPECT_EQ(CodeOf(lab.Grant(admin, arn, Lab::On(ghost), {"SELECT"})), ErrorCode::kNotFound) << "who sees all is told";
}

TEST_F(GrantsTest, PartOfTheColumnsDoesNotGoWithMore) {
  ASSERT_TRUE(lab.Grant(admin, arn, Lab::Columns(orders, {"id"}), {"SELECT"}));
  for (const char* more : {"SELECT", "ALTER", "DROP", "INSERT", "DELETE", "ALL"}) {
    auto refused = lab.Grant(admin, arn, Lab::On(orders), {more});
    ASSERT_FALSE(refused) << more;
    EXPECT_EQ(refused.error().message, "Permissions modification is invalid.");
  }
  ASSERT_TRUE(lab.Grant(admin, arn, Lab::Columns(orders, {"amount"}), {"SELECT"})) << "two lists are one";
  EXPECT_THAT(lab.Sees(role, orders).columns, ElementsAre("id", "amount"));
  EXPECT_FALSE(lab.Revoke(admin, arn, Lab::Columns(orders, {"id"}), {"SELECT"})) << "another list than the one held";
  ASSERT_TRUE(lab.Revoke(admin, arn, Lab::Columns(orders, {"amount", "id"}), {"SELECT"}));
  EXPECT_TRUE(lab.Grant(admin, arn, Lab::On(orders), {"SELECT"}));
  EXPECT_FALSE(lab.Grant(admin, arn, Lab::Columns(orders, {"id"}), {"SELECT"}));
}

TEST_F(GrantsTest, AllLiesBesideWhatWasGrantedBefore) {
  ASSERT_TRUE(lab.Grant(admin, arn, Lab::On(orders), {"SELECT"}));
  ASSERT_TRUE(lab.Grant(admin, arn, Lab::On(orders), {"ALL"}));
  EXPECT_TRUE(lab.Sees(role, orders).permissions.Has(Permission::kDrop));
  ASSERT_TRUE(lab.Revoke(admin, arn, Lab::On(orders), {"ALL"}));
  EXPECT_TRUE(lab.Sees(role, orders).readable);
  EXPECT_FALSE(lab.Sees(role, orders).permissions.Has(Permission::kDrop));
}

TEST_F(GrantsTest, WildcardAndNamedGrantsAreRevokedApart) {
  ASSERT_TRUE(lab.Grant(admin, arn, Lab::AllIn(sales), {"SELECT"}));
  EXPECT_TRUE(lab.Sees(role, lines).readable);
  store::TableRow later = lab.Table(admin, sales, "later", {"id"});
  EXPECT_TRUE(lab.Sees(role, later).readable) << "tables to come";
  EXPECT_FALSE(lab.Revoke(admin, arn, Lab::On(lines), {"SELECT"}));
  ASSERT_TRUE(lab.Revoke(admin, arn, Lab::AllIn(sales), {"SELECT"}));
  EXPECT_FALSE(lab.Sees(role, lines).visible);
}

TEST_F(GrantsTest, WhatMayNotBeGrantedIsRefused) {
  EXPECT_FALSE(lab.Grant(admin, arn, Lab::On(sales), {"SELECT"}));
  EXPECT_FALSE(lab.Grant(admin, arn, Lab::On(orders), {"CREATE_TABLE"}));
  EXPECT_FALSE(lab.Grant(admin, arn, Lab::Columns(orders, {"id"}), {"DESCRIBE"}));
  EXPECT_FALSE(lab.Grant(admin, arn, Lab::Columns(orders, {"nothing"}), {"SELECT"}));
  EXPECT_FALSE(lab.Grant(admin, arn, Lab::Catalog(), {"DROP"}));
  EXPECT_FALSE(lab.Grant(admin, arn, Lab::On(orders), {"DESCRIBE"}, {"INSERT"}));
  EXPECT_FALSE(lab.Grant(admin, "arn:aws:iam::111111111111:role/nobody", Lab::On(orders), {"SELECT"}));
  EXPECT_FALSE(lab.Grant(admin, std::string(kIamAllowedPrincipals), Lab::On(orders), {"SELECT"}));
  Lab::Resource two = Lab::On(orders);
  two.database = Lab::On(sales).database;
  EXPECT_FALSE(lab.Grant(admin, arn, two, {"SELECT"}));
  EXPECT_FALSE(lab.Grant(admin, arn, {}, {"SELECT"}));
  EXPECT_FALSE(lab.Sees(role, orders).visible);
}

TEST_F(GrantsTest, IamAllowedPrincipalsOpensATableToItsAccountOnly) {
  Caller other = lab.Governed("222222222222");
  ASSERT_TRUE(lab.Grant(admin, std::string(kIamAllowedPrincipals), Lab::On(orders), {"ALL"}));
  EXPECT_TRUE(lab.Sees(role, orders).permissions.Has(Permission::kSelect));
  EXPECT_FALSE(lab.Sees(other, orders).visible);
  EXPECT_FALSE(lab.Grant(role, arn, Lab::On(orders), {"SELECT"})) << "it is no right to pass on";
  ASSERT_TRUE(lab.Revoke(admin, std::string(kIamAllowedPrincipals), Lab::On(orders), {"ALL"}));
  EXPECT_FALSE(lab.Sees(role, orders).visible);
}

// lakeformation.md 2.6.10: nothing outlives its thing.
TEST_F(GrantsTest, ARecreatedTableHasNoReadersAndARecreatedRoleNoGrants) {
  ASSERT_TRUE(lab.Grant(admin, arn, Lab::On(orders), {"SELECT"}));
  lab.Drop(orders.id);
  store::TableRow again = lab.Table(admin, sales, "orders", {"id"});
  EXPECT_FALSE(lab.Sees(role, again).visible);
  ASSERT_TRUE(lab.Grant(admin, arn, Lab::On(again), {"SELECT"}));
  lab.Drop(role.principal);
  Caller namesake = lab.Role("111111111111", "analyst");
  EXPECT_FALSE(lab.Sees(namesake, again).visible);
}

TEST_F(GrantsTest, ACreatorHoldsItsThingAndNobodyElses) {
  Caller builder = lab.Role("111111111111", "builder");
  store::DatabaseRow shop = lab.Database(builder, "shop");
  EXPECT_TRUE(lab.Sees(builder, shop).permissions.Has(Permission::kCreateTable));
  EXPECT_FALSE(lab.Sees(builder, shop).permissions.Has(Permission::kAll));
  store::TableRow mine = lab.Table(role, shop, "mine", {"id"});
  EXPECT_TRUE(lab.Sees(role, mine).permissions.Has(Permission::kAll));
  EXPECT_FALSE(lab.Sees(builder, mine).visible);
  EXPECT_FALSE(lab.Sees(admin, mine).readable) << "an administrator reads only what it grants itself";
  EXPECT_TRUE(lab.Sees(admin, mine).visible);
}

TEST_F(GrantsTest, AConditionReachesWhoHasTheAttribute) {
  std::string everyone = "111111111111:IAMPrincipals", sells = "context.iam.principalTags.getTag(\"team\") == \"sales\"";
  ASSERT_TRUE(lab.Grant(admin, everyone, Lab::On(orders), {"SELECT"}, {}, sells));
  EXPECT_FALSE(lab.Sees(role, orders).visible);
  Caller seller = role;
  seller.principal_tags = {{"team", "sales"}};
  EXPECT_TRUE(lab.Sees(seller, orders).readable);
  EXPECT_FALSE(lab.Grant(admin, everyone, Lab::On(orders), {"SELECT"}, {"SELECT"}, sells));
  EXPECT_FALSE(lab.Grant(admin, everyone, Lab::On(orders), {"SELECT"}, {}, "no cedar ("));
}

TEST_F(GrantsTest, ABatchDoesWhatItCanAndTellsTheRest) {
  BatchGrantPermissions batch;
  wire::lakeformation::DataLakePrincipal to{.data_lake_principal_identifier = arn};
  batch.in.entries = {
      {{.id = "good", .principal = to, .resource = Lab::On(orders), .permissions = std::vector<std::string>{"SELECT"}},
       {.id = "bad", .principal = to, .resource = Lab::On(sales), .permissions = std::vector<std::string>{"SELECT"}}}};
  auto answer = lab.Run(admin, batch, lab.grants_);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->failures->size(), 1u);
  EXPECT_EQ(answer->failures->front().request_entry->id, "bad");
  EXPECT_EQ(answer->failures->front().error->error_code, "InvalidInputException");
  EXPECT_TRUE(lab.Sees(role, orders).readable);
  batch.in.entries->resize(21, batch.in.entries->front());
  EXPECT_FALSE(lab.Run(admin, batch, lab.grants_));
}

TEST_F(GrantsTest, TheGrantTableIsListedAsClientsCompareIt) {
  ASSERT_TRUE(lab.Grant(admin, arn, Lab::On(orders), {"ALL"}));
  ListPermissions list;
  list.in.resource = Lab::On(orders);
  auto answer = lab.Run(admin, list, lab.listing_);
  ASSERT_TRUE(answer);
  std::vector<std::string> table, select;
  for (const auto& row : *answer->principal_resource_permissions) {
    if (row.principal->data_lake_principal_identifier != arn) continue;
    (row.resource->table ? table : select) = *row.permissions;
  }
  EXPECT_THAT(table, testing::UnorderedElementsAre("ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT"));
  EXPECT_THAT(select, ElementsAre("SELECT"));
  Caller stranger = lab.Role("111111111111", "stranger");
  EXPECT_FALSE(lab.Run(stranger, list, lab.listing_));
  list.in.resource.reset();
  EXPECT_TRUE(lab.Run(stranger, list, lab.listing_)->principal_resource_permissions->empty());
}

}  // namespace
}  // namespace hanse::governance
