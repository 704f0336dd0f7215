#pragma once
#include <string>
#include <string_view>

#include "policy/lake.h"
#include "store/store.h"
#include "wire/lakeformation.h"

// The settings of a catalog in the store (lakeformation.md, sections 1.1 and 2.8). A catalog that nobody has touched is as AWS
// makes it: no administrator, IAM_ALLOWED_PRINCIPALS has ALL on what is created and CREATE_DATABASE on the catalog.
namespace hanse::governance {

inline constexpr std::string_view kVersionParameter = "CROSS_ACCOUNT_VERSION";

struct CatalogSettings {
  bool kept = false;                               // There is a row of it.
  wire::lakeformation::DataLakeSettings settings;  // Without administrators.
  int cross_account_version() const;
  bool databases_open() const;  // New databases are open to IAM.
  bool tables_open() const;
};

Result<CatalogSettings> SettingsOf(store::Transaction& tx, std::string_view account, std::string_view region);
Result<void> KeepSettings(store::Transaction& tx, std::string_view account, std::string_view region,
                          const wire::lakeformation::DataLakeSettings& settings);
// Writes down what a fresh catalog has by default, once, before anything of it is changed.
Result<void> KeepDefaults(store::Transaction& tx, std::string_view account, std::string_view region, TimeMs now_ms);

// Whether a list of default permissions names IAM_ALLOWED_PRINCIPALS with ALL.
bool OpensToIam(const std::optional<std::vector<wire::lakeformation::PrincipalPermissions>>& defaults);

}  // namespace hanse::governance
