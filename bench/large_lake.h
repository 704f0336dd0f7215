#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "policy/lake_compiler.h"
#include "tests/reference/world.h"

namespace hanse::bench {

// A data lake of a million tables: databases with tags of their own, a third of the tables with others over them, so that there are
// 2,000 sets of tags; 10,000 principals with 100,000 grants, nine in ten by tags. The same for the same seed. A value; no I/O.
struct LargeLake {
  static constexpr int kDatabases = 250, kTablesEach = 4'000, kOwnSets = 8, kPrincipals = 10'000, kGrants = 100'000;
  static constexpr int kKeys = 12, kValues = 10;

  explicit LargeLake(std::uint64_t seed);

  struct Grant {
    Id id = 0;
    int principal = 0;
    Id table = 0;  // 0: by tags.
    policy::TagExpression expression;
    policy::PermissionSet permissions;
  };
  // Databases come first, then tables.
  static Id DatabaseId(int database) { return 1'000 + database; }
  static Id TableId(int table) { return 10'000 + table; }
  static int DatabaseOf(int table) { return table / kTablesEach; }
  static constexpr int kTables = kDatabases * kTablesEach;
  static std::string PrincipalKey(int principal) { return "#" + std::to_string(5'000'000 + principal); }

  std::vector<policy::Tags> database_tags;
  std::vector<std::vector<policy::Tags>> own_sets;  // Of a database's tables; the first is empty.
  std::vector<std::uint8_t> own_set;                // Of each table.
  std::vector<Grant> grants;

  void Fill(policy::LakeCompiler* compiler) const;
  std::shared_ptr<const policy::LakeGrant> Compiled(const Grant& grant) const;
  // The same in the evaluator's words, for questions about `tables` alone.
  reference::World World(const std::vector<int>& tables) const;
};

}  // namespace hanse::bench
