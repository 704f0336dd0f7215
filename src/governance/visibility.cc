#include "governance/visibility.h"

#include <algorithm>
#include <set>

#include "governance/grantee.h"
#include "governance/office.h"
#include "governance/rights.h"
#include "governance/settings_rows.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using policy::PermissionSet;

constexpr std::int64_t kPage = 500;

// Whether a row can make tables visible that it does not name.
bool ReachesMany(const GrantRow& row) { return row.kind == GrantKind::kAllTables || row.kind == GrantKind::kTablesByTag; }

// Tables of the database that grants name, whoever of the caller's principals they name.
Result<std::vector<Id>> NamedTables(store::Transaction& tx, const Caller& caller, const store::DatabaseRow& database) {
  std::vector<std::string> keys = OwnKeys(caller);
  if (caller.account == database.account) {
    keys.emplace_back(kIamAllowedPrincipals);
  } else {
    for (std::string& key : AccountKeys(caller)) keys.push_back(std::move(key));
  }
  std::string marks;
  std::vector<store::Value> parameters = {database.id, database.account, database.region};
  for (const std::string& key : keys) {
    marks += marks.empty() ? "?" : ", ?";
    parameters.emplace_back(key);
  }
  if (marks.empty()) return std::vector<Id>();
  TRY_ASSIGN(auto rows, tx.Query("SELECT DISTINCT t.id FROM catalog_tables t JOIN lf_grants g ON g.thing_id = t.id "
                                 "WHERE t.database_id = ? AND g.owner = ? AND g.region = ? AND g.principal IN (" +
                                     marks + ")",
                                 parameters));
  std::vector<Id> tables;
  for (const store::Row& row : rows) tables.push_back(row.Int(0));
  return tables;
}

// From the snapshot: of tables that some grant reaches.
Result<bool> AnyReachedVisible(const LakeReader& from, const Caller& caller, const store::DatabaseRow& database) {
  constexpr std::size_t kFewMax = 64;
  std::size_t few = 1;  // Mostly the first one shows the database.
  const policy::LakeSnapshot::Who who = from.Who(caller, database.account);
  std::string after;
  while (true) {
    std::vector<Id> reached = from.snapshot()->VisibleIn(who, database.id, after, few);
    for (Id id : reached) {
      TRY_ASSIGN(auto table, store::FindTableById(from.tx(), id));
      if (!table) return Fail(ErrorCode::kInternal, "the snapshot names a table that is not there");
      TRY_ASSIGN(bool shown, ShowsDatabase(from, caller, *table));
      if (shown) return true;
      after = table->name;
    }
    if (reached.size() < few) return false;
    few = std::min(8 * few, kFewMax);
  }
}

Result<bool> AnyTableVisible(const LakeReader& from, const Caller& caller, const store::DatabaseRow& database, bool all) {
  if (from.snapshot()) return AnyReachedVisible(from, caller, database);
  store::Transaction& tx = from.tx();
  if (!all) {
    TRY_ASSIGN(std::vector<Id> named, NamedTables(tx, caller, database));
    for (Id id : named) {
      TRY_ASSIGN(auto table, store::FindTableById(tx, id));
      if (!table) continue;
      TRY_ASSIGN(bool shown, ShowsDatabase(from, caller, *table));
      if (shown) return true;
    }
    return false;
  }
  std::string after;
  while (true) {
    TRY_ASSIGN(auto tables, store::ListTables(tx, database.id, after, kPage));
    for (const store::TableRow& table : tables) {
      TRY_ASSIGN(bool shown, ShowsDatabase(from, caller, table));
      if (shown) return true;
    }
    if (tables.size() < static_cast<std::size_t>(kPage)) return false;
    after = tables.back().name;
  }
}

}  // namespace

Result<policy::DatabaseAccess> AccessToDatabase(const LakeReader& from, const Caller& caller, const store::DatabaseRow& database) {
  policy::DatabaseAccess access;
  TRY_ASSIGN(access.permissions, RightsOnDatabase(from, caller, database, Which::kHeld));
  TRY_ASSIGN(Office office, OfficeOf(from.tx(), caller, database.account, database.region));
  if (office != Office::kNone) {
    access.permissions.Add(Permission::kDescribe);
    access.reasons.push_back({"administrator of the catalog"});
  }
  access.visible = !access.permissions.empty();
  if (access.visible || database.target) return access;
  TRY_ASSIGN(Holdings rows, HoldingsOf(from, caller, database.account, database.region, {database.id, 0}, Which::kHeld));
  bool wildcard = false, many = false;
  for (const auto* side : {&rows.own, &rows.local}) {
    for (const GrantRow& row : *side) {
      wildcard = wildcard || (row.kind == GrantKind::kAllTables && row.condition.empty());
      many = many || ReachesMany(row);
    }
  }
  if (wildcard && !rows.foreign) {
    access.visible = true;  // Also while it is empty (lakeformation.md, section 2.6).
    return access;
  }
  TRY_ASSIGN(access.visible, AnyTableVisible(from, caller, database, many));
  return access;
}

Result<PermissionSet> AccessToCatalog(store::Transaction& tx, const Caller& caller, std::string_view account,
                                      std::string_view region) {
  if (caller.account != account) return PermissionSet();
  TRY_ASSIGN(PermissionSet held, RightsOnCatalog(tx, caller, account, region, Which::kHeld));
  TRY_ASSIGN(Office office, OfficeOf(tx, caller, account, region));
  if (office == Office::kAdmin) {
    held.Add(PermissionSet(Permission::kCreateDatabase) | Permission::kCreateLfTag | Permission::kCreateLfTagExpression |
             Permission::kCreateCatalog);
  }
  TRY_ASSIGN(CatalogSettings settings, SettingsOf(tx, account, region));
  if (!settings.kept) held.Add(Permission::kCreateDatabase);
  return held;
}

}  // namespace hanse::governance
