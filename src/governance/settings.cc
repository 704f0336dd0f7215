#include "governance/settings.h"

#include <fmt/format.h>

#include "governance/grantee.h"
#include "governance/office.h"
#include "governance/refusals.h"
#include "governance/settings_rows.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;
using Principals = std::optional<std::vector<lf::DataLakePrincipal>>;

constexpr std::size_t kMaxAdmins = 30;

// The catalog must be the caller's own: there are no settings of others to see.
Result<Principals> Administrators(store::Transaction& tx, const AccountId& account, const std::string& region,
                                  std::string_view role) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT p.arn FROM lf_admins a JOIN principals p ON p.id = a.principal_id "
                                 "WHERE a.account = ? AND a.region = ? AND a.role = ? ORDER BY p.arn",
                                 {account, region, std::string(role)}));
  std::vector<lf::DataLakePrincipal> principals;
  for (const store::Row& row : rows) principals.push_back({.data_lake_principal_identifier = row.Text(0)});
  return Principals(std::move(principals));
}

Result<void> StoreAdministrators(const gate::Call& call, std::string_view role, const Principals& principals) {
  const AccountId& account = call.caller().account;
  TRY(call.tx().Execute("DELETE FROM lf_admins WHERE account = ? AND region = ? AND role = ?",
                        {account, call.info().region, std::string(role)}));
  if (!principals) return {};
  if (principals->size() > kMaxAdmins) return Invalid("At most 30 administrators are allowed");
  for (const lf::DataLakePrincipal& principal : *principals) {
    std::string identifier = principal.data_lake_principal_identifier.value_or("");
    TRY_ASSIGN(Grantee grantee, FindGrantee(call.tx(), call.caller(), identifier));
    if (grantee.kind != GranteeKind::kPrincipal || grantee.account != account)
      return Invalid("Invalid principal, arn: " + identifier);
    TRY(
        call.tx().Execute("INSERT INTO lf_admins (account, region, role, principal_id) VALUES (?, ?, ?, ?) "
                          "ON CONFLICT (account, region, principal_id, role) DO NOTHING",
                          {account, call.info().region, std::string(role), grantee.principal}));
  }
  return {};
}

// Only IAM_ALLOWED_PRINCIPALS with ALL, or nothing.
Result<void> CheckDefaults(std::string_view member, const std::optional<std::vector<lf::PrincipalPermissions>>& defaults) {
  if (!defaults || defaults->empty()) return {};
  bool fits = defaults->size() == 1 && OpensToIam(defaults) && defaults->front().permissions->size() == 1;
  return fits ? Result<void>() : Invalid(fmt::format("{} may only be IAM_ALLOWED_PRINCIPALS with ALL", member));
}

Result<void> CheckParameters(const std::optional<std::map<std::string, std::string>>& parameters) {
  if (!parameters) return {};
  for (const auto& [key, value] : *parameters) {
    if (key == kVersionParameter) {
      if (value.size() != 1 || value[0] < '1' || value[0] > '5')
        return Invalid("CROSS_ACCOUNT_VERSION must be one of 1, 2, 3, 4, 5");
    } else if (key == "SET_SOURCE_IDENTITY") {
      if (value != "TRUE" && value != "FALSE") return Invalid("SET_SOURCE_IDENTITY must be TRUE or FALSE");
    } else {
      return Invalid(fmt::format("Valid Parameters Keys are: [CROSS_ACCOUNT_VERSION, SET_SOURCE_IDENTITY], but found: [{}]", key));
    }
  }
  return {};
}

Result<void> CheckTrusted(const std::optional<std::vector<std::string>>& owners) {
  for (const std::string& owner : owners.value_or(std::vector<std::string>())) {
    bool account = owner.size() == 12 && owner.find_first_not_of("0123456789") == std::string::npos;
    if (!account) return Invalid("TrustedResourceOwners must be account ids, but found: " + owner);
  }
  return {};
}

// Once there is an administrator, only an administrator appoints; the first Put of an account is IAM's alone (Appendix B).
Result<void> MayPut(const gate::Call& call) {
  const AccountId& account = call.caller().account;
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), account, call.info().region));
  if (office == Office::kAdmin) return {};
  TRY_ASSIGN(auto any,
             call.tx().Maybe("SELECT principal_id FROM lf_admins WHERE account = ? AND region = ? AND role = 'admin' LIMIT 1",
                             {account, call.info().region}));
  return any ? Insufficient("Put Data Lake Settings on Catalog") : Result<void>();
}

}  // namespace

Result<GetDataLakeSettings::Answer> Settings::Do(const gate::Authorized<GetDataLakeSettings>& call) {
  TRY_ASSIGN(AccountId account, OwnCatalog(call, call->in.catalog_id));
  TRY_ASSIGN(CatalogSettings found, SettingsOf(call.tx(), account, call.info().region));
  TRY_ASSIGN(found.settings.data_lake_admins, Administrators(call.tx(), account, call.info().region, "admin"));
  TRY_ASSIGN(found.settings.read_only_admins, Administrators(call.tx(), account, call.info().region, "reader"));
  return GetDataLakeSettings::Answer{.data_lake_settings = std::move(found.settings)};
}

Result<PutDataLakeSettings::Answer> Settings::Do(const gate::Authorized<PutDataLakeSettings>& call) {
  TRY_ASSIGN(AccountId account, OwnCatalog(call, call->in.catalog_id));
  lf::DataLakeSettings settings = call->in.data_lake_settings.value_or(lf::DataLakeSettings());
  TRY(CheckDefaults("CreateDatabaseDefaultPermissions", settings.create_database_default_permissions));
  TRY(CheckDefaults("CreateTableDefaultPermissions", settings.create_table_default_permissions));
  TRY(CheckParameters(settings.parameters));
  TRY(CheckTrusted(settings.trusted_resource_owners));
  TRY(MayPut(call));
  TRY(KeepDefaults(call.tx(), account, call.info().region, call.now_ms()));
  TRY(StoreAdministrators(call, "admin", settings.data_lake_admins));
  TRY(StoreAdministrators(call, "reader", settings.read_only_admins));
  settings.data_lake_admins.reset();
  settings.read_only_admins.reset();
  if (!settings.create_database_default_permissions) settings.create_database_default_permissions.emplace();
  if (!settings.create_table_default_permissions) settings.create_table_default_permissions.emplace();
  TRY(KeepSettings(call.tx(), account, call.info().region, settings));
  return PutDataLakeSettings::Answer();
}

Result<GetDataLakePrincipal::Answer> Settings::Do(const gate::Authorized<GetDataLakePrincipal>& call) {
  return GetDataLakePrincipal::Answer{.identity = call.caller().arn};
}

}  // namespace hanse::governance
