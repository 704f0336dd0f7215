#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "governance/grant_rows.h"
#include "policy/lake_compiler.h"
#include "store/follower.h"

namespace hanse::governance {

// A grant of the snapshot: its row as grant_rows.h reads it, but for who wrote it when.
struct KeptGrant final : policy::LakeGrant {
  GrantRow row;
};

// Keeps the compiled snapshot of all grants, tags and tables in step with the store, from the rows as they stand and each commit's
// changes. THE RULE: it is used only where it is exactly what the asking transaction would read; anywhere else (a transaction that
// writes, one that began before the last change, a commit under way, a driver that tells of no changes) the rows decide. So nothing
// is ever stale. Any thread; the store tells it one commit at a time.
class LakeKeeper final : public store::Follower {
 public:
  explicit LakeKeeper(const store::Store& store) : store_(store) {}

  // Nothing where the rows must decide. The transaction depends on the snapshot's tables from here on (Transaction::basis).
  std::shared_ptr<const policy::LakeSnapshot> At(store::Transaction& tx) const;

  const std::vector<Table>& Tables() const override;
  Result<void> Load(store::Transaction& tx, std::int64_t moment) override;
  void Changed(std::span<const store::RowChange> changes, std::int64_t moment) override;
  void Lost() override;

 private:
  struct Known {
    std::shared_ptr<const policy::LakeSnapshot> snapshot;
    store::Basis basis;
  };
  struct Filter {
    std::string rows, list, columns;
  };
  using Share = std::pair<Id, std::string>;  // And its principal.

  // One row of the table at `table`; empty as in a RowChange.
  void Apply(std::size_t table, const store::Row* before, const store::Row* after);
  void GrantChanged(const store::Row* before, const store::Row* after);
  void FilterChanged(const store::Row* before, const store::Row* after);
  void ExpressionChanged(const store::Row* before, const store::Row* after);
  void ShareChanged(const store::Row* before, const store::Row* after);
  void AssignmentChanged(const store::Row* before, const store::Row* after);
  void TableChanged(const store::Row* before, const store::Row* after);
  Result<void> LoadTable(store::Transaction& tx, std::size_t table);
  // With what it names, as that is now.
  void Complete(GrantRow row);
  void Publish(std::int64_t moment);

  const store::Store& store_;
  policy::LakeCompiler compiler_;
  std::unordered_map<Id, GrantRow> grants_;
  std::unordered_map<Id, Filter> filters_;
  std::unordered_map<Id, std::string> expressions_;
  std::map<Share, bool> shares_;  // Whether it is open.
  std::unordered_map<Id, std::set<Id>> by_filter_, by_expression_;
  std::map<Share, std::set<Id>> by_share_;
  std::set<Id> changed_grants_;

  mutable std::mutex mutex_;
  std::shared_ptr<const Known> known_;  // Empty: nothing is known.
};

}  // namespace hanse::governance
