// Crawling a warehouse (crawl_run.h): its tables and views become tables of the catalog, as Glue's crawlers over JDBC write them
// (AWS Glue Developer Guide, "Data store specific properties for crawlers": include paths DATABASE/SCHEMA/TABLE, '%' for any).
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/crawl_run.h"
#include "catalog/crawl_table.h"
#include "catalog/warehouse.h"

namespace hanse::catalog {
namespace {

// What a table says of its kind.
std::string WarehouseKindOf(const ConnectionLogin& login) {
  auto url = login.properties.find("JDBC_CONNECTION_URL");
  return url != login.properties.end() && url->second.starts_with("jdbc:redshift:") ? "redshift" : "postgresql";
}

wire::glue::TableInput CrawledRelation(std::string_view crawler, std::string name, const ConnectionLogin& login,
                                       const WarehouseRelation& relation) {
  std::map<std::string, std::string> parameters{{"classification", WarehouseKindOf(login)},
                                                {"compressionType", "none"},
                                                {"connectionName", login.name},
                                                {"typeOfData", relation.view ? "view" : "table"},
                                                {"CrawlerSchemaDeserializerVersion", "1.0"},
                                                {"CrawlerSchemaSerializerVersion", "1.0"},
                                                {std::string(kCrawledBy), std::string(crawler)}};
  if (relation.rows >= 0) parameters["recordCount"] = std::to_string(relation.rows);
  if (relation.bytes >= 0) parameters["sizeKey"] = std::to_string(relation.bytes);
  wire::glue::TableInput input{.name = std::move(name), .owner = "owner", .retention = 0, .table_type = "EXTERNAL_TABLE"};
  input.storage_descriptor =
      wire::glue::StorageDescriptor{.columns = relation.columns,
                                    .location = fmt::format("{}.{}.{}", relation.database, relation.schema, relation.name),
                                    .compressed = false,
                                    .number_of_buckets = -1,
                                    .serde_info = wire::glue::SerDeInfo{.parameters = std::map<std::string, std::string>()},
                                    .bucket_columns = std::vector<std::string>(),
                                    .sort_columns = std::vector<wire::glue::Order>(),
                                    .parameters = parameters,
                                    .stored_as_sub_directories = false};
  input.parameters = std::move(parameters);
  input.partition_keys.emplace();
  return input;
}

std::string Glob(std::string pattern) {
  std::ranges::replace(pattern, '%', '*');
  return pattern;
}

// A pattern is of the table's name alone, or of its whole path.
bool LeftOut(const std::vector<std::string>& exclusions, const WarehouseRelation& relation) {
  std::vector<std::string> globs;
  for (const std::string& one : exclusions) globs.push_back(Glob(one));
  return Excluded(globs, relation.name) || Excluded(globs, relation.schema + "/" + relation.name) ||
         Excluded(globs, relation.database + "/" + relation.schema + "/" + relation.name);
}

}  // namespace

Result<WarehouseTable> ReadIncludePath(const std::string& path) {
  std::vector<std::string> parts = Split(path, '/');
  while (!parts.empty() && parts.back().empty()) parts.pop_back();
  if (parts.empty() || parts.size() > 3 || Contains(parts, "")) {
    return Fail(ErrorCode::kInvalidArgument, "Targets.JdbcTargets.Path must be DATABASE/SCHEMA/TABLE, where % stands for any.");
  }
  parts.resize(3, "%");
  return WarehouseTable{parts[0], parts[1], parts[2]};
}

Result<void> CrawlRun::CrawlWarehouse(const wire::glue::JdbcTarget& target) {
  const std::string connection = target.connection_name.value_or("");
  TRY_ASSIGN(WarehouseTable names, ReadIncludePath(target.path.value_or("")));
  if (parts_.connections == nullptr || parts_.warehouses == nullptr) return Fail(ErrorCode::kUnsupported, "Targets.JdbcTargets");
  TRY_ASSIGN(ConnectionLogin login, Ask(OpenConnection{connection}, *parts_.connections));
  TRY_ASSIGN(auto relations, parts_.warehouses->Relations(login, names, stop_));
  for (const WarehouseRelation& relation : relations) {
    if (LeftOut(target.exclusions.value_or(std::vector<std::string>()), relation)) continue;
    const std::string name = FoldFolderName(fmt::format("{}{}_{}_{}", crawler_.definition.table_prefix.value_or(""),
                                                        relation.database, relation.schema, relation.name));
    wire::glue::TableInput input = CrawledRelation(crawler_.name, name, login, relation);
    TRY_ASSIGN(auto existing, Find(name));
    if (!existing) {
      TRY(Create(input));
    } else if (WarehousePlaceOf(*existing) == WarehousePlaceOf(input)) {
      TRY(Update(*existing, input));
    } else {
      return Fail(ErrorCode::kAlreadyExists, fmt::format("a table {} that lies elsewhere is there already", name));
    }
    written_.push_back(name);
  }
  return {};
}

bool CrawlRun::InWarehouseTarget(const wire::glue::Table& table) const {
  auto place = WarehousePlaceOf(table);
  auto at = place ? ReadWarehouseLocation(place->location) : Result<WarehouseTable>();
  if (!place || !at) return false;
  const auto targets = crawler_.definition.targets->jdbc_targets.value_or(std::vector<wire::glue::JdbcTarget>());
  return std::ranges::any_of(targets, [&](const wire::glue::JdbcTarget& target) {
    auto names = ReadIncludePath(target.path.value_or(""));
    return names && target.connection_name == place->connection && GlobMatches(Glob(names->database), at->database) &&
           GlobMatches(Glob(names->schema), at->schema) && GlobMatches(Glob(names->table), at->table);
  });
}

}  // namespace hanse::catalog
