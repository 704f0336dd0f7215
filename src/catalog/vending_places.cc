// Credentials by places (lakeformation.md, section 6.4): from a path to the table that lies there, then as for any table.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "catalog/vending.h"
#include "wire/glue.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

constexpr std::int64_t kPlaceDefault_s = 3'600;
constexpr std::size_t kPlacesMax = 10;
constexpr std::ptrdiff_t kLevelsMax = 64;
constexpr std::int64_t kTablesOverMax = 1'000;  // Of the nearest folders: two at the nearest one are too many already.

std::unexpected<Error> NothingThere() { return Fail(ErrorCode::kNotFound, "No table of a registered location lies at this path."); }

// Tables at the path or above it, with their folders, the nearest first.
Result<std::vector<std::pair<std::string, Id>>> TablesOver(store::Transaction& tx, const std::string& path) {
  std::string marks;
  std::vector<store::Value> spellings;
  const std::string below = path.ends_with('/') ? path : path + "/";
  if (std::ranges::count(below, '/') > kLevelsMax) return Fail(ErrorCode::kInvalidArgument, "The path has too many levels.");
  for (std::size_t end = below.find('/'); end != std::string::npos; end = below.find('/', end + 1)) {
    marks += marks.empty() ? "?, ?" : ", ?, ?";
    spellings.emplace_back("s3://" + below.substr(0, end));
    spellings.emplace_back("s3://" + below.substr(0, end + 1));
  }
  spellings.emplace_back(kTablesOverMax);
  TRY_ASSIGN(auto rows, tx.Query("SELECT id, location FROM catalog_tables WHERE location IN (" + marks +
                                     ") ORDER BY length(location) DESC LIMIT ?",
                                 spellings));
  std::vector<std::pair<std::string, Id>> tables;
  for (const store::Row& row : rows) {
    auto folder = FolderOf(row.Text(1));
    if (folder) tables.emplace_back(std::move(*folder), row.Int(0));
  }
  std::ranges::sort(tables, [](const auto& a, const auto& b) {
    return std::pair(a.first.size(), a.second) > std::pair(b.first.size(), b.second);
  });
  return tables;
}

bool IsIceberg(const store::TableRow& table) {
  auto definition = wire::FromJson<wire::glue::Table>(table.definition);
  if (!definition || !definition->parameters) return false;
  auto type = definition->parameters->find("table_type");
  return type != definition->parameters->end() && EqualsIgnoreCase(type->second, "ICEBERG");
}

}  // namespace

Result<store::TableRow> Vending::TableAt(const gate::Call& call, const std::string& path) const {
  TRY_ASSIGN(auto tables, TablesOver(call.tx(), path));
  std::vector<store::TableRow> nearest;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (!nearest.empty() && tables[i].first.size() != tables[i - 1].first.size()) break;
    TRY_ASSIGN(auto table, store::FindTableById(call.tx(), tables[i].second));
    if (!table || table->region != call.info().region) continue;
    TRY_ASSIGN(auto location, parts_.access.lake().LocationOf(call.tx(), table->account, table->region, "s3://" + path));
    if (location) nearest.push_back(std::move(*table));
  }
  bool visible = false;
  for (const store::TableRow& table : nearest) {
    TRY_ASSIGN(policy::TableAccess access, parts_.access.lake().OnTable(call.tx(), call.caller(), table));
    visible = visible || access.visible;
  }
  if (!visible) return NothingThere();
  if (nearest.size() > 1) {
    return FailAs(ErrorCode::kConflict, "ConflictException", "Several tables lie at this path: ask for one of them by its ARN.");
  }
  if (IsIceberg(nearest.front())) {
    return Fail(ErrorCode::kInvalidArgument, "Credentials for a table of Apache Iceberg are asked for by its ARN.");
  }
  return std::move(nearest.front());
}

Result<GetTemporaryDataLocationCredentials::Answer> Vending::Do(
    const gate::Authorized<GetTemporaryDataLocationCredentials>& call) const {
  const auto& in = call->in;
  const auto places = in.data_locations.value_or(std::vector<std::string>());
  if (places.empty() || places.size() > kPlacesMax)
    return Fail(ErrorCode::kInvalidArgument, "DataLocations must have 1 to 10 paths.");
  const std::string scope = in.credentials_scope.value_or("READ");
  Asked asked{.duration_s = in.duration_seconds.value_or(kPlaceDefault_s)};
  asked.grounds.permissions = scope == "READWRITE" ? policy::Permission::kAll : policy::Permission::kSelect;
  asked.grounds.by_path = true;
  if (in.audit_context) asked.audit_context = in.audit_context->additional_audit_context.value_or("");
  std::vector<std::string> paths;
  for (const std::string& place : places) {
    TRY_ASSIGN(std::string path, FolderOf(place));
    TRY_ASSIGN(store::TableRow table, TableAt(call, path));
    TRY_ASSIGN(std::string folder, FolderOf(table.location));
    // Without its slash the path may be an object; the table's own folder never is.
    if (!place.ends_with('/') && path != folder) path.pop_back();
    paths.push_back("s3://" + path);
    asked.grounds.places.push_back({table.id, {}, std::move(path)});
  }
  TRY_ASSIGN(auto given, Give(call, asked, paths));
  GetTemporaryDataLocationCredentials::Answer answer{.accessible_data_locations = std::move(paths), .credentials_scope = scope};
  answer.credentials = wire::lakeformation::TemporaryCredentials{.access_key_id = std::move(given.access_key),
                                                                 .secret_access_key = std::move(given.secret_key),
                                                                 .session_token = std::move(given.token),
                                                                 .expiration = wire::Timestamp{given.expires_ms}};
  return answer;
}

}  // namespace hanse::catalog
