#pragma once
#include <map>
#include <memory>
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

// What rows of grants, filters, saved expressions, shares, tags and tables mean to the compiler: all of them at first, then each
// change. One thread at a time.
class LakeFeed {
 public:
  static const std::vector<store::Follower::Table>& Tables();

  // Once, at first. Where it fails the feed is good for nothing.
  Result<void> Read(store::Transaction& tx);
  void Take(std::vector<store::RowChange> changes);
  // As of all that was read and taken. Fails where only a feed that reads all anew can go on.
  Result<std::shared_ptr<const policy::LakeSnapshot>> Publish();

 private:
  struct Filter {
    std::string rows, list, columns;
  };
  using Share = std::pair<Id, std::string>;  // And its principal.

  Result<void> ReadTable(store::Transaction& tx, std::size_t table);
  // One row of the table at `table`: nullptr where it was not, or is no more.
  void Apply(std::size_t table, const store::Row* before, const store::Row* after);
  void GrantChanged(const store::Row* before, const store::Row* after);
  void FilterChanged(const store::Row* before, const store::Row* after);
  void ExpressionChanged(const store::Row* before, const store::Row* after);
  void ShareChanged(const store::Row* before, const store::Row* after);
  void AssignmentChanged(const store::Row* before, const store::Row* after);
  void TableChanged(const store::Row* before, const store::Row* after);
  // With what it names, as that is now.
  void Complete(std::shared_ptr<const KeptGrant>* grant);

  policy::LakeCompiler compiler_;
  std::unordered_map<Id, std::shared_ptr<const KeptGrant>> grants_;
  std::unordered_map<Id, Filter> filters_;
  std::unordered_map<Id, std::string> expressions_;
  std::map<Share, bool> shares_;  // Whether it is open.
  std::unordered_map<Id, std::set<Id>> by_filter_, by_expression_;
  std::map<Share, std::set<Id>> by_share_;
  std::set<Id> changed_grants_;
};

}  // namespace hanse::governance
