#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "governance/grant_rows.h"
#include "governance/grantee.h"
#include "governance/settings.h"
#include "governance/settings_rows.h"
#include "governance/shown_grants.h"
#include "governance/tag_rows.h"
#include "steward/chain.h"
#include "steward/doctor.h"
#include "wire/json.h"

namespace hanse::steward {
namespace {

namespace lake = governance;
using lake::GrantKind;
using lake::GrantRow;

constexpr std::int64_t kGrantsMost = 1'000'000;
constexpr std::size_t kManyTables = 3;  // From here on grants of one table each are worth a tag.

std::string Revoke(const std::string& principal, const std::vector<std::string>& permissions, const std::string& resource) {
  return fmt::format(
      "aws lakeformation revoke-permissions --principal DataLakePrincipalIdentifier={} --permissions {} --resource '{}'", principal,
      Join(permissions, " "), resource);
}

// The tags of a table, its database's included, as (tag, value).
Result<std::set<std::pair<Id, std::string>>> TagsCarried(store::Transaction& tx, const store::TableRow& table) {
  TRY_ASSIGN(lake::TableTags tags, lake::TagsOfTable(tx, table));
  policy::Tags all = policy::Overlay(tags.table, tags.database);
  return std::set<std::pair<Id, std::string>>(all.begin(), all.end());
}

// A tag's value that exactly these tables carry; nothing where there is none.
Result<std::optional<std::pair<Id, std::string>>> TagOfExactly(const Examined& examined, const std::set<Id>& tables) {
  std::map<std::pair<Id, std::string>, std::set<Id>> carriers;
  for (const store::TableRow& table : examined.tables) {
    TRY_ASSIGN(auto carried, TagsCarried(examined.tx, table));
    for (const auto& one : carried) carriers[one].insert(table.id);
  }
  for (const auto& [tag, of] : carriers) {
    if (of == tables) return std::optional(tag);
  }
  return std::optional<std::pair<Id, std::string>>();
}

}  // namespace

Result<void> CheckOpenToIam(Examined* examined) {
  store::Transaction& tx = examined->tx;
  TRY_ASSIGN(auto settings, lake::SettingsOf(tx, examined->account, examined->now.region));
  if (settings.databases_open() || settings.tables_open()) {
    TRY_ASSIGN(auto admins,
               tx.Query("SELECT p.arn FROM lf_admins a JOIN principals p ON p.id = a.principal_id WHERE a.account = ? AND "
                        "a.region = ? AND a.role = 'admin' ORDER BY p.arn",
                        {examined->account, examined->now.region}));
    wire::lakeformation::DataLakeSettings mended = settings.settings;
    mended.create_database_default_permissions.emplace();
    mended.create_table_default_permissions.emplace();
    mended.data_lake_admins.emplace();
    for (const store::Row& row : admins) mended.data_lake_admins->push_back({.data_lake_principal_identifier = row.Text(0)});
    examined->Add("OPEN_BY_DEFAULT", "HIGH", "settings",
                  "New databases or tables are open to whoever the account's IAM policies allow.",
                  fmt::format("aws lakeformation put-data-lake-settings --data-lake-settings '{}'", wire::ToJson(mended)));
  }
  TRY_ASSIGN(auto rows,
             lake::GrantsTo(tx, examined->account, examined->now.region, {std::string(lake::kIamAllowedPrincipals)}, {}));
  for (const GrantRow& row : rows) {
    TRY_ASSIGN(auto resource, lake::ShownResource(tx, row));
    if (!resource) continue;
    TRY_ASSIGN(std::string on, ResourceInWords(tx, row));
    const bool catalog = row.kind == GrantKind::kCatalog;  // It says who makes databases, of which no data is read.
    examined->Add(
        "IAM_ALLOWED_PRINCIPALS", catalog ? "MEDIUM" : "HIGH", on,
        catalog ? "Whoever the account's IAM policies allow may make databases."
                : "IAM_ALLOWED_PRINCIPALS is still on: Lake Formation's grants decide nothing here.",
        Revoke(std::string(lake::kIamAllowedPrincipals), policy::PermissionNames(row.permissions), wire::ToJson(*resource)));
  }
  return {};
}

Result<void> CheckGrantsPerTable(Examined* examined) {
  store::Transaction& tx = examined->tx;
  TRY_ASSIGN(auto rows, lake::GrantsIn(tx, examined->account, examined->now.region, 0, kGrantsMost));
  std::map<std::pair<std::string, std::uint32_t>, std::vector<GrantRow>> alike;  // By principal and permissions.
  for (GrantRow& row : rows) {
    bool plain = row.kind == GrantKind::kTable && row.condition.empty() && row.grantable.empty();
    if (plain && row.principal != lake::kIamAllowedPrincipals)
      alike[{row.principal, row.permissions.bits()}].push_back(std::move(row));
  }
  for (const auto& [key, grants] : alike) {
    if (grants.size() < kManyTables) continue;
    std::set<Id> tables;
    for (const GrantRow& row : grants) tables.insert(row.object);
    const GrantRow& first = grants.front();
    std::string names = Join(policy::PermissionNames(first.permissions), " ");
    TRY_ASSIGN(auto tag, TagOfExactly(*examined, tables));
    if (tag) {
      TRY_ASSIGN(auto row, lake::FindTagById(tx, tag->first));
      examined->Add("GRANTS_PER_TABLE", "LOW", first.shown,
                    fmt::format("{} grants of one table each; {}={} is on exactly these tables, one grant would do.", grants.size(),
                                row ? row->key : "", tag->second),
                    fmt::format("aws lakeformation grant-permissions --principal DataLakePrincipalIdentifier={} --permissions {} "
                                "--resource '{{\"LFTagPolicy\":{{\"ResourceType\":\"TABLE\",\"Expression\":[{{\"TagKey\":\"{}\","
                                "\"TagValues\":[\"{}\"]}}]}}}}'",
                                first.shown, names, row ? row->key : "", tag->second));
    } else {
      examined->Add("GRANTS_PER_TABLE", "LOW", first.shown,
                    fmt::format("{} grants of one table each: a tag on these tables and one grant would do.", grants.size()),
                    fmt::format("aws lakeformation list-permissions --principal DataLakePrincipalIdentifier={}", first.shown));
    }
  }
  return {};
}

}  // namespace hanse::steward
