#include "bench/large_lake.h"

#include <algorithm>
#include <random>
#include <set>

namespace hanse::bench {
namespace {

using policy::Permission;

std::string ValueName(int value) { return "v" + std::to_string(value); }

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  int Below(int end) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(end)); }
  // Small numbers are likelier, so that policies reach something.
  int Value() { return std::min(Below(LargeLake::kValues), Below(LargeLake::kValues)); }

 private:
  std::mt19937_64 engine_;
};

policy::Tags SomeTags(Dice& dice, int count) {
  policy::Tags tags;
  while (static_cast<int>(tags.size()) < count) tags[1 + dice.Below(LargeLake::kKeys)] = ValueName(dice.Value());
  return tags;
}

policy::TagExpression SomeExpression(Dice& dice) {
  policy::TagExpression expression;
  std::set<int> keys;
  const int terms = 2 + dice.Below(2);
  while (static_cast<int>(keys.size()) < terms) keys.insert(1 + dice.Below(LargeLake::kKeys));
  for (int key : keys) {
    std::set<std::string> values;
    for (int i = 0; i < 2; ++i) values.insert(ValueName(dice.Value()));
    expression.push_back({key, "k" + std::to_string(key), {values.begin(), values.end()}});
  }
  return expression;
}

}  // namespace

LargeLake::LargeLake(std::uint64_t seed) {
  Dice dice(seed);
  for (int database = 0; database < kDatabases; ++database) {
    database_tags.push_back(SomeTags(dice, 4));
    own_sets.emplace_back();
    std::set<policy::Tags> sets = {policy::Tags()};
    while (sets.size() < kOwnSets) sets.insert(SomeTags(dice, 1 + dice.Below(2)));
    own_sets.back().assign(sets.begin(), sets.end());
  }
  for (int table = 0; table < kTables; ++table) {
    own_set.push_back(static_cast<std::uint8_t>(dice.Below(3) == 0 ? dice.Below(kOwnSets) : 0));
  }
  for (int i = 0; i < kGrants; ++i) {
    Grant grant{.id = 10'000'000 + i, .principal = dice.Below(kPrincipals), .permissions = Permission::kSelect};
    if (dice.Below(3) == 0) grant.permissions.Add(Permission::kAlter);
    if (dice.Below(10) == 0) {
      grant.table = TableId(dice.Below(kTables));
    } else {
      grant.expression = SomeExpression(dice);
    }
    grants.push_back(std::move(grant));
  }
}

std::shared_ptr<const policy::LakeGrant> LargeLake::Compiled(const Grant& grant) const {
  auto compiled = std::make_shared<policy::LakeGrant>();
  compiled->id = grant.id;
  compiled->principal = PrincipalKey(grant.principal);
  compiled->object = grant.table;
  compiled->reach = grant.table != 0 ? policy::LakeReach::kTable : policy::LakeReach::kTags;
  compiled->permissions = grant.permissions;
  compiled->expression = grant.expression;
  return compiled;
}

void LargeLake::Fill(policy::LakeCompiler* compiler) const {
  for (int database = 0; database < kDatabases; ++database) {
    for (const auto& [tag, value] : database_tags[static_cast<std::size_t>(database)]) {
      compiler->SetTag(DatabaseId(database), "", tag, value);
    }
  }
  for (int table = 0; table < kTables; ++table) {
    compiler->SetTable(TableId(table), DatabaseId(DatabaseOf(table)), "table_" + std::to_string(table));
    const auto& sets = own_sets[static_cast<std::size_t>(DatabaseOf(table))];
    for (const auto& [tag, value] : sets[own_set[static_cast<std::size_t>(table)]])
      compiler->SetTag(TableId(table), "", tag, value);
  }
  for (const Grant& grant : grants) compiler->SetGrant(Compiled(grant));
}

reference::World LargeLake::World(const std::vector<int>& tables) const {
  const std::string account = "111111111111";
  reference::World world;
  world.accounts[account] = {};
  auto assign = [&](Id thing, const policy::Tags& tags) {
    for (const auto& [tag, value] : tags) world.assigned[{thing, ""}][static_cast<int>(tag)] = value;
  };
  for (int table : tables) {
    const auto database = static_cast<std::size_t>(DatabaseOf(table));
    assign(DatabaseId(DatabaseOf(table)), database_tags[database]);
    assign(TableId(table), own_sets[database][own_set[static_cast<std::size_t>(table)]]);
  }
  for (const Grant& grant : grants) {
    const Id principal = std::stoll(PrincipalKey(grant.principal).substr(1));
    world.principals[principal] = {principal, account, {}};
    reference::Grant one{.keeper = account, .owner = account, .to = "role:" + std::to_string(principal)};
    one.on = grant.table != 0 ? reference::On::kTable : reference::On::kTablePolicy;
    one.thing = grant.table;
    for (const policy::TagTerm& term : grant.expression) {
      one.expression.push_back({static_cast<int>(term.tag), {term.values.begin(), term.values.end()}});
    }
    for (const std::string& name : policy::PermissionNames(grant.permissions)) one.permissions.insert(name);
    world.grants.push_back(std::move(one));
  }
  return world;
}

}  // namespace hanse::bench
