#include "catalog/names.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "model/arn.h"

namespace hanse::catalog {

Result<AccountId> CatalogOf(const gate::Context& context, const std::optional<std::string>& catalog_id) {
  if (!catalog_id || catalog_id->empty()) return context.caller.account;
  bool digits = std::all_of(catalog_id->begin(), catalog_id->end(), [](char c) { return c >= '0' && c <= '9'; });
  if (catalog_id->size() != 12 || !digits) return Fail(ErrorCode::kNotFound, fmt::format("Catalog {} not found.", *catalog_id));
  return *catalog_id;
}

Result<std::string> FoldName(std::string_view member, std::string_view name) {
  bool fits = !name.empty() && name.size() <= 255;
  for (unsigned char c : name) fits = fits && c >= 0x20 && c != 0x7f && c != '/' && c != '*' && c != '?';
  if (!fits) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("{} must have 1 to 255 characters, on one line, and none of '/', '*' and '?'.", member));
  }
  return Lower(name);
}

std::string CatalogArn(std::string_view region, std::string_view account) { return GlueArn(region, account, "catalog"); }

std::string DatabaseArn(std::string_view region, std::string_view account, std::string_view database) {
  return GlueArn(region, account, fmt::format("database/{}", database));
}

std::string TableArn(std::string_view region, std::string_view account, std::string_view database, std::string_view table) {
  return GlueArn(region, account, fmt::format("table/{}/{}", database, table));
}

std::string CrawlerArn(std::string_view region, std::string_view account, std::string_view crawler) {
  return GlueArn(region, account, fmt::format("crawler/{}", crawler));
}

std::vector<gate::Need> NeedsAt(std::string_view action, std::string_view region, const AccountId& owner, const Names& names) {
  std::vector<gate::Need> needs;
  needs.push_back({.action = std::string(action), .resource = CatalogArn(region, owner), .owner = owner});
  if (!names.database.empty()) {
    needs.push_back({.action = std::string(action), .resource = DatabaseArn(region, owner, names.database), .owner = owner});
  }
  if (!names.table.empty()) {
    needs.push_back(
        {.action = std::string(action), .resource = TableArn(region, owner, names.database, names.table), .owner = owner});
  }
  return needs;
}

Result<std::vector<gate::Need>> NeedOnCatalog(std::string_view action, const gate::Context& context,
                                              const std::optional<std::string>& catalog_id) {
  TRY_ASSIGN(AccountId owner, CatalogOf(context, catalog_id));
  return NeedsAt(action, context.info.region, owner, {});
}

Result<std::vector<gate::Need>> NeedOnDatabase(std::string_view action, const gate::Context& context,
                                               const std::optional<std::string>& catalog_id,
                                               const std::optional<std::string>& database) {
  TRY_ASSIGN(AccountId owner, CatalogOf(context, catalog_id));
  return NeedsAt(action, context.info.region, owner, {.database = Lower(database.value_or("")), .table = {}});
}

Result<std::vector<gate::Need>> NeedOnTable(std::string_view action, const gate::Context& context,
                                            const std::optional<std::string>& catalog_id,
                                            const std::optional<std::string>& database, const std::optional<std::string>& table) {
  TRY_ASSIGN(AccountId owner, CatalogOf(context, catalog_id));
  return NeedsAt(action, context.info.region, owner,
                 {.database = Lower(database.value_or("")), .table = Lower(table.value_or(""))});
}

std::string NormalLocation(std::string_view location) {
  location = Trim(location);
  std::size_t end = location.find("://");
  if (end == std::string_view::npos) return std::string(location);
  std::string scheme = Lower(location.substr(0, end));
  if (scheme == "s3a" || scheme == "s3n") scheme = "s3";
  return scheme + std::string(location.substr(end));
}

bool ParseS3Location(std::string_view location, std::string* bucket, std::string* prefix) {
  std::string normal = NormalLocation(location);
  constexpr std::string_view kScheme = "s3://";
  if (!normal.starts_with(kScheme)) return false;
  std::string_view rest = std::string_view(normal).substr(kScheme.size());
  std::size_t slash = rest.find('/');
  *bucket = std::string(rest.substr(0, slash));
  *prefix = slash == std::string_view::npos ? std::string() : std::string(rest.substr(slash + 1));
  return !bucket->empty();
}

bool LiesBelow(std::string_view location, std::string_view root) {
  while (root.ends_with('/')) root.remove_suffix(1);
  while (location.ends_with('/')) location.remove_suffix(1);
  return location.starts_with(root) && (location.size() == root.size() || location[root.size()] == '/');
}

}  // namespace hanse::catalog
