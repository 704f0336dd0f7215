#include "governance/restrictions.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "governance/grantee.h"
#include "governance/tag_rows.h"
#include "policy/lake_condition.h"
#include "wire/glue.h"
#include "wire/json.h"

namespace hanse::governance {
namespace {

bool NamesThem(const AttachmentRow& row, const std::vector<std::string>& keys, const Caller& caller) {
  if (std::ranges::find(keys, row.principal) == keys.end()) return false;
  if (row.condition.empty()) return true;
  auto holds = policy::ConditionHolds(row.condition, caller.principal_tags);
  return !holds || *holds;
}

// A policy by tags reaches a table of which the table or any column carries them: what it may take, it takes whole.
bool ReachedByTags(const policy::TagExpression& expression, const TableTags& tags) {
  policy::Tags table = policy::Overlay(tags.table, tags.database);
  if (policy::Matches(expression, table)) return true;
  return std::ranges::any_of(
      tags.columns, [&](const auto& column) { return policy::Matches(expression, policy::Overlay(column.second, table)); });
}

void AddTypes(const std::optional<std::vector<wire::glue::Column>>& columns, std::map<std::string, std::string>* types) {
  for (const auto& column : columns.value_or(std::vector<wire::glue::Column>())) {
    (*types)[Lower(column.name.value_or(""))] = column.type.value_or("");
  }
}

}  // namespace

std::vector<std::string> NamingKeys(const Caller& caller) {
  std::vector<std::string> keys = AccountKeys(caller);
  keys.push_back(EveryPrincipalKey(caller.account));
  if (caller.principal != 0) keys.push_back(PrincipalKey(caller.principal));
  for (std::string& key : SamlKeys(caller)) keys.push_back(std::move(key));
  return keys;
}

std::vector<policy::Restriction> Binding(const std::vector<AttachmentRow>& attachments, const Caller& caller) {
  std::vector<std::string> keys = NamingKeys(caller);
  std::set<std::pair<std::string, std::string>> named;  // Keeper and resource.
  for (const AttachmentRow& row : attachments) {
    if (!row.is_default() && NamesThem(row, keys, caller)) named.emplace(row.keeper, row.resource_key);
  }
  std::vector<policy::Restriction> binding;
  for (const AttachmentRow& row : attachments) {
    bool binds = row.is_default() ? !named.contains({row.keeper, row.resource_key}) : NamesThem(row, keys, caller);
    if (!binds) continue;
    policy::Side side = row.keeper == row.owner ? policy::Side::kOwner : policy::Side::kConsumer;
    binding.push_back({row.rows, side, "row policy " + row.policy_name + " (attachment " + std::to_string(row.id) + ")"});
  }
  return binding;
}

Result<std::vector<policy::Restriction>> RestrictionsOn(store::Transaction& tx, const Caller& caller,
                                                        const store::TableRow& table) {
  TRY_ASSIGN(auto about,
             AttachmentsOn(tx, table.account, table.region, {table.account, caller.account}, {table.id, table.database, 0}));
  bool by_tag = std::ranges::any_of(about, [](const AttachmentRow& row) { return row.kind == GrantKind::kTablesByTag; });
  if (by_tag) {
    TRY_ASSIGN(TableTags tags, TagsOfTable(tx, table));
    std::erase_if(
        about, [&](const AttachmentRow& row) { return row.kind == GrantKind::kTablesByTag && !ReachedByTags(row.tags(), tags); });
  }
  return Binding(about, caller);
}

std::map<std::string, std::string> TypesOf(const store::TableRow& table) {
  std::map<std::string, std::string> types;
  auto definition = wire::FromJson<wire::glue::Table>(table.definition);
  if (!definition) return types;
  if (definition->storage_descriptor) AddTypes(definition->storage_descriptor->columns, &types);
  AddTypes(definition->partition_keys, &types);
  return types;
}

}  // namespace hanse::governance
