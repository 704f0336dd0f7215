#include "governance/lake_reader.h"

#include "governance/grantee.h"
#include "governance/lake_keeper.h"

namespace hanse::governance {

LakeReader::LakeReader(store::Transaction& tx, const LakeKeeper* keeper) : tx_(tx), snapshot_(keeper ? keeper->At(tx) : nullptr) {}

policy::LakeSnapshot::Who LakeReader::Who(const Caller& caller, std::string_view owner) const {
  std::vector<std::string> keys = OwnKeys(caller);
  const bool abroad = caller.account != owner;
  if (abroad) {
    for (std::string& key : AccountKeys(caller)) keys.push_back(std::move(key));
  } else {
    keys.emplace_back(kIamAllowedPrincipals);
  }
  return snapshot_->Find(keys, abroad);
}

Result<std::vector<GrantRow>> LakeReader::GrantsTo(std::string_view owner, std::string_view region,
                                                   const std::vector<std::string>& principals,
                                                   const std::vector<Id>& objects) const {
  if (!snapshot_) return governance::GrantsTo(tx_, owner, region, principals, objects);
  std::vector<GrantRow> rows;
  for (const policy::LakeGrant* grant : snapshot_->GrantsTo(principals, objects)) {
    const GrantRow& row = static_cast<const KeptGrant*>(grant)->row;
    if (row.owner == owner && row.region == region) rows.push_back(row);
  }
  return rows;
}

Result<policy::Tags> LakeReader::DatabaseTags(Id database) const {
  if (!snapshot_) return governance::DatabaseTags(tx_, database);
  const policy::LakeThing* thing = snapshot_->Thing(database);
  return thing ? thing->tags : policy::Tags();
}

Result<TableTags> LakeReader::TagsOfTable(const store::TableRow& table) const {
  if (!snapshot_) return governance::TagsOfTable(tx_, table);
  TableTags tags;
  if (const policy::LakeThing* above = snapshot_->Thing(table.database)) tags.database = above->tags;
  if (const policy::LakeThing* own = snapshot_->Thing(table.id)) {
    tags.table = own->tags;
    tags.columns = own->columns;
  }
  return tags;
}

}  // namespace hanse::governance
