#include "governance/settings_rows.h"

#include <algorithm>

#include "governance/grant_rows.h"
#include "governance/grantee.h"
#include "wire/json.h"

namespace hanse::governance {
namespace {

using wire::lakeformation::DataLakePrincipal;
using wire::lakeformation::DataLakeSettings;
using wire::lakeformation::PrincipalPermissions;

DataLakeSettings Fresh() {
  std::vector<PrincipalPermissions> open = {
      {.principal = DataLakePrincipal{.data_lake_principal_identifier = std::string(kIamAllowedPrincipals)},
       .permissions = std::vector<std::string>{"ALL"}}};
  DataLakeSettings settings;
  settings.create_database_default_permissions = open;
  settings.create_table_default_permissions = open;
  settings.parameters = {{std::string(kVersionParameter), "4"}};
  return settings;
}

}  // namespace

int CatalogSettings::cross_account_version() const {
  if (!settings.parameters) return 1;
  auto found = settings.parameters->find(std::string(kVersionParameter));
  return found == settings.parameters->end() || found->second.size() != 1 ? 1 : found->second.front() - '0';
}

bool CatalogSettings::databases_open() const { return OpensToIam(settings.create_database_default_permissions); }
bool CatalogSettings::tables_open() const { return OpensToIam(settings.create_table_default_permissions); }

bool OpensToIam(const std::optional<std::vector<PrincipalPermissions>>& defaults) {
  if (!defaults) return false;
  return std::ranges::any_of(*defaults, [](const PrincipalPermissions& one) {
    return one.principal && one.principal->data_lake_principal_identifier == kIamAllowedPrincipals && one.permissions &&
           std::ranges::find(*one.permissions, "ALL") != one.permissions->end();
  });
}

Result<CatalogSettings> SettingsOf(store::Transaction& tx, std::string_view account, std::string_view region) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT settings FROM lf_settings WHERE account = ? AND region = ?",
                                {std::string(account), std::string(region)}));
  if (!row) return CatalogSettings{false, Fresh()};
  TRY_ASSIGN(auto settings, wire::FromJson<DataLakeSettings>(row->Text(0)));
  return CatalogSettings{true, std::move(settings)};
}

Result<void> KeepSettings(store::Transaction& tx, std::string_view account, std::string_view region,
                          const DataLakeSettings& settings) {
  TRY(
      tx.Execute("INSERT INTO lf_settings (account, region, settings) VALUES (?, ?, ?) "
                 "ON CONFLICT (account, region) DO UPDATE SET settings = excluded.settings",
                 {std::string(account), std::string(region), wire::ToJson(settings)}));
  return {};
}

Result<void> KeepDefaults(store::Transaction& tx, std::string_view account, std::string_view region, TimeMs now_ms) {
  TRY_ASSIGN(CatalogSettings now, SettingsOf(tx, account, region));
  if (now.kept) return {};
  TRY(KeepSettings(tx, account, region, now.settings));
  GrantRow open;
  open.keeper = open.owner = AccountId(account);
  open.region = std::string(region);
  open.principal = open.shown = std::string(kIamAllowedPrincipals);
  open.kind = GrantKind::kCatalog;
  open.resource_key = "catalog";
  open.permissions = policy::Permission::kCreateDatabase;
  open.updated_ms = now_ms;
  return AddGrant(tx, std::move(open));
}

}  // namespace hanse::governance
