#include "governance/location_rows.h"

#include "base/text.h"
#include "governance/grant_rows.h"
#include "model/arn.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

constexpr std::string_view kSelectLocation =
    "SELECT id, account, region, arn, path, role_id, federation, hybrid, privileged, owner_account, modified_ms FROM lf_locations ";

Result<std::vector<LocationRow>> AllLocations(store::Transaction& tx, std::string_view where,
                                              std::span<const store::Value> parameters) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kSelectLocation) + std::string(where), parameters));
  std::vector<LocationRow> locations;
  for (const store::Row& row : rows) {
    locations.push_back({row.Int(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Int(5), row.Int(6) != 0,
                         row.Int(7) != 0, row.Int(8) != 0, row.Text(9), row.Int(10)});
  }
  return locations;
}

std::optional<std::string> PathOf(std::string_view bucket_and_prefix) {
  std::string path(bucket_and_prefix);
  if (path.empty() || path.front() == '/' || path.find_first_of("*?\n") != std::string::npos) return std::nullopt;
  if (path.back() != '/') path += '/';
  return path;
}

}  // namespace

std::optional<std::string> PathOfArn(std::string_view arn) {
  std::optional<Arn> parsed = ParseArn(arn);
  if (!parsed || parsed->service != "s3" || !parsed->region.empty() || !parsed->account.empty()) return std::nullopt;
  return PathOf(parsed->resource);
}

std::optional<std::string> PathOfUri(std::string_view uri) {
  for (std::string_view scheme : {"s3://", "s3a://", "s3n://"}) {
    if (uri.size() > scheme.size() && EqualsIgnoreCase(uri.substr(0, scheme.size()), scheme))
      return PathOf(uri.substr(scheme.size()));
  }
  return std::nullopt;
}

std::string ArnOfPath(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return "arn:aws:s3:::" + std::string(path);
}

Result<std::optional<LocationRow>> FindLocation(store::Transaction& tx, std::string_view account, std::string_view region,
                                                std::string_view path) {
  store::Value parameters[] = {std::string(path), std::string(region), std::string(account)};
  TRY_ASSIGN(auto found, AllLocations(tx, "WHERE path = ? AND region = ? AND account = ?", parameters));
  if (found.empty()) return std::optional<LocationRow>();
  return std::optional<LocationRow>(std::move(found.front()));
}

Result<std::vector<LocationRow>> ListLocations(store::Transaction& tx, std::string_view account, std::string_view region, Id after,
                                               std::int64_t limit) {
  store::Value parameters[] = {std::string(account), std::string(region), after, limit};
  return AllLocations(tx, "WHERE account = ? AND region = ? AND id > ? ORDER BY id LIMIT ?", parameters);
}

Result<std::vector<LocationRow>> LocationsOver(store::Transaction& tx, std::string_view region, std::string_view path) {
  TRY_ASSIGN(auto any, tx.RecallMaybe("SELECT 1 FROM lf_locations WHERE region = ? LIMIT 1", {std::string(region)}));
  if (!any) return std::vector<LocationRow>();
  std::string where = "WHERE region = ? AND path IN (";
  std::vector<store::Value> parameters = {std::string(region)};
  std::size_t end = 0;
  for (std::size_t level = 0; level <= kMaxLocationLevels && (end = path.find('/', end)) != std::string_view::npos; ++level) {
    where += level == 0 ? "?" : ", ?";
    parameters.emplace_back(std::string(path.substr(0, ++end)));
  }
  if (parameters.size() == 1) return std::vector<LocationRow>();
  return AllLocations(tx, where + ") ORDER BY length(path) DESC, id", parameters);
}

Result<bool> LentTo(store::Transaction& tx, const LocationRow& location, std::string_view path, std::string_view account) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT g.principal, g.principal_id, g.detail, p.account FROM lf_grants g "
                                 "LEFT JOIN principals p ON p.id = g.principal_id "
                                 "WHERE g.owner = ? AND g.region = ? AND g.kind = 'location' AND g.keeper = g.owner",
                                 {location.account, location.region}));
  std::string every = std::string(account) + ":IAMPrincipals";
  for (const store::Row& row : rows) {
    if (!path.starts_with(row.Text(2))) continue;
    if (row.Text(0) == account || row.Text(0) == every || row.Text(3) == account) return true;
  }
  return false;
}

}  // namespace hanse::governance
