#include "governance/tag_sight.h"

#include "governance/grantee.h"
#include "governance/office.h"

namespace hanse::governance {

Result<bool> SeesValue(store::Transaction& tx, const Caller& caller, const TagRow& tag, std::string_view value) {
  TRY_ASSIGN(Office office, OfficeOf(tx, caller, tag.account, tag.region));
  if (office != Office::kNone) return true;
  TRY_ASSIGN(policy::PermissionSet held, RightsOnTag(tx, caller, tag, value, Which::kHeld));
  return ShowsTag(held);
}

Result<std::vector<std::string>> SeenValues(store::Transaction& tx, const Caller& caller, const TagRow& tag) {
  TRY_ASSIGN(std::vector<std::string> values, TagValues(tx, tag.id));
  TRY_ASSIGN(bool all, SeesValue(tx, caller, tag, "*"));
  if (all) return values;
  std::vector<std::string> seen;
  for (std::string& value : values) {
    TRY_ASSIGN(bool sees, SeesValue(tx, caller, tag, value));
    if (sees) seen.push_back(std::move(value));
  }
  return seen;
}

Result<std::vector<TagRow>> ForeignTags(store::Transaction& tx, const Caller& caller, std::string_view region) {
  std::vector<std::string> keys = OwnKeys(caller);
  for (std::string& key : AccountKeys(caller)) keys.push_back(std::move(key));
  std::string marks;
  std::vector<store::Value> parameters = {std::string(region), caller.account};
  for (const std::string& key : keys) {
    marks += marks.empty() ? "?" : ", ?";
    parameters.emplace_back(key);
  }
  TRY_ASSIGN(auto rows,
             tx.Query("SELECT DISTINCT object FROM lf_grants WHERE kind = 'tag' AND region = ? AND owner <> ? AND principal IN (" +
                          marks + ") ORDER BY object LIMIT 1000",
                      parameters));
  std::vector<TagRow> tags;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto tag, FindTagById(tx, row.Int(0)));
    if (tag) tags.push_back(std::move(*tag));
  }
  return tags;
}

}  // namespace hanse::governance
