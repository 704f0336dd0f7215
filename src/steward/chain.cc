#include "steward/chain.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "governance/grantee.h"
#include "governance/office.h"
#include "governance/share_rows.h"
#include "governance/shown_grants.h"
#include "governance/shown_tags.h"
#include "policy/lake_condition.h"

namespace hanse::steward {
namespace {

namespace lake = governance;
namespace wire_hanse = wire::hanse_service;
using lake::GrantKind;
using lake::GrantRow;

// The ids in "grant 1042", as the decision gives its reasons.
std::set<Id> GrantsThatCounted(const policy::TableAccess& access) {
  std::set<Id> ids;
  for (const policy::LakeReason& reason : access.reasons) {
    constexpr std::string_view kGrant = "grant ";
    if (reason.what.starts_with(kGrant)) ids.insert(std::strtoll(reason.what.c_str() + kGrant.size(), nullptr, 10));
  }
  return ids;
}

std::string Through(const GrantRow& row, const Caller& caller) {
  if (row.principal == lake::PrincipalKey(caller.principal)) return "itself";
  if (Contains(lake::SamlKeys(caller), row.principal)) return "the SAML user or group that it is decorated as";
  if (row.principal == lake::EveryPrincipalKey(caller.account)) return "every principal of account " + caller.account;
  if (row.principal == lake::kIamAllowedPrincipals) return "whoever the account's IAM policies allow";
  if (row.principal == caller.account) return "its account";
  return row.principal.starts_with("ou:") ? "its account's unit" : "its account's organisation";
}

// Which columns a grant is about, its rows apart; `tags`: of each column, in the table's order.
bool Covers(const GrantRow& row, const std::string& column, const policy::Tags& tags, bool is_key) {
  if (row.kind == GrantKind::kTable || row.kind == GrantKind::kAllTables) return true;
  if (row.kind == GrantKind::kTablesByTag) return policy::Matches(row.tags(), tags);
  bool only = row.kind == GrantKind::kColumns || (row.kind == GrantKind::kCells && row.filter_list == "only");
  return is_key || Contains(row.columns(), column) == only;
}

std::string WhyNot(const GrantRow& row, const Caller& caller) {
  if (!row.open) return "its share does not reach the account: not accepted, or cut";
  if (!row.condition.empty()) {
    auto holds = policy::ConditionHolds(row.condition, caller.principal_tags);
    if (!holds || !*holds) return "its condition does not hold for the principal's tags";
  }
  if (row.keeper != row.owner && row.keeper != caller.account) return "another account's choice";
  const bool itself = row.principal == lake::PrincipalKey(caller.principal) || Contains(lake::SamlKeys(caller), row.principal);
  if (row.owner != caller.account && row.keeper == row.owner && !itself) {
    return "the owner's grant to the account: the account has given nothing of it to the principal";
  }
  if (row.kind == GrantKind::kTablesByTag) return "the tags of the table and its columns do not match";
  if (row.keeper != row.owner) return "beyond what the owner gave to the account";
  return "it gives nothing here";
}

Result<std::string> SavedName(store::Transaction& tx, const GrantRow& row) {
  TRY_ASSIGN(auto shown, lake::ShownResource(tx, row));
  if (!shown || !shown->lf_tag_policy || !shown->lf_tag_policy->expression_name) return std::string();
  return *shown->lf_tag_policy->expression_name;
}

Result<std::string> FilterName(store::Transaction& tx, const GrantRow& row) {
  TRY_ASSIGN(auto shown, lake::ShownResource(tx, row));
  return shown && shown->data_cells_filter ? shown->data_cells_filter->name.value_or("") : std::string();
}

Result<wire_hanse::GrantOnTheWay> Describe(store::Transaction& tx, const GrantRow& row, const Caller& caller, bool counts) {
  wire_hanse::GrantOnTheWay shown{.grant_id = std::to_string(row.id), .counts = counts};
  bool foreign = row.owner != caller.account;
  bool mine = Contains(lake::OwnKeys(caller), row.principal);
  shown.side = row.keeper != row.owner ? "LOCAL" : foreign && !mine ? "CEILING" : "OWNER";
  shown.principal = row.shown;
  shown.through = Through(row, caller);
  TRY_ASSIGN(shown.resource, ResourceInWords(tx, row));
  shown.permissions = policy::PermissionNames(row.permissions);
  if (!row.grantable.empty()) shown.grantable = policy::PermissionNames(row.grantable);
  if (row.kind == GrantKind::kTablesByTag) shown.expression = ExpressionInWords(row.tags());
  if (row.kind == GrantKind::kCells) shown.filter_rows = row.filter_rows.empty() ? "all rows" : row.filter_rows;
  if (!row.condition.empty()) shown.condition = row.condition;
  if (row.share != 0) {
    TRY_ASSIGN(auto share, lake::FindShareById(tx, row.share));
    if (share) shown.share = share->arn;
  }
  shown.granted_by = row.updated_by;
  shown.granted_at = wire::Timestamp{row.updated_ms};
  shown.why = counts ? "it counts" : WhyNot(row, caller);
  return shown;
}

Result<std::vector<GrantRow>> RowsOnTheWay(store::Transaction& tx, const Caller& caller, const store::TableRow& table) {
  std::vector<std::string> keys = lake::OwnKeys(caller);
  if (caller.account == table.account) {
    keys.emplace_back(lake::kIamAllowedPrincipals);
  } else {
    for (std::string& key : lake::AccountKeys(caller)) keys.push_back(std::move(key));
  }
  TRY_ASSIGN(auto rows, lake::GrantsTo(tx, table.account, table.region, keys, {table.id, table.database, 0}));
  std::erase_if(rows, [&](const GrantRow& row) { return !lake::AboutTable(row, table); });
  return rows;
}

// Names of tags, each read once.
class TagNames {
 public:
  explicit TagNames(store::Transaction& tx) : tx_(tx) {}
  Result<std::map<std::string, std::string>> Of(const policy::Tags& tags) {
    std::map<std::string, std::string> named;
    for (const auto& [id, value] : tags) {
      if (!names_.contains(id)) {
        TRY_ASSIGN(auto tag, lake::FindTagById(tx_, id));
        names_[id] = tag ? tag->key : "";
      }
      if (!names_[id].empty()) named[names_[id]] = value;
    }
    return named;
  }

 private:
  store::Transaction& tx_;
  std::map<Id, std::string> names_;
};

}  // namespace

std::string ExpressionInWords(const policy::TagExpression& expression) {
  std::string text;
  for (const policy::TagTerm& term : expression) {
    text += fmt::format("{}{}={}", text.empty() ? "" : " AND ", term.key, Join(term.values, "|"));
  }
  return text.empty() ? "nothing (its tags or values are gone)" : text;
}

Result<std::string> ResourceInWords(store::Transaction& tx, const GrantRow& row) {
  auto table_name = [&]() -> Result<std::string> {
    TRY_ASSIGN(auto table, store::FindTableById(tx, row.object));
    return table ? fmt::format("{}.{}", table->database_name, table->name) : std::string("a table that is gone");
  };
  switch (row.kind) {
    case GrantKind::kCatalog: return "the catalog of " + row.owner;
    case GrantKind::kDatabase:
    case GrantKind::kAllTables: {
      TRY_ASSIGN(auto database, store::FindDatabaseById(tx, row.object));
      std::string name = database ? database->name : "that is gone";
      return (row.kind == GrantKind::kDatabase ? "database " : "all tables of database ") + name;
    }
    case GrantKind::kTable:
    case GrantKind::kColumns:
    case GrantKind::kAllButColumns:
    case GrantKind::kCells: {
      TRY_ASSIGN(std::string name, table_name());
      if (row.kind == GrantKind::kTable) return "table " + name;
      if (row.kind == GrantKind::kColumns) return fmt::format("columns {} of {}", Join(row.columns(), ", "), name);
      if (row.kind == GrantKind::kAllButColumns) return fmt::format("all columns but {} of {}", Join(row.columns(), ", "), name);
      TRY_ASSIGN(std::string filter, FilterName(tx, row));
      return fmt::format("filter {} of {}", filter, name);
    }
    case GrantKind::kLocation: return "the place s3://" + row.detail;
    case GrantKind::kTag: {
      TRY_ASSIGN(auto tag, lake::FindTagById(tx, row.object));
      return fmt::format("tag {}={}", tag ? tag->key : "", row.detail);
    }
    case GrantKind::kDatabasesByTag:
    case GrantKind::kTablesByTag: {
      TRY_ASSIGN(std::string saved, SavedName(tx, row));
      std::string_view what = row.kind == GrantKind::kTablesByTag ? "tables" : "databases";
      return fmt::format("{} with {}", what, saved.empty() ? ExpressionInWords(row.tags()) : "expression " + saved);
    }
    case GrantKind::kExpression: return std::string("a saved expression");
    case GrantKind::kRowPolicy: return std::string("a row-level security policy");
  }
  return std::string();
}

Result<std::vector<wire_hanse::GrantOnTheWay>> ChainOf(store::Transaction& tx, const Subject& subject, const AskedTable& asked,
                                                       const policy::TableAccess& access) {
  TRY_ASSIGN(auto rows, RowsOnTheWay(tx, subject.caller, asked.table));
  std::set<Id> counted = GrantsThatCounted(access);
  std::vector<wire_hanse::GrantOnTheWay> chain;
  for (const GrantRow& row : rows) {
    TRY_ASSIGN(auto shown, Describe(tx, row, subject.caller, counted.contains(row.id)));
    chain.push_back(std::move(shown));
  }
  std::ranges::stable_sort(chain, [](const auto& a, const auto& b) { return *a.counts > *b.counts; });
  return chain;
}

Result<std::vector<std::string>> ReasonsOf(store::Transaction& tx, const policy::TableAccess& access) {
  std::vector<std::string> reasons;
  for (Id id : GrantsThatCounted(access)) {
    TRY_ASSIGN(auto row, lake::FindGrantById(tx, id));
    if (!row) continue;
    TRY_ASSIGN(std::string resource, ResourceInWords(tx, *row));
    std::string what = Join(policy::PermissionNames(row->permissions), ", ");
    reasons.push_back(fmt::format("grant {}: {} on {} to {}", id, what, resource, row->shown));
  }
  return reasons;
}

Result<std::vector<wire_hanse::ColumnVerdict>> ColumnsOf(store::Transaction& tx, const Subject& subject, const AskedTable& asked,
                                                         const Decided& decided) {
  const store::TableRow& table = asked.table;
  const policy::TableAccess& access = decided.access;
  TRY_ASSIGN(lake::TableTags tags, lake::TagsOfTable(tx, table));
  policy::Tags over_all = policy::Overlay(tags.table, tags.database);
  TRY_ASSIGN(auto rows, RowsOnTheWay(tx, subject.caller, table));
  std::set<Id> counted = GrantsThatCounted(access);
  std::vector<std::string> names = table.columns;
  names.insert(names.end(), table.keys.begin(), table.keys.end());
  TagNames tag_names(tx);
  std::vector<wire_hanse::ColumnVerdict> columns;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    policy::Tags carried = policy::Overlay(tags.columns[name], over_all);
    wire_hanse::ColumnVerdict column{.name = name};
    bool masked = access.cell_filters.contains(name);
    column.verdict = !decided.Reads(name) ? decided.described && Contains(access.described_columns, name) ? "DESCRIBED" : "HIDDEN"
                     : masked             ? "MASKED"
                                          : "SHOWN";
    if (masked && decided.read) column.seen_where = access.cell_filters.at(name);
    TRY_ASSIGN(column.tags, tag_names.Of(carried));
    std::vector<std::string> by;
    for (const GrantRow& row : rows) {
      if (counted.contains(row.id) && row.permissions.Grants(policy::Permission::kSelect) &&
          Covers(row, name, carried, i >= table.columns.size())) {
        by.push_back(std::to_string(row.id));
      }
    }
    bool covered = Contains(access.columns, name);
    if (covered) {
      column.why = fmt::format("{} {}{}", by.size() == 1 ? "grant" : "grants", Join(by, ", "),
                               decided.read ? "" : ", but the policies do not let it through");
    } else {
      column.why = "no grant of SELECT that counts covers it";
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace hanse::steward
