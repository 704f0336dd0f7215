#include "policy/tag_index.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <set>
#include <tuple>

#include "policy/lake_compiler.h"

namespace hanse::policy {
namespace {

std::string ValueAt(int number) { return "v" + std::to_string(number); }

class IndexedWorld {
 public:
  void Step() {
    const auto number = static_cast<std::uint32_t>(1 + Below(30));
    const Id id = 1 + Below(40);
    switch (Below(3)) {
      case 0:
        if (classes_.erase(number) != 0) index_.DropClass(number);
        break;
      case 1:
        if (auto [made, anew] = classes_.try_emplace(number); anew) {
          made->second.assign(static_cast<std::size_t>(1 + Below(3)), {});
          for (Tags& tags : made->second) tags = SomeTags();
          index_.AddClass(number, made->second.front(), std::span(made->second).subspan(1));
        }
        break;
      default:
        if (auto there = policies_.find(id); there != policies_.end()) {
          index_.DropPolicy(*there->second);
          policies_.erase(there);
        } else {
          auto policy = std::make_shared<LakeGrant>();
          policy->id = id;
          policy->expression = SomeExpression();
          index_.AddPolicy(*policy);
          policies_[id] = std::move(policy);
        }
    }
  }

  // Of policy, class and whether all of it matches: by the index from either side, and by Matches alone.
  using Found = std::set<std::tuple<Id, std::uint32_t, bool>>;
  Found FromPolicies() const {
    Found found;
    for (const auto& [id, policy] : policies_) {
      for (const auto& match : index_.ClassesOf(id)) found.emplace(match.policy->id, match.table_class, match.whole);
    }
    return found;
  }
  Found FromClasses() const {
    Found found;
    for (const auto& [number, sets] : classes_) {
      for (const auto& match : index_.PoliciesOf(number)) found.emplace(match.policy->id, match.table_class, match.whole);
    }
    return found;
  }
  Found ByMatches() const {
    Found found;
    for (const auto& [id, policy] : policies_) {
      for (const auto& [number, sets] : classes_) {
        std::size_t count = 0;
        for (const Tags& tags : sets) count += Matches(policy->expression, tags);
        if (count != 0) found.emplace(id, number, count == sets.size());
      }
    }
    return found;
  }

 private:
  int Below(int end) { return static_cast<int>(dice_() % static_cast<unsigned>(end)); }
  Tags SomeTags() {
    Tags tags;
    for (int tag = 1; tag <= 3; ++tag) {
      if (Below(3) != 0) tags[tag] = ValueAt(Below(3));
    }
    return tags;
  }
  TagExpression SomeExpression() {
    TagExpression expression;
    for (int tag = 1; tag <= 3; ++tag) {
      if (Below(2) == 0) continue;
      TagTerm& term = expression.emplace_back();
      term.tag = tag;
      for (int i = Below(3); i > 0; --i) term.values.push_back(Below(6) == 0 ? "*" : ValueAt(Below(3)));
    }
    return expression;
  }

  std::mt19937 dice_{11};
  TagIndex index_;
  std::map<std::uint32_t, std::vector<Tags>> classes_;
  std::map<Id, LakeGrantPtr> policies_;
};

TEST(TagIndexes, FindFromEitherSideWhatMatches) {
  IndexedWorld world;
  std::size_t matches = 0;
  for (int step = 0; step < 3'000; ++step) {
    world.Step();
    if (step % 7 != 0) continue;
    const auto expected = world.ByMatches();
    ASSERT_EQ(world.FromPolicies(), expected) << step;
    ASSERT_EQ(world.FromClasses(), expected) << step;
    matches += expected.size();
  }
  EXPECT_GT(matches, 10'000u);
}

// Many new sets of tags at once are judged principal by principal, a few set by set.
TEST(TagIndexes, ManyClassesAtOnceAndOneByOneAreTheSame) {
  constexpr int kMany = 300;
  LakeCompiler at_once, one_by_one;
  for (LakeCompiler* compiler : {&at_once, &one_by_one}) {
    auto policy = std::make_shared<LakeGrant>();
    policy->id = 1;
    policy->principal = "ana";
    policy->reach = LakeReach::kTags;
    policy->permissions = Permission::kSelect;
    policy->expression = {{5, "level", {ValueAt(0), ValueAt(7), ValueAt(250)}}};
    compiler->SetGrant(policy);
    (void)compiler->Publish();
    for (int i = 0; i < kMany; ++i) {
      compiler->SetTable(1'000 + i, 10, "t" + std::to_string(i));
      compiler->SetTag(1'000 + i, "", 5, ValueAt(i));
      if (compiler == &one_by_one) (void)compiler->Publish();
    }
  }
  const auto first = at_once.Publish(), second = one_by_one.Publish();
  EXPECT_EQ(first->Visible(first->Find({"ana"}, false)).size(), 3u);
  for (int i = 0; i < kMany; ++i) {
    const auto seen = [&](const LakeSnapshot& lake) { return lake.Check(lake.Find({"ana"}, false), 1'000 + i).visible(); };
    EXPECT_EQ(seen(*first), i == 0 || i == 7 || i == 250) << i;
    EXPECT_EQ(seen(*second), seen(*first)) << i;
  }
}

// Classes come and go with each other's tables: what is kept of them does not grow.
TEST(TagIndexes, WhatIsGoneMakesRoom) {
  LakeCompiler compiler;
  auto policy = std::make_shared<LakeGrant>();
  policy->id = 1;
  policy->principal = "ana";
  policy->reach = LakeReach::kTags;
  policy->permissions = Permission::kSelect;
  policy->expression = {{5, "level", {"*"}}};
  compiler.SetGrant(policy);
  compiler.SetTable(1'000, 10, "t");
  std::size_t kept = 0;
  for (int i = 0; i < 1'000; ++i) {
    compiler.SetTag(1'000, "", 5, ValueAt(i));
    const auto lake = compiler.Publish();
    const auto who = lake->Find({"ana"}, false);
    ASSERT_TRUE(lake->Check(who, 1'000).visible());
    kept = 0;
    who.seats.front().holder->verdicts.Each([&](std::uint32_t) { ++kept; });
  }
  EXPECT_LT(kept, 20u);
}

}  // namespace
}  // namespace hanse::policy
