#include "policy/lake_decide.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace hanse::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr Id kDomain = 1, kSensitivity = 2;

TableFacts Emp() {
  TableFacts facts;
  facts.columns = {"id", "name", "salary", "country"};
  return facts;
}

Holding Whole(PermissionSet permissions) { return {.reach = Reach::kTable, .permissions = permissions, .reason = "whole"}; }
Holding Columns(std::vector<std::string> columns, ColumnList list = ColumnList::kOnly) {
  return {.reach = Reach::kColumns,
          .permissions = Permission::kSelect,
          .list = list,
          .columns = std::move(columns),
          .reason = "columns"};
}
Holding Cells(std::string rows, std::vector<std::string> columns, ColumnList list = ColumnList::kOnly) {
  return {.reach = Reach::kCells,
          .permissions = Permission::kSelect,
          .list = list,
          .columns = std::move(columns),
          .rows = std::move(rows),
          .reason = "cells"};
}
Holding AllCells(std::string rows) { return Cells(std::move(rows), {}, ColumnList::kAllBut); }
Holding Tagged(TagExpression expression, PermissionSet permissions = Permission::kSelect) {
  return {.reach = Reach::kTags, .permissions = permissions, .expression = std::move(expression), .reason = "tags"};
}
TagTerm Is(Id tag, std::string value) { return {tag, "key", {std::move(value)}}; }

TEST(LakeDecide, NothingSaidIsNothing) {
  TableAccess access = DecideTable(Emp());
  EXPECT_FALSE(access.visible);
  EXPECT_FALSE(access.readable);
  EXPECT_TRUE(access.permissions.empty());
  EXPECT_THAT(access.described_columns, IsEmpty());
}

TEST(LakeDecide, TwoCellFiltersAreUnitedPerCell) {
  TableFacts facts = Emp();
  facts.own = {Cells("country = 'US'", {"id", "name"}), Cells("country='UK'", {"id", "salary"})};
  TableAccess access = DecideTable(facts);
  EXPECT_THAT(access.columns, ElementsAre("id", "name", "salary"));
  EXPECT_EQ(access.row_filter, "((\"country\" = 'UK')) OR ((\"country\" = 'US'))");
  EXPECT_THAT(access.cell_filters, ElementsAre(Pair("name", "((\"country\" = 'US'))"), Pair("salary", "((\"country\" = 'UK'))")));
  EXPECT_FALSE(access.permissions.Has(Permission::kSelect));
}

TEST(LakeDecide, AFullGrantDominatesAFilter) {
  TableFacts facts = Emp();
  facts.own = {AllCells("country = 'US'"), Whole(Permission::kSelect)};
  TableAccess access = DecideTable(facts);
  EXPECT_EQ(access.row_filter, "");
  EXPECT_THAT(access.cell_filters, IsEmpty());
  EXPECT_TRUE(access.permissions.Has(Permission::kSelect));
}

TEST(LakeDecide, ColumnsOfOneGrantAndRowsOfAnother) {
  TableFacts facts = Emp();
  facts.own = {Columns({"id", "country"}), AllCells("country = 'UK'")};
  TableAccess access = DecideTable(facts);
  EXPECT_EQ(access.row_filter, "");
  EXPECT_THAT(access.cell_filters, ElementsAre(Pair("name", testing::_), Pair("salary", testing::_)));
}

// lakeformation.md 4.2: after schema drift a filter that cannot be resolved gives nothing.
TEST(LakeDecide, AFilterWhoseColumnIsGoneGivesNothing) {
  TableFacts facts = Emp();
  facts.columns = {"id", "name", "salary"};
  facts.own = {AllCells("country = 'US'")};
  EXPECT_FALSE(DecideTable(facts).visible);
}

TEST(LakeDecide, PartitionKeysAreInEveryListOfColumns) {
  TableFacts facts = Emp();
  facts.keys = {"dt"};
  facts.own = {Cells("dt >= '2026'", {"id"})};
  TableAccess access = DecideTable(facts);
  EXPECT_THAT(access.columns, ElementsAre("id", "dt"));
  EXPECT_EQ(access.row_filter, "((\"dt\" >= '2026'))");
  facts.own = {Columns({"gone"})};
  EXPECT_FALSE(DecideTable(facts).visible);
}

TEST(LakeDecide, TagsOfAColumnOverrideThoseOfItsTable) {
  TableFacts facts = Emp();
  facts.tags = {{kDomain, "sales"}, {kSensitivity, "internal"}};
  facts.column_tags["salary"] = {{kSensitivity, "pii"}};
  facts.own = {
      Tagged({Is(kDomain, "sales"), Is(kSensitivity, "internal")}, PermissionSet(Permission::kSelect) | Permission::kDrop)};
  TableAccess access = DecideTable(facts);
  EXPECT_THAT(access.columns, ElementsAre("id", "name", "country"));
  EXPECT_THAT(access.described_columns, ElementsAre("id", "name", "country"));
  EXPECT_TRUE(access.permissions.empty()) << "DROP of a policy that some columns match degrades";
  facts.column_tags.clear();
  access = DecideTable(facts);
  EXPECT_TRUE(access.permissions.Has(Permission::kDrop) && access.permissions.Has(Permission::kSelect));
  facts.tags.erase(kDomain);
  EXPECT_FALSE(DecideTable(facts).visible);
}

TEST(LakeDecide, AcrossAccountsBothSidesMustShowACell) {
  TableFacts facts = Emp();
  facts.local = {AllCells("country = 'us'")};
  EXPECT_FALSE(DecideTable(facts).visible) << "no ceiling";
  facts.ceiling = {AllCells("salary > 5")};
  TableAccess access = DecideTable(facts);
  EXPECT_TRUE(access.readable);
  EXPECT_THAT(access.row_filter, testing::HasSubstr("AND"));
  facts.local.clear();
  EXPECT_FALSE(DecideTable(facts).visible) << "no local grant";
}

TEST(LakeDecide, ColumnsIntersectAcrossAccounts) {
  TableFacts facts = Emp();
  facts.local = {Columns({"id", "salary"})};
  facts.ceiling = {Columns({"id", "country"})};
  TableAccess access = DecideTable(facts);
  EXPECT_THAT(access.columns, ElementsAre("id"));
  EXPECT_THAT(access.described_columns, ElementsAre("id"));
  facts.ceiling = {Columns({"name"})};
  EXPECT_FALSE(DecideTable(facts).visible);
}

// A consumer's own filter on a column that the owner does not show would probe its values.
TEST(LakeDecide, AConsumersFilterReadsOnlyWhatTheCeilingShows) {
  TableFacts facts = Emp();
  facts.local = {Cells("salary > 100", {"id"})};
  facts.ceiling = {Columns({"id", "name"})};
  EXPECT_FALSE(DecideTable(facts).visible);
  facts.ceiling = {Columns({"id"}), Cells("country = 'US'", {"salary"})};
  TableAccess access = DecideTable(facts);
  ASSERT_TRUE(access.readable);
  EXPECT_THAT(access.row_filter, testing::HasSubstr("\"country\" = 'US'"));
}

TEST(LakeDecide, PermissionsIntersectAcrossAccountsAndAllStandsForEach) {
  TableFacts facts = Emp();
  facts.local = {Whole(Permission::kAll)};
  facts.ceiling = {Whole(PermissionSet(Permission::kSelect) | Permission::kAlter)};
  TableAccess access = DecideTable(facts);
  EXPECT_TRUE(access.permissions.Has(Permission::kAlter));
  EXPECT_FALSE(access.permissions.Has(Permission::kAll));
  EXPECT_FALSE(access.permissions.Grants(Permission::kDrop));
}

TEST(LakeDecide, AnAdministratorSeesMetadataAndReadsNothing) {
  TableFacts facts = Emp();
  facts.describes_all = true;
  TableAccess access = DecideTable(facts);
  EXPECT_TRUE(access.visible);
  EXPECT_FALSE(access.readable);
  EXPECT_EQ(access.described_columns, facts.columns);
}

// --- properties over random grants ---------------------------------------------------------------------------------

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}
  std::size_t Below(std::size_t n) { return random_.Next() % n; }

  Holding Random() {
    switch (Below(5)) {
      case 0: return Whole(PermissionSet::FromBits(static_cast<std::uint32_t>(random_.Next()) & TablePermissions().bits() & ~1u));
      case 1: return Columns(Names(), Below(2) == 0 ? ColumnList::kOnly : ColumnList::kAllBut);
      case 2: return Cells(Below(3) == 0 ? "" : "country = '" + std::to_string(Below(4)) + "'", Names(), ColumnList::kOnly);
      case 3: return Tagged({Is(kDomain, std::to_string(Below(2)))});
      default: return Tagged({Is(kDomain, "0"), Is(kSensitivity, std::to_string(Below(2)))}, Permission::kAll);
    }
  }

  TableFacts Facts() {
    TableFacts facts = Emp();
    facts.tags = {{kDomain, std::to_string(Below(2))}, {kSensitivity, std::to_string(Below(2))}};
    if (Below(2) == 0) facts.column_tags["salary"] = {{kSensitivity, "1"}};
    for (auto* side : {&facts.own, &facts.local, &facts.ceiling}) {
      for (std::size_t n = Below(4); n > 0; --n) side->push_back(Random());
    }
    return facts;
  }

 private:
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const std::string& name : Emp().columns) {
      if (Below(2) == 0) names.push_back(name);
    }
    return names;
  }
  SeededRandom random_;
};

// Whether `sql`, a filter over country = 'N' made of AND, OR and parentheses, holds for a row of that country.
bool Holds(std::string_view sql, int country);

struct Seen {
  std::vector<std::string> cells;  // "column@country", sorted.
  PermissionSet permissions;
};

Seen See(const TableFacts& facts) {
  TableAccess access = DecideTable(facts);
  Seen seen;
  seen.permissions = access.permissions;
  for (int country = 0; country < 5; ++country) {
    if (!access.row_filter.empty() && !Holds(access.row_filter, country)) continue;
    for (const std::string& column : access.columns) {
      auto cell = access.cell_filters.find(column);
      if (cell == access.cell_filters.end() || Holds(cell->second, country))
        seen.cells.push_back(column + "@" + std::to_string(country));
    }
  }
  std::ranges::sort(seen.cells);
  return seen;
}

bool Covers(const Seen& more, const Seen& less) {
  return std::ranges::includes(more.cells, less.cells) && (more.permissions & less.permissions) == less.permissions;
}

// A recursive reader of the printed text, so that the test does not trust the code under test.
class Evaluator {
 public:
  Evaluator(std::string_view sql, int country) : sql_(sql), country_(std::to_string(country)) {}
  bool Or() {
    bool value = And();
    while (Take(" OR ")) value = And() || value;
    return value;
  }

 private:
  bool And() {
    bool value = Primary();
    while (Take(" AND ")) value = Primary() && value;
    return value;
  }
  bool Primary() {
    if (Take("(\"country\" = '")) {
      bool value = sql_.substr(at_, 1) == country_;
      at_ += 3;
      return value;
    }
    EXPECT_TRUE(Take("(")) << sql_ << at_;
    bool value = Or();
    EXPECT_TRUE(Take(")")) << sql_ << at_;
    return value;
  }
  bool Take(std::string_view text) {
    if (!sql_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  std::string_view sql_;
  std::string country_;
  std::size_t at_ = 0;
};

bool Holds(std::string_view sql, int country) { return Evaluator(sql, country).Or(); }

TEST(LakeDecideProperties, AGrantNeverTakesAwayAndARevokeNeverAdds) {
  Generator generator(11);
  for (int i = 0; i < 3000; ++i) {
    TableFacts less = generator.Facts();
    TableFacts more = less;
    std::vector<Holding>* sides[] = {&more.own, &more.local, &more.ceiling};
    sides[generator.Below(3)]->push_back(generator.Random());
    EXPECT_TRUE(Covers(See(more), See(less)));
  }
}

TEST(LakeDecideProperties, TheOrderOfGrantsDoesNotMatter) {
  Generator generator(12);
  for (int i = 0; i < 1000; ++i) {
    TableFacts facts = generator.Facts();
    TableAccess before = DecideTable(facts);
    std::ranges::reverse(facts.own);
    std::ranges::reverse(facts.local);
    std::ranges::reverse(facts.ceiling);
    TableAccess after = DecideTable(facts);
    EXPECT_EQ(before.columns, after.columns);
    EXPECT_EQ(before.row_filter, after.row_filter);
    EXPECT_EQ(before.cell_filters, after.cell_filters);
    EXPECT_EQ(before.permissions, after.permissions);
  }
}

TEST(LakeDecideProperties, NobodySeesMoreThroughAConsumerThanTheCeilingShows) {
  Generator generator(13);
  for (int i = 0; i < 2000; ++i) {
    TableFacts facts = generator.Facts();
    facts.own.clear();
    TableFacts ceiling = facts;
    ceiling.own = facts.ceiling;
    ceiling.local.clear();
    EXPECT_TRUE(Covers(See(ceiling), See(facts)));
  }
}

TEST(LakeTags, AnExpressionIsKeptAndReadBack) {
  TagExpression expression = {{7, "b", {"y", "x", "x"}}, {3, "a", {"*"}}};
  auto back = DecodeExpression(EncodeExpression(expression));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, (TagExpression{{3, "a", {"*"}}, {7, "b", {"x", "y"}}}));
  EXPECT_FALSE(DecodeExpression(""));
  EXPECT_FALSE(DecodeExpression("x|a|b"));
  EXPECT_FALSE(DecodeExpression("3|a"));
}

TEST(LakeTags, AnyValueStillNeedsTheKey) {
  EXPECT_TRUE(Matches({{3, "a", {"*"}}}, {{3, "x"}}));
  EXPECT_FALSE(Matches({{3, "a", {"*"}}}, {{4, "x"}}));
  EXPECT_FALSE(Matches({{3, "a", {}}}, {{3, "x"}}));
  EXPECT_FALSE(Matches({}, {{3, "x"}}));
}

}  // namespace
}  // namespace hanse::policy
