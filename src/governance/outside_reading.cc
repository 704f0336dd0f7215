#include "governance/outside_reading.h"

#include <algorithm>

#include "base/text.h"
#include "governance/settings_rows.h"

namespace hanse::governance {
namespace {

using wire::lakeformation::DataLakePrincipal;
using wire::lakeformation::DataLakeSettings;

bool TrustsEngine(const DataLakeSettings& settings, const Caller& caller) {
  if (!settings.allow_external_data_filtering.value_or(false)) return false;
  const auto accounts = settings.external_data_filtering_allow_list.value_or(std::vector<DataLakePrincipal>());
  bool listed = std::ranges::any_of(
      accounts, [&](const DataLakePrincipal& one) { return one.data_lake_principal_identifier == caller.account; });
  auto tag = caller.session_tags.find(std::string(kAuthorizedCaller));
  return listed && tag != caller.session_tags.end() &&
         Contains(settings.authorized_session_tag_value_list.value_or(std::vector<std::string>()), tag->second);
}

}  // namespace

Result<gate::OutsideReading> OutsideReadingBy(store::Transaction& tx, const Caller& caller, std::string_view account,
                                              std::string_view region) {
  TRY_ASSIGN(CatalogSettings found, SettingsOf(tx, account, region));
  return gate::OutsideReading{.full_tables = found.settings.allow_full_table_external_data_access.value_or(false),
                              .filters = TrustsEngine(found.settings, caller)};
}

}  // namespace hanse::governance
