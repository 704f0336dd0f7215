#include "governance/lake_source.h"

#include <algorithm>

#include "governance/grantee.h"
#include "governance/listed_rights.h"
#include "governance/location_rows.h"
#include "governance/office.h"
#include "governance/outside_reading.h"
#include "governance/rights.h"
#include "governance/settings_rows.h"
#include "governance/visibility.h"
#include "policy/lake_decide.h"
#include "wire/glue.h"
#include "wire/json.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using policy::PermissionSet;

// Who decides over a path for the catalog of `account`: its own registration, else the longest of all.
Result<std::optional<LocationRow>> Governing(store::Transaction& tx, std::string_view account, std::string_view region,
                                             std::string_view path) {
  TRY_ASSIGN(auto over, LocationsOver(tx, region, path));
  for (LocationRow& location : over) {
    if (location.account == account) return std::optional<LocationRow>(std::move(location));
  }
  if (over.empty()) return std::optional<LocationRow>();
  return std::optional<LocationRow>(std::move(over.front()));
}

GrantRow NewGrant(std::string_view owner, std::string_view region, GrantKind kind, std::string key, Id object, TimeMs now_ms) {
  GrantRow row;
  row.keeper = row.owner = AccountId(owner);
  row.region = std::string(region);
  row.kind = kind;
  row.resource_key = std::move(key);
  row.object = object;
  row.updated_ms = now_ms;
  return row;
}

Result<void> GiveCreator(store::Transaction& tx, const Caller& creator, GrantRow row, PermissionSet permissions) {
  if (creator.principal == 0) return {};
  row.principal = PrincipalKey(creator.principal);
  row.principal_id = creator.principal;
  row.shown = creator.principal_arn;
  row.updated_by = creator.principal_arn;
  row.permissions = permissions;
  // Across accounts no principal has a grant option (lakeformation.md, section 5.4).
  if (creator.account == row.owner) row.grantable = permissions;
  return AddGrant(tx, std::move(row));
}

Result<void> OpenToIam(store::Transaction& tx, const Caller& creator, GrantRow row) {
  row.principal = row.shown = std::string(kIamAllowedPrincipals);
  row.updated_by = creator.principal_arn;
  row.permissions = Permission::kAll;
  return AddGrant(tx, std::move(row));
}

PermissionSet OnLink() { return PermissionSet(Permission::kDescribe) | Permission::kDrop; }

}  // namespace

Result<policy::TableAccess> LakeSource::OnTable(store::Transaction& tx, const Caller& caller, const store::TableRow& table) {
  return RightsOnTable(LakeReader(tx, keeper_), caller, table, Which::kHeld);
}

Result<bool> LakeSource::MayPassOn(store::Transaction& tx, const Caller& caller, const store::TableRow& table) const {
  TRY_ASSIGN(policy::TableAccess may, RightsOnTable(LakeReader(tx, keeper_), caller, table, Which::kGrantable));
  return may.permissions.Grants(Permission::kSelect);
}

Result<bool> LakeSource::IsOpenToIam(store::Transaction& tx, const store::TableRow& table) const {
  TRY_ASSIGN(auto open,
             LakeReader(tx, keeper_)
                 .GrantsTo(table.account, table.region, {std::string(kIamAllowedPrincipals)}, {table.id, table.database}));
  return std::ranges::any_of(open, [&](const GrantRow& row) { return AboutTable(row, table); });
}

Result<bool> LakeSource::IsOpenToIam(store::Transaction& tx, const store::DatabaseRow& database) const {
  TRY_ASSIGN(
      auto open,
      LakeReader(tx, keeper_).GrantsTo(database.account, database.region, {std::string(kIamAllowedPrincipals)}, {database.id}));
  return !open.empty();
}

Result<policy::DatabaseAccess> LakeSource::OnDatabase(store::Transaction& tx, const Caller& caller,
                                                      const store::DatabaseRow& database) {
  return AccessToDatabase(LakeReader(tx, keeper_), caller, database);
}

Result<std::optional<std::vector<Id>>> LakeSource::Reached(store::Transaction& tx, const Caller& caller,
                                                           const store::DatabaseRow& database, std::string_view after,
                                                           std::size_t limit) const {
  using Found = std::optional<std::vector<Id>>;
  LakeReader from(tx, keeper_);
  if (!from.snapshot()) return Found();
  TRY_ASSIGN(Office office, OfficeOf(tx, caller, database.account, database.region));
  if (office != Office::kNone) return Found();  // Who sees everything.
  return Found(from.snapshot()->VisibleIn(from.Who(caller, database.account), database.id, after, limit));
}

Result<std::vector<policy::TableAccess>> LakeSource::OnTables(store::Transaction& tx, const Caller& caller,
                                                              const store::DatabaseRow& database,
                                                              std::span<const store::TableRow> tables) const {
  return RightsOnTables(LakeReader(tx, keeper_), caller, database, tables);
}

Result<PermissionSet> LakeSource::OnCatalog(store::Transaction& tx, const Caller& caller, std::string_view account,
                                            std::string_view region) {
  return AccessToCatalog(tx, caller, account, region);
}

Result<bool> LakeSource::MayUseLocation(store::Transaction& tx, const Caller& caller, std::string_view account,
                                        std::string_view region, std::string_view s3_path, const store::DatabaseRow* within) {
  std::optional<std::string> path = PathOfUri(s3_path);
  if (!path) return true;
  TRY_ASSIGN(auto location, Governing(tx, account, region, *path));
  if (!location) return true;
  std::optional<std::string> base = within ? PathOfUri(within->location) : std::nullopt;
  if (base && path->starts_with(*base)) {
    // Below its database's own place, which is registered itself, a table needs nothing more (lakeformation.md, section 2.9).
    TRY_ASSIGN(auto over_base, Governing(tx, account, region, *base));
    if (over_base && over_base->account == location->account) return true;
  }
  TRY_ASSIGN(Office office, OfficeOf(tx, caller, location->account, region));
  if (office == Office::kAdmin) return true;
  TRY_ASSIGN(PermissionSet held, RightsOnLocation(tx, caller, location->account, region, *path, Which::kHeld));
  return held.Has(Permission::kDataLocationAccess);
}

Result<std::optional<gate::RegisteredLocation>> LakeSource::LocationOf(store::Transaction& tx, std::string_view account,
                                                                       std::string_view region, std::string_view s3_path) {
  std::optional<std::string> path = PathOfUri(s3_path);
  if (!path) return std::optional<gate::RegisteredLocation>();
  TRY_ASSIGN(auto over, LocationsOver(tx, region, *path));
  const LocationRow* chosen = nullptr;
  for (const LocationRow& location : over) {
    if (location.account == account) {
      chosen = &location;
      break;
    }
  }
  for (auto location = over.begin(); !chosen && location != over.end(); ++location) {
    TRY_ASSIGN(bool lent, LentTo(tx, *location, *path, account));
    if (lent) chosen = &*location;
  }
  if (!chosen) return std::optional<gate::RegisteredLocation>();
  gate::RegisteredLocation found{chosen->account, chosen->arn, {}, chosen->hybrid};
  TRY_ASSIGN(auto role, store::FindPrincipalById(tx, chosen->role));
  if (role) found.role_arn = role->arn;
  return std::optional<gate::RegisteredLocation>(std::move(found));
}

Result<gate::OutsideReading> LakeSource::OutsideReadingOf(store::Transaction& tx, const Caller& caller, std::string_view account,
                                                          std::string_view region) {
  TRY_ASSIGN(gate::OutsideReading reading, OutsideReadingBy(tx, caller, account, region));
  if (caller.account == account) return reading;
  TRY_ASSIGN(gate::OutsideReading own, OutsideReadingBy(tx, caller, caller.account, region));
  return gate::OutsideReading{reading.full_tables && own.full_tables, reading.filters && own.filters};
}

Result<bool> LakeSource::SharedWith(store::Transaction& tx, std::string_view owner, std::string_view region,
                                    const Caller& consumer) {
  if (consumer.account == owner) return false;
  std::vector<std::string> keys = OwnKeys(consumer);
  for (std::string& key : AccountKeys(consumer)) keys.push_back(std::move(key));
  TRY_ASSIGN(auto rows, GrantsTo(tx, owner, region, keys, {}));
  for (const GrantRow& row : rows) {
    if (row.open && row.keeper == owner) return true;
  }
  return false;
}

Result<bool> LakeSource::NamesReaderTo(store::Transaction& tx, const Caller& reader, std::string_view region,
                                       std::string_view owner) {
  TRY_ASSIGN(CatalogSettings settings, SettingsOf(tx, reader.account, region));
  const auto& trusted = settings.settings.trusted_resource_owners;
  return trusted && std::ranges::find(*trusted, owner) != trusted->end();
}

Result<void> LakeSource::DatabaseCreated(store::Transaction& tx, const Caller& creator, const store::DatabaseRow& database) {
  GrantRow row = NewGrant(database.account, database.region, GrantKind::kDatabase, "database:" + std::to_string(database.id),
                          database.id, clock_.NowMs());
  TRY_ASSIGN(Office office, OfficeOf(tx, creator, database.account, database.region));
  PermissionSet builder = PermissionSet(Permission::kAlter) | Permission::kDrop | Permission::kCreateTable | Permission::kDescribe;
  PermissionSet gets = database.target ? OnLink() : office == Office::kAdmin ? PermissionSet(Permission::kAll) : builder;
  TRY(GiveCreator(tx, creator, row, gets));
  TRY_ASSIGN(CatalogSettings settings, SettingsOf(tx, database.account, database.region));
  return settings.databases_open() ? OpenToIam(tx, creator, std::move(row)) : Result<void>();
}

Result<void> LakeSource::TableCreated(store::Transaction& tx, const Caller& creator, const store::TableRow& table,
                                      const store::DatabaseRow& in) {
  GrantRow row =
      NewGrant(table.account, table.region, GrantKind::kTable, "table:" + std::to_string(table.id), table.id, clock_.NowMs());
  TRY(GiveCreator(tx, creator, row, table.target ? OnLink() : PermissionSet(Permission::kAll)));
  // The database's own defaults decide, copied from the settings when it was made (lakeformation.md, section 2.8).
  TRY_ASSIGN(auto definition, wire::FromJson<wire::glue::Database>(in.definition));
  bool open = false;
  for (const auto& one : definition.create_table_default_permissions.value_or(std::vector<wire::glue::PrincipalPermissions>())) {
    open = open || (one.principal && one.principal->data_lake_principal_identifier == kIamAllowedPrincipals && one.permissions &&
                    std::ranges::find(*one.permissions, "ALL") != one.permissions->end());
  }
  return open ? OpenToIam(tx, creator, std::move(row)) : Result<void>();
}

Result<bool> LakeSource::TableDefaultsAllowIam(store::Transaction& tx, std::string_view account, std::string_view region) {
  TRY_ASSIGN(CatalogSettings settings, SettingsOf(tx, account, region));
  return settings.tables_open();
}

}  // namespace hanse::governance
