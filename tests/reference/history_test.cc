// Random histories of a data mesh: after each operation random questions, to the server's decisions and to the evaluator that was
// written from the specification alone. HANSE_HISTORY_OPERATIONS (of all seeds together) and HANSE_HISTORY_SEED change the
// defaults.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <tuple>

#include "governance/lake_keeper.h"
#include "governance/lake_reader.h"
#include "governance/office.h"
#include "tests/reference/comparison.h"

namespace hanse::reference {
namespace {

constexpr int kSeeds = 5, kOperations = 50'000;

std::int64_t FromEnvironment(const char* name, std::int64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atoll(text) : otherwise;
}

class Histories : public testing::TestWithParam<int> {
 protected:
  void SetUp() override { ASSERT_TRUE(history.lab().store_.Follow(keeper)); }

  // By the rows and by the compiled snapshot, which give the same reasons too.
  policy::TableAccess Decided(const Caller& caller, const Table& table) {
    // Every other time what was changed last may not be compiled yet: then the rows decide.
    if (asked % 2 == 0) keeper.Settle();
    auto tx = *history.lab().store_->BeginRead();
    store::TableRow row = **store::FindTableById(*tx, table.id);
    policy::TableAccess by_rows = *history.lab().lake_.OnTable(*tx, caller, row);
    policy::TableAccess by_snapshot = *compiled_.OnTable(*tx, caller, row);
    EXPECT_EQ(comparison.Of(by_snapshot, comparison.Read(by_rows)), "") << where();
    EXPECT_EQ(ReasonsOf(by_snapshot), ReasonsOf(by_rows)) << where();
    CheckVerdict(*tx, caller, table, by_snapshot);
    CheckListed(*tx, caller, table);
    return by_snapshot;
  }
  // All tables of a database at once, and each by itself.
  void CheckListed(store::Transaction& tx, const Caller& caller, const Table& table) {
    std::vector<store::TableRow> rows;
    for (const auto& [id, one] : history.world().tables) {
      if (one.database == table.database) rows.push_back(**store::FindTableById(tx, id));
    }
    const store::DatabaseRow home = **store::FindDatabaseById(tx, table.database);
    const auto listed = *compiled_.OnTables(tx, caller, home, rows);
    ASSERT_EQ(listed.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      policy::TableAccess alone = *compiled_.OnTable(tx, caller, rows[i]);
      EXPECT_EQ(comparison.Of(listed[i], comparison.Read(alone)), "") << rows[i].name << where();
      EXPECT_EQ(ReasonsOf(listed[i]), ReasonsOf(alone)) << rows[i].name << where();
      EXPECT_EQ(std::tie(listed[i].by_iam, listed[i].restricted, listed[i].broken, listed[i].described_columns),
                std::tie(alone.by_iam, alone.restricted, alone.broken, alone.described_columns))
          << rows[i].name << where();
    }
  }
  static std::multiset<std::string> ReasonsOf(const policy::TableAccess& access) {
    std::multiset<std::string> reasons;
    for (const policy::LakeReason& reason : access.reasons) reasons.insert(reason.what);
    return reasons;
  }

  // The two reads of the snapshot never say less, and the same where they are certain.
  void CheckVerdict(store::Transaction& tx, const Caller& caller, const Table& table, const policy::TableAccess& decided) {
    governance::LakeReader from(tx, &keeper);
    ASSERT_TRUE(from.snapshot() || asked % 2 != 0) << "nothing changes meanwhile" << where();
    if (!from.snapshot()) return;
    ++compiled;
    const auto who = from.Who(caller, table.account);
    const policy::LakeVerdict verdict = from.snapshot()->Check(who, table.id);
    std::string office =
        *governance::OfficeOf(tx, caller, table.account, governance::kTestRegion) == governance::Office::kNone ? "" : "in office";
    EXPECT_TRUE(verdict.visible() || !decided.visible || !office.empty()) << where();
    if (!verdict.more) {
      policy::PermissionSet expected = decided.permissions, whole = verdict.whole;
      if (!office.empty()) whole.Add(policy::Permission::kDescribe);
      EXPECT_EQ(whole.bits(), expected.bits()) << where();
    }
    if (step % 16 != 0) return;
    std::vector<Id> all = from.snapshot()->Visible(who);
    std::ranges::sort(all);
    std::vector<Id> expected, within;
    for (const auto& [id, one] : history.world().tables) {
      if (!from.snapshot()->Check(who, id).visible()) continue;
      expected.push_back(id);
      if (one.database == table.database) within.push_back(id);
    }
    EXPECT_EQ(all, expected) << where();
    std::ranges::sort(within, {}, [&](Id id) { return history.Row(history.world().tables.at(id)).name; });
    EXPECT_EQ(from.snapshot()->VisibleIn(who, table.database, "", 100), within) << where();
  }

  void AskAboutTable(Id principal, const Table& table) {
    Caller caller = history.CallerOf(principal);
    ++asked;
    const TableSeen expected = SeenOf(history.world(), principal, table);
    visible += expected.visible;
    const policy::TableAccess decided = Decided(caller, table);
    EXPECT_EQ(comparison.Of(decided, expected), "") << testing::PrintToString(ReasonsOf(decided)) << " for " << caller.arn
                                                    << " of table " << history.Row(table).name << " " << table.id << where();
  }
  void AskAboutDatabase(Id principal, const Database& database) {
    Caller caller = history.CallerOf(principal);
    ++asked;
    const DatabaseSeen expected = SeenOf(history.world(), principal, database);
    auto tx = *history.lab().store_->BeginRead();
    for (gate::Lake* lake : {static_cast<gate::Lake*>(&history.lab().lake_), static_cast<gate::Lake*>(&compiled_)}) {
      EXPECT_EQ(Comparison::Of(*lake->OnDatabase(*tx, caller, history.Row(database)), expected), "")
          << caller.arn << " of database " << history.Row(database).name << " " << database.id << where();
    }
  }
  std::string where() const {
    return " after operation " + std::to_string(step) + " of seed " + std::to_string(seed) + ": " + history.last();
  }

  const std::uint64_t seed = static_cast<std::uint64_t>(FromEnvironment("HANSE_HISTORY_SEED", 1000) + GetParam());
  History history{seed};
  governance::LakeKeeper keeper;
  governance::LakeSource compiled_{history.lab().clock_, &keeper};
  Comparison comparison{history};
  std::int64_t step = 0, asked = 0, visible = 0, compiled = 0;
};

bool Within(const TableSeen& less, const TableSeen& more) {
  if (!std::ranges::includes(more.permissions, less.permissions) || !std::ranges::includes(more.columns, less.columns) ||
      !std::ranges::includes(more.described, less.described) || (less.rows & ~more.rows) != 0) {
    return false;
  }
  return std::ranges::all_of(less.cells, [&](const auto& cell) { return (cell.second & ~more.cells.at(cell.first)) == 0; });
}

TEST_P(Histories, GiveTheAnswersOfTheSpecification) {
  const std::int64_t operations = FromEnvironment("HANSE_HISTORY_OPERATIONS", kOperations) / kSeeds;
  for (; step < operations && !HasFailure(); ++step) {
    history.Step();
    for (int i = 0; i < 2; ++i) AskAboutTable(history.AnyPrincipal(), history.AnyTable());
    if (step % 4 == 0) AskAboutDatabase(history.AnyPrincipal(), history.AnyDatabase());
  }
  std::cout << "seed " << seed << ": " << step << " operations, " << asked << " questions, " << compiled
            << " of them to the snapshot, " << visible << " tables seen";
  for (const auto& [name, count] : history.counts()) std::cout << ", " << name << " " << count;
  std::cout << "\n";
}

// Grants only add, revokes only take.
TEST_P(Histories, GrantsOnlyAddAndRevokesOnlyTake) {
  int tried = 0;
  for (; tried < 300 && !HasFailure(); ++step) {
    const Id principal = history.AnyPrincipal(), id = history.AnyTable().id;
    const Caller caller = history.CallerOf(principal);
    const TableSeen before = comparison.Read(Decided(caller, history.world().tables.at(id)));
    history.Step();
    const bool adds = history.last().starts_with("grant ") || history.last().starts_with("pass on ");
    if (!adds && !history.last().starts_with("revoke ")) continue;
    const TableSeen after = comparison.Read(Decided(caller, history.world().tables.at(id)));
    EXPECT_TRUE(adds ? Within(before, after) : Within(after, before)) << caller.arn << where();
    ++tried;
  }
}

// A table or role that is made again under its old name is to everybody what one of a name that never was would be.
TEST_P(Histories, WhatIsMadeAgainInheritsNothing) {
  int lost = 0;
  for (int tried = 0; tried < 120 && !HasFailure(); ++tried) {
    for (int i = 0; i < 15; ++i, ++step) history.Step();
    const Id table = history.AnyTable().id;
    const auto sight = [&](Id principal, Id of) {
      return comparison.Read(Decided(history.CallerOf(principal), history.world().tables.at(of)));
    };
    std::map<Id, TableSeen> before;
    for (const auto& [principal, one] : history.world().principals) before[principal] = sight(principal, table);
    const auto [again, fresh] = history.MakeTableAgain(table);
    for (const auto& [principal, one] : history.world().principals) {
      const TableSeen seen = sight(principal, again);
      EXPECT_TRUE(Within(seen, sight(principal, fresh)) && Within(sight(principal, fresh), seen)) << principal << where();
      lost += before[principal].visible && !seen.visible;
    }
    history.DropTable(fresh);
    const auto roles = history.MakeRoleAgain(history.AnyPrincipal());
    if (!roles) continue;
    for (const auto& [id, one] : history.world().tables) {
      EXPECT_TRUE(Within(sight(roles->first, id), sight(roles->second, id))) << id << where();
    }
    history.DropRole(roles->second);
  }
  EXPECT_GT(lost, 10) << "there was something to inherit";
}

// All grants, written anew one after the other in any order.
void ShuffleGrants(History& history) {
  auto tx = *history.lab().store_->BeginWrite();
  std::vector<store::Row> rows = *tx->Query(
      "SELECT keeper, owner, region, principal, shown, kind, resource_key, detail, condition, updated_by, id, object, permissions, "
      "grantable, updated_ms, principal_id, thing_id, filter_id, expression_id, share_id FROM lf_grants");
  ASSERT_TRUE(tx->Execute("DELETE FROM lf_grants"));
  for (std::size_t i = 1; i < rows.size(); ++i)
    std::swap(rows[i], rows[static_cast<std::size_t>(history.Below(static_cast<int>(i) + 1))]);
  for (const store::Row& row : rows) {
    std::vector<store::Value> values;
    for (std::size_t at = 0; at < 10; ++at) values.emplace_back(row.Text(at));
    values.emplace_back(*tx->NewId());
    for (std::size_t at = 11; at < row.size(); ++at) values.push_back(row.null(at) ? store::Value() : store::Value(row.Int(at)));
    ASSERT_TRUE(
        tx->Execute("INSERT INTO lf_grants (keeper, owner, region, principal, shown, kind, resource_key, detail, condition, "
                    "updated_by, id, object, permissions, grantable, updated_ms, principal_id, thing_id, filter_id, "
                    "expression_id, share_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    std::span<const store::Value>(values)));
  }
  ASSERT_TRUE(tx->Commit());
}

TEST_P(Histories, TheOrderOfGrantsDoesNotMatter) {
  int seen = 0;
  for (int tried = 0; tried < 40 && !HasFailure(); ++tried) {
    for (int i = 0; i < 20; ++i, ++step) history.Step();
    std::map<std::pair<Id, Id>, TableSeen> before;
    for (const auto& [principal, one] : history.world().principals) {
      for (const auto& [id, table] : history.world().tables) {
        before[{principal, id}] = comparison.Read(Decided(history.CallerOf(principal), table));
      }
    }
    ASSERT_NO_FATAL_FAILURE(ShuffleGrants(history));
    for (const auto& [asked_of, sight] : before) {
      const auto& [principal, id] = asked_of;
      const policy::TableAccess after = Decided(history.CallerOf(principal), history.world().tables.at(id));
      EXPECT_EQ(comparison.Of(after, sight), "") << principal << " of table " << id << where();
      seen += sight.visible;
    }
  }
  EXPECT_GT(seen, 100);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Histories, testing::Range(0, kSeeds));

}  // namespace
}  // namespace hanse::reference

int main(int argc, char** argv) {
  // What is tried here needs no disk: thousands of commits, none to be kept.
  setenv("TMPDIR", "/dev/shm", 0);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
