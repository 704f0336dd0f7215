#include "policy/lake_snapshot.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "policy/lake_compiler.h"

namespace hanse::policy {
namespace {

constexpr Id kDatabase = 10, kTag = 5;

std::shared_ptr<LakeGrant> ByTag(Id id, std::string principal, std::string value) {
  auto grant = std::make_shared<LakeGrant>();
  grant->id = id;
  grant->principal = std::move(principal);
  grant->reach = LakeReach::kTags;
  grant->permissions = Permission::kSelect;
  grant->expression = {{kTag, "level", {std::move(value)}}};
  return grant;
}

std::shared_ptr<LakeGrant> Named(Id id, std::string principal, Id object, LakeReach reach) {
  auto grant = std::make_shared<LakeGrant>();
  grant->id = id;
  grant->principal = std::move(principal);
  grant->object = object;
  grant->reach = reach;
  grant->permissions = Permission::kSelect;
  return grant;
}

bool Sees(const LakeSnapshot& lake, const std::string& principal, Id table) {
  return lake.Check(lake.Find({principal}, false), table).visible();
}

TEST(LakeSnapshots, WhatWasPublishedNeverChanges) {
  LakeCompiler compiler;
  compiler.SetTable(100, kDatabase, "t");
  compiler.SetTag(kDatabase, "", kTag, "low");
  compiler.SetGrant(ByTag(1, "ana", "low"));
  auto before = compiler.Publish();
  compiler.SetTag(100, "", kTag, "high");
  compiler.SetTable(101, kDatabase, "u");
  auto after = compiler.Publish();
  EXPECT_TRUE(Sees(*before, "ana", 100));
  EXPECT_FALSE(Sees(*before, "ana", 101));
  EXPECT_FALSE(Sees(*after, "ana", 100));
  EXPECT_TRUE(Sees(*after, "ana", 101));
  compiler.DropGrant(1);
  EXPECT_FALSE(Sees(*compiler.Publish(), "ana", 101));
  EXPECT_TRUE(Sees(*after, "ana", 101));
}

TEST(LakeSnapshots, AColumnOfItsOwnMakesTheAnswerUncertain) {
  LakeCompiler compiler;
  compiler.SetTable(100, kDatabase, "t");
  compiler.SetTag(kDatabase, "", kTag, "low");
  compiler.SetGrant(ByTag(1, "ana", "low"));
  auto lake = compiler.Publish();
  EXPECT_EQ(lake->Check(lake->Find({"ana"}, false), 100).whole, Permission::kSelect | PermissionSet(Permission::kDescribe));
  EXPECT_TRUE(lake->Check(lake->Find({"ana"}, true), 100).more) << "abroad nothing is certain";
  compiler.SetTag(100, "salary", kTag, "high");
  lake = compiler.Publish();
  EXPECT_TRUE(lake->Check(lake->Find({"ana"}, false), 100).more);
  EXPECT_TRUE(lake->Check(lake->Find({"ana"}, false), 100).whole.empty());
  compiler.DropTag(100, "salary", kTag);
  lake = compiler.Publish();
  EXPECT_FALSE(lake->Check(lake->Find({"ana"}, false), 100).more);
}

TEST(LakeSnapshots, AClosedGrantAndADroppedTableGiveNothing) {
  LakeCompiler compiler;
  compiler.SetTable(100, kDatabase, "t");
  auto closed = Named(1, "ana", 100, LakeReach::kTable);
  closed->open = false;
  compiler.SetGrant(closed);
  auto lake = compiler.Publish();
  EXPECT_FALSE(Sees(*lake, "ana", 100));
  EXPECT_TRUE(lake->Visible(lake->Find({"ana"}, false)).empty());
  compiler.SetGrant(Named(1, "ana", kDatabase, LakeReach::kTables));
  lake = compiler.Publish();
  EXPECT_EQ(lake->VisibleIn(lake->Find({"ana"}, false), kDatabase, "", 10), std::vector<Id>{100});
  compiler.DropTable(100);
  lake = compiler.Publish();
  EXPECT_FALSE(Sees(*lake, "ana", 100));
  EXPECT_TRUE(lake->VisibleIn(lake->Find({"ana"}, false), kDatabase, "", 10).empty());
}

// Changes one by one come to the same as all of them at once.
TEST(LakeSnapshots, StepByStepAndAtOnceAreTheSame) {
  std::mt19937 random(3);
  auto below = [&](int end) { return static_cast<int>(random() % static_cast<unsigned>(end)); };
  LakeCompiler steps;
  std::map<Id, std::pair<Id, std::string>> tables;
  std::map<std::tuple<Id, std::string, Id>, std::string> tags;
  std::map<Id, LakeGrantPtr> grants;
  for (int round = 0; round < 600; ++round) {
    const Id table = 100 + below(30), thing = below(3) == 0 ? kDatabase + below(3) : table, grant = 1 + below(40);
    const std::string value = std::string(1, static_cast<char>('a' + below(3))), who = "p" + std::to_string(below(4));
    const std::string column = thing >= 100 && below(3) == 0 ? "c" : "";
    switch (below(6)) {
      case 0:
        tables[table] = {kDatabase + below(3), "t" + std::to_string(table)},
        steps.SetTable(table, tables[table].first, tables[table].second);
        break;
      case 1: tables.erase(table), steps.DropTable(table); break;
      case 2: tags[{thing, column, kTag + below(2)}] = value; break;
      case 3: grants[grant] = ByTag(grant, who, value); break;
      case 4:
        grants[grant] = below(2) ? Named(grant, who, table, LakeReach::kPart) : Named(grant, who, kDatabase, LakeReach::kTables);
        break;
      default: grants.erase(grant), steps.DropGrant(grant); break;
    }
    for (const auto& [place, one] : tags) steps.SetTag(std::get<0>(place), std::get<1>(place), std::get<2>(place), one);
    if (below(5) == 0 && !tags.empty()) {
      const auto place = tags.begin()->first;
      tags.erase(place);
      steps.DropTag(std::get<0>(place), std::get<1>(place), std::get<2>(place));
    }
    if (grants.contains(grant)) steps.SetGrant(grants[grant]);
    auto lake = steps.Publish();
    if (round % 20 != 0) continue;
    LakeCompiler anew;
    for (const auto& [id, one] : grants) anew.SetGrant(one);
    for (const auto& [place, one] : tags) anew.SetTag(std::get<0>(place), std::get<1>(place), std::get<2>(place), one);
    for (const auto& [id, place] : tables) anew.SetTable(id, place.first, place.second);
    auto expected = anew.Publish();
    ASSERT_EQ(lake->tables(), expected->tables());
    ASSERT_EQ(lake->classes(), expected->classes());
    for (int i = 0; i < 4; ++i) {
      const auto one = lake->Find({"p" + std::to_string(i)}, false), other = expected->Find({"p" + std::to_string(i)}, false);
      for (const auto& [id, place] : tables) {
        ASSERT_EQ(lake->Check(one, id).whole, expected->Check(other, id).whole) << round;
        ASSERT_EQ(lake->Check(one, id).more, expected->Check(other, id).more) << round;
      }
      std::vector<Id> listed = lake->Visible(one), wanted = expected->Visible(other);
      std::ranges::sort(listed);
      std::ranges::sort(wanted);
      ASSERT_EQ(listed, wanted) << round;
    }
  }
}

TEST(Chunked, KeepOrderAndCopies) {
  std::mt19937 random(4);
  Chunks<Id> chunks;
  std::set<Id> expected;
  for (int i = 0; i < 20'000; ++i) {
    const Id one = static_cast<Id>(random() % 3'000);
    if (random() % 3 != 0) {
      chunks.Insert(one), expected.insert(one);
    } else {
      chunks.Erase(one), expected.erase(one);
    }
  }
  const Chunks<Id> copy = chunks;
  std::vector<Id> all;
  copy.AppendTo(&all);
  EXPECT_EQ(all, std::vector<Id>(expected.begin(), expected.end()));
  EXPECT_EQ(copy.size(), expected.size());
  for (Id one : all) chunks.Erase(one);
  EXPECT_TRUE(chunks.empty());
  std::vector<Id> after;
  copy.After(Id{1'500}, [&](Id one) { return after.push_back(one), after.size() < 5; });
  auto from = expected.upper_bound(1'500);
  EXPECT_EQ(after, std::vector<Id>(from, std::next(from, 5)));
}

}  // namespace
}  // namespace hanse::policy
