#include <algorithm>

#include "base/text.h"
#include "governance/filter_rows.h"
#include "governance/grantee.h"
#include "governance/shown_grants.h"
#include "governance/target.h"
#include "steward/chain.h"
#include "steward/mesh_names.h"
#include "steward/mesh_step.h"

// Filters and grants of a catalog.
namespace hanse::steward {

namespace lake = governance;

namespace {

namespace lf = wire::lakeformation;
using lake::FilterRow;
using lake::GrantRow;
using policy::PermissionSet;

constexpr std::int64_t kRowsMost = 1'000'000;

Result<PermissionSet> PermissionsNamed(const std::vector<std::string>& names) {
  PermissionSet set;
  for (const std::string& name : names) {
    policy::Permission permission;
    if (!policy::ParsePermission(name, &permission)) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("{} is no permission", name));
    }
    set.Add(permission);
  }
  return set;
}

bool SameThing(const GrantRow& a, const GrantRow& b) {
  return a.principal == b.principal && a.resource_key == b.resource_key && a.condition == b.condition;
}

// Lists of columns and expressions stand beside the key.
bool SameDetail(const GrantRow& a, const GrantRow& b) { return a.detail == b.detail || a.expression != 0; }

PermissionSet Less(PermissionSet set, PermissionSet less) {
  set.Remove(less);
  return set;
}

// What makers of databases, tables, tags, saved expressions and row policies were given with them, and have not passed on by hand.
bool GivenWithTheThing(const GrantRow& row) {
  bool made = row.kind == lake::GrantKind::kDatabase || row.kind == lake::GrantKind::kTable ||
              row.kind == lake::GrantKind::kExpression || row.kind == lake::GrantKind::kRowPolicy ||
              (row.kind == lake::GrantKind::kTag && row.detail == "*");
  return made && row.principal_id != 0 && row.shown == row.updated_by && row.permissions == row.grantable;
}

template <class Op>
Result<Op> Modification(store::Transaction& tx, const GrantRow& row, PermissionSet permissions, PermissionSet option) {
  Op op;
  TRY_ASSIGN(auto resource, lake::ShownResource(tx, row));
  TRY_ASSIGN(std::string to, ShownPrincipal(tx, row));
  op.in.principal = lf::DataLakePrincipal{.data_lake_principal_identifier = std::move(to)};
  op.in.resource = std::move(resource);
  op.in.permissions = policy::PermissionNames(permissions);
  if (!option.empty()) op.in.permissions_with_grant_option = policy::PermissionNames(option);
  if (!row.condition.empty()) op.in.condition = lf::Condition{.expression = row.condition};
  return op;
}

Result<std::vector<GrantRow>> OwnGrants(store::Transaction& tx, const AccountId& account, const std::string& region) {
  TRY_ASSIGN(auto rows, lake::GrantsIn(tx, account, region, 0, kRowsMost));
  std::erase_if(rows, [&](const GrantRow& row) { return row.keeper != account; });
  return rows;
}

std::string Names(PermissionSet permissions, PermissionSet option) {
  std::string text = Join(policy::PermissionNames(permissions), ", ");
  if (!option.empty())
    text += fmt::format("{}passing on {}", text.empty() ? "" : "; ", Join(policy::PermissionNames(option), ", "));
  return text;
}

lf::DataCellsFilter ToWire(const AccountId& account, const WrittenFilter& written) {
  std::size_t dot = written.table.find('.');
  lf::DataCellsFilter filter{.table_catalog_id = account,
                             .database_name = written.table.substr(0, dot),
                             .table_name = written.table.substr(dot + 1),
                             .name = written.name};
  filter.row_filter.emplace();
  if (written.rows.empty()) {
    filter.row_filter->all_rows_wildcard.emplace();
  } else {
    filter.row_filter->filter_expression = written.rows;
  }
  if (!written.columns.empty()) {
    filter.column_names = written.columns;
  } else {
    filter.column_wildcard.emplace();
    if (!written.except.empty()) filter.column_wildcard->excluded_column_names = written.except;
  }
  return filter;
}

bool SameFilter(const FilterRow& row, const WrittenFilter& written) {
  std::vector<std::string> columns = written.columns.empty() ? written.except : written.columns;
  for (std::string& column : columns) column = Lower(column);
  std::vector<std::string> there = row.columns;
  std::ranges::sort(columns);
  std::ranges::sort(there);
  auto list = written.columns.empty() ? policy::ColumnList::kAllBut : policy::ColumnList::kOnly;
  std::string rows = EqualsIgnoreCase(Trim(written.rows), "true") ? "" : written.rows;
  return row.rows == rows && row.list == list && there == columns;
}

}  // namespace

// A grant that the document wants: its row as it would be, one for each value of a tag.
struct MeshChange::Wanted {
  GrantRow row;
};

Result<std::vector<std::pair<std::string, FilterRow>>> FiltersOf(store::Transaction& tx, const AccountId& account,
                                                                 const std::string& region) {
  TRY_ASSIGN(auto rows, lake::ListFilters(tx, account, 0, 0, kRowsMost));
  std::vector<std::pair<std::string, FilterRow>> filters;
  for (FilterRow& row : rows) {
    TRY_ASSIGN(auto table, store::FindTableById(tx, row.table));
    if (!table || table->account != account || table->region != region) continue;
    filters.emplace_back(fmt::format("{}.{}", table->database_name, table->name), std::move(row));
  }
  return filters;
}

Result<std::vector<WrittenGrant>> GrantsOf(store::Transaction& tx, const AccountId& account, const std::string& region) {
  TRY_ASSIGN(auto rows, OwnGrants(tx, account, region));
  std::vector<WrittenGrant> grants;
  for (const GrantRow& row : rows) {
    if (GivenWithTheThing(row)) continue;
    TRY_ASSIGN(auto written, Written(tx, row));
    if (written) grants.push_back(std::move(*written));
  }
  return grants;
}

Result<void> MeshChange::Filters(const Site& site) {
  if (!site.written->filters) return {};
  TRY_ASSIGN(auto there, FiltersOf(call_.tx(), site.account, call_.info().region));
  for (const WrittenFilter& written : *site.written->filters) {
    auto same = std::ranges::find_if(
        there, [&](const auto& one) { return one.first == Lower(written.table) && one.second.name == written.name; });
    std::string what =
        fmt::format("filter {} of {}: {}", written.name, written.table, written.rows.empty() ? "all rows" : written.rows);
    if (same == there.end()) {
      lake::CreateDataCellsFilter op;
      op.in.table_data = ToWire(site.account, written);
      TRY(Step(site, op, filters_, '+', what));
    } else if (!SameFilter(same->second, written)) {
      lake::UpdateDataCellsFilter op;
      op.in.table_data = ToWire(site.account, written);
      TRY(Step(site, op, filters_, '~', what));
    }
  }
  return {};
}

// After the grants: what is still granted cannot be dropped.
Result<void> MeshChange::DropFilters(const Site& site) {
  if (!site.written->filters) return {};
  TRY_ASSIGN(auto there, FiltersOf(call_.tx(), site.account, call_.info().region));
  for (const auto& [table, row] : there) {
    bool kept = std::ranges::any_of(*site.written->filters, [&](const WrittenFilter& written) {
      return Lower(written.table) == table && written.name == row.name;
    });
    if (kept) continue;
    std::size_t dot = table.find('.');
    lake::DeleteDataCellsFilter op;
    op.in = {.table_catalog_id = site.account,
             .database_name = table.substr(0, dot),
             .table_name = table.substr(dot + 1),
             .name = row.name};
    TRY(Step(site, op, filters_, '-', fmt::format("filter {} of {}", row.name, table)));
  }
  return {};
}

Result<std::vector<MeshChange::Wanted>> MeshChange::WantedGrants(const Site& site) {
  std::vector<Wanted> wanted;
  for (const WrittenGrant& written : *site.written->grants) {
    TRY_ASSIGN(std::string to, PrincipalNamed(call_.tx(), site.account, written.to));
    TRY_ASSIGN(lake::Grantee grantee, lake::FindGrantee(call_.tx(), site.as, to));
    TRY_ASSIGN(lf::Resource resource, ResourceOf(site.account, written));
    auto target = lake::FindTarget(call_.tx(), site.as, call_.info().region, site.account, resource);
    if (!target) {
      return Fail(target.error().code,
                  fmt::format("grant to {} (account {}): {}", written.to, site.account, target.error().message));
    }
    TRY_ASSIGN(PermissionSet can, PermissionsNamed(written.can));
    TRY_ASSIGN(PermissionSet pass_on, PermissionsNamed(written.pass_on));
    for (GrantRow& row : target->Rows()) {
      row.keeper = site.account;
      row.principal = grantee.key;
      row.principal_id = grantee.principal;
      row.shown = grantee.shown;
      row.condition = written.condition;
      row.permissions = can;
      row.grantable = pass_on;
      auto same = std::ranges::find_if(wanted, [&](const Wanted& one) { return SameThing(one.row, row); });
      if (same == wanted.end()) {
        wanted.push_back({std::move(row)});
      } else if (!SameDetail(same->row, row)) {
        return Fail(ErrorCode::kInvalidArgument, fmt::format("two lists of columns for {}: write one", written.to));
      } else {
        same->row.permissions.Add(row.permissions);
        same->row.grantable.Add(row.grantable);
      }
    }
  }
  return wanted;
}

Result<void> MeshChange::RevokeWhatIsNot(const Site& site, const std::vector<Wanted>& wanted) {
  TRY_ASSIGN(auto there, OwnGrants(call_.tx(), site.account, call_.info().region));
  std::size_t left_alone = 0;
  for (const GrantRow& row : there) {
    auto same = std::ranges::find_if(wanted, [&](const Wanted& one) { return SameThing(one.row, row); });
    bool keeps = same != wanted.end() && SameDetail(same->row, row);
    if (same == wanted.end() && GivenWithTheThing(row)) {
      ++left_alone;
      continue;
    }
    PermissionSet extra = keeps ? Less(row.permissions, same->row.permissions) : row.permissions;
    PermissionSet option = keeps ? Less(Less(row.grantable, same->row.grantable), extra) : PermissionSet();
    if (extra.empty() && option.empty()) continue;
    TRY_ASSIGN(std::string on, ResourceInWords(call_.tx(), row));
    TRY_ASSIGN(auto op, Modification<lake::RevokePermissions>(call_.tx(), row, extra, option));
    if (!op.in.resource) continue;
    TRY(Step(site, op, grants_, '-', fmt::format("{} on {} from {}", Names(extra, option), on, row.shown)));
  }
  if (left_alone > 0) {
    notes.push_back(
        fmt::format("account {}: {} grants that makers of databases, tables and tags were given with them are left alone",
                    site.account, left_alone));
  }
  return {};
}

Result<void> MeshChange::GrantWhatLacks(const Site& site, const std::vector<Wanted>& wanted) {
  for (const Wanted& one : wanted) {
    TRY_ASSIGN(auto there, lake::FindGrant(call_.tx(), one.row));
    PermissionSet lacking = there ? Less(one.row.permissions, there->permissions) : one.row.permissions;
    PermissionSet option = there ? Less(one.row.grantable, there->grantable) : one.row.grantable;
    if (lacking.empty() && option.empty()) continue;
    TRY_ASSIGN(std::string on, ResourceInWords(call_.tx(), one.row));
    TRY_ASSIGN(auto op, Modification<lake::GrantPermissions>(call_.tx(), one.row, one.row.permissions, one.row.grantable));
    TRY(Step(site, op, grants_, '+', fmt::format("{} on {} to {}", Names(lacking, option), on, one.row.shown)));
  }
  return {};
}

Result<void> MeshChange::Grants(const Site& site) {
  if (!site.written->grants) return {};
  // Twice: the first change of a catalog writes down what it had by default, which then is compared too.
  for (int round = 0; round < 2; ++round) {
    TRY_ASSIGN(auto wanted, WantedGrants(site));
    std::size_t before = steps.size(), noted = notes.size();
    TRY(RevokeWhatIsNot(site, wanted));
    TRY(GrantWhatLacks(site, wanted));
    if (steps.size() == before) break;
    if (round == 0) notes.resize(noted);
  }
  return {};
}

}  // namespace hanse::steward
