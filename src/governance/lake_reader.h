#pragma once
#include <memory>
#include <string>
#include <vector>

#include "governance/grant_rows.h"
#include "governance/tag_rows.h"
#include "policy/lake_snapshot.h"
#include "store/directory.h"

namespace hanse::governance {

class LakeKeeper;

// What decisions are made from, within one transaction: grants and tags from the compiled snapshot, where that is exactly what the
// transaction would read, else from the rows. The answers are the same. Lives as long as the call; the transaction outlives it.
class LakeReader {
 public:
  LakeReader(store::Transaction& tx) : tx_(tx) {}  // NOLINT: whoever has but a transaction reads the rows.
  LakeReader(store::Transaction& tx, const LakeKeeper* keeper);

  store::Transaction& tx() const { return tx_; }
  // Nothing where the rows decide.
  const policy::LakeSnapshot* snapshot() const { return snapshot_.get(); }
  // Of the snapshot, for questions about `owner`'s catalog.
  policy::LakeSnapshot::Who Who(const Caller& caller, std::string_view owner) const;

  // As the functions of that name in grant_rows.h and tag_rows.h; `objects` is not empty.
  Result<std::vector<GrantRow>> GrantsTo(std::string_view owner, std::string_view region,
                                         const std::vector<std::string>& principals, const std::vector<Id>& objects) const;
  Result<policy::Tags> DatabaseTags(Id database) const;
  Result<TableTags> TagsOfTable(const store::TableRow& table) const;

 private:
  store::Transaction& tx_;
  std::shared_ptr<const policy::LakeSnapshot> snapshot_;
};

}  // namespace hanse::governance
