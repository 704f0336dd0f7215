#include "policy/lake_row_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/lake_decide.h"

namespace hanse::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RowPolicy Us() { return {{{"region", "string"}}, "region = 'US'"}; }
RowPolicy Large() { return {{{"amount", "bigint"}}, "amount > 10"}; }

TableFacts Sales() {
  TableFacts facts;
  facts.columns = {"id", "region", "amount"};
  facts.keys = {"day"};
  facts.types = {{"id", "bigint"}, {"region", "string"}, {"amount", "bigint"}, {"day", "string"}};
  return facts;
}
Holding AllOf(PermissionSet permissions) { return {.reach = Reach::kTable, .permissions = permissions, .reason = "grant"}; }
Holding Only(std::vector<std::string> columns, std::string rows = {}) {
  return {.reach = rows.empty() ? Reach::kColumns : Reach::kCells,
          .permissions = Permission::kSelect,
          .columns = std::move(columns),
          .rows = std::move(rows),
          .reason = "part"};
}

TEST(RowPolicies, ReadTheirOwnColumnsOnly) {
  EXPECT_TRUE(CheckRowPolicy(Us()));
  EXPECT_FALSE(CheckRowPolicy({{}, "TRUE"}));
  EXPECT_FALSE(CheckRowPolicy({{{"region", ""}, {"region", ""}}, "region = 'US'"}));
  EXPECT_FALSE(CheckRowPolicy({{{"region", ""}}, "amount > 10"}));
  EXPECT_FALSE(CheckRowPolicy({{{"region", ""}}, "upper(region) = 'US'"}));
  EXPECT_FALSE(CheckRowPolicy({{{"region", ""}}, ""}));
}

TEST(RowPolicies, FitATableByNameAndType) {
  TableFacts table = Sales();
  TableShape shape{table.columns, table.keys, table.types};
  EXPECT_TRUE(RowsOf(Us(), shape));
  EXPECT_TRUE(RowsOf({{{"amount", "BIGINT"}}, "amount > 1"}, shape));
  EXPECT_TRUE(RowsOf({{{"amount", ""}}, "amount > 1"}, shape)) << "no type asked for";
  EXPECT_FALSE(RowsOf({{{"amount", "string"}}, "amount > 1"}, shape));
  EXPECT_FALSE(RowsOf({{{"country", "string"}}, "country = 'US'"}, shape));
  EXPECT_TRUE(RowsOf({{{"day", "string"}}, "day = '1'"}, shape));
  EXPECT_FALSE(RowsOf({{{"day", "string"}}, "day IS NULL"}, shape)) << "not on a partition key (lakeformation.md, 4.2)";
}

TEST(RowPolicies, TakeRowsFromAWholeGrantAndLeaveTheRest) {
  TableFacts facts = Sales();
  facts.own = {AllOf(Permission::kAll)};
  facts.restrictions = {{Us(), Side::kOwner, "us"}, {Large(), Side::kOwner, "large"}};
  TableAccess access = DecideTable(facts);
  EXPECT_TRUE(access.readable);
  EXPECT_TRUE(access.restricted);
  EXPECT_EQ(access.row_filter, "(((\"region\" = 'US'))) AND (((\"amount\" > 10)))");
  EXPECT_FALSE(access.permissions.Grants(Permission::kSelect)) << "it stands for all rows";
  EXPECT_TRUE(access.permissions.Has(Permission::kAlter));
  EXPECT_THAT(access.columns, ElementsAre("id", "region", "amount", "day"));
  facts.restrictions.clear();
  access = DecideTable(facts);
  EXPECT_EQ(access.row_filter, "");
  EXPECT_FALSE(access.restricted);
}

TEST(RowPolicies, GiveNothing) {
  TableFacts facts = Sales();
  facts.restrictions = {{Us(), Side::kOwner, "us"}};
  TableAccess access = DecideTable(facts);
  EXPECT_FALSE(access.visible);
  EXPECT_FALSE(access.readable);
  facts.own = {Only({"id"}, "amount > 10")};
  access = DecideTable(facts);
  EXPECT_EQ(access.row_filter, "(((\"amount\" > 10))) AND (((\"region\" = 'US')))");
  EXPECT_THAT(access.columns, ElementsAre("id", "day")) << "cells follow the grants alone";
}

TEST(RowPolicies, OneThatDoesNotFitClosesTheTable) {
  TableFacts facts = Sales();
  facts.own = {AllOf(Permission::kAll)};
  facts.restrictions = {{{{{"gone", "string"}}, "gone = 'x'"}, Side::kOwner, "policy p"}};
  TableAccess access = DecideTable(facts);
  EXPECT_TRUE(access.visible);
  EXPECT_FALSE(access.readable);
  EXPECT_THAT(access.columns, IsEmpty());
  EXPECT_THAT(access.broken, HasSubstr("policy p: the table has no column gone"));
}

TEST(RowPolicies, AConsumersReadsOnlyWhatItsAccountIsShown) {
  TableFacts facts = Sales();
  facts.local = {AllOf(Permission::kSelect)};
  facts.ceiling = {Only({"id", "amount"}, "region = 'EU'")};
  facts.restrictions = {{Large(), Side::kConsumer, "large"}};
  TableAccess access = DecideTable(facts);
  EXPECT_TRUE(access.readable);
  EXPECT_THAT(access.row_filter, HasSubstr("\"amount\" > 10"));
  facts.restrictions = {{Us(), Side::kConsumer, "us"}};
  access = DecideTable(facts);
  EXPECT_FALSE(access.readable) << "else the rows that are left would tell of a column that is not shared";
  facts.restrictions = {{Us(), Side::kOwner, "us"}};
  EXPECT_TRUE(DecideTable(facts).readable);
}

}  // namespace
}  // namespace hanse::policy
