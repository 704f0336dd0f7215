#include "server/table_format.h"

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/warehouse.h"

namespace hanse::server {

std::map<std::string, std::string> SerdeParametersOf(const wire::glue::Table& table) {
  std::map<std::string, std::string> all = table.parameters.value_or(std::map<std::string, std::string>{});
  if (table.storage_descriptor && table.storage_descriptor->serde_info && table.storage_descriptor->serde_info->parameters) {
    for (const auto& [key, value] : *table.storage_descriptor->serde_info->parameters) all[key] = value;
  }
  return all;
}

Result<engine::DataFormat> FormatOf(const wire::glue::Table& table) {
  std::string serde, input;
  if (const auto& storage = table.storage_descriptor) {
    if (storage->serde_info) serde = storage->serde_info->serialization_library.value_or("");
    input = storage->input_format.value_or("");
  }
  std::map<std::string, std::string> parameters = table.parameters.value_or(std::map<std::string, std::string>{});
  std::string kind = Lower(serde);
  if (kind.empty()) kind = Lower(input);
  if (kind.empty()) kind = Lower(parameters["classification"]);
  auto holds = [&](std::string_view word) { return kind.find(word) != std::string::npos; };
  if (catalog::WarehousePlaceOf(table)) return engine::DataFormat::kWarehouse;
  if (EqualsIgnoreCase(parameters["table_type"], "ICEBERG")) return engine::DataFormat::kIceberg;
  if (holds("parquet")) return engine::DataFormat::kParquet;
  if (holds("opencsv")) return engine::DataFormat::kQuotedCsv;
  if (holds("avro")) return engine::DataFormat::kAvro;
  if (holds("orc")) return engine::DataFormat::kOrc;
  if (holds("json")) return engine::DataFormat::kJson;
  if (holds("lazysimple") || holds("textinputformat") || holds("csv")) return engine::DataFormat::kDelimitedText;
  return Fail(ErrorCode::kUnsupported,
              fmt::format("NOT_SUPPORTED: tables of {} are not supported: Parquet, ORC, CSV, JSON, Avro and Iceberg are",
                          serde.empty() ? "an unknown format" : serde));
}

Result<std::pair<std::string, std::string>> BucketAndKey(const std::string& location) {
  std::string_view rest = location;
  for (std::string_view scheme : {"s3://", "s3a://", "s3n://"}) {
    if (!rest.starts_with(scheme)) continue;
    rest.remove_prefix(scheme.size());
    std::size_t slash = rest.find('/');
    return std::pair(std::string(rest.substr(0, slash)),
                     slash == std::string_view::npos ? std::string() : std::string(rest.substr(slash + 1)));
  }
  return Fail(ErrorCode::kUnsupported, "NOT_SUPPORTED: the table does not lie in S3");
}

// "s3://bucket/a/b" is the folder "a/b/": never a neighbour whose name only begins alike.
Result<std::pair<std::string, std::string>> BucketAndPrefix(const std::string& location) {
  TRY_ASSIGN(auto place, BucketAndKey(location));
  if (!place.second.empty() && !place.second.ends_with('/')) place.second += '/';
  return place;
}

std::vector<engine::ColumnSource> ColumnsOf(const std::optional<std::vector<wire::glue::Column>>& columns) {
  std::vector<engine::ColumnSource> sources;
  if (!columns) return sources;
  for (const wire::glue::Column& column : *columns) {
    // What Iceberg writers keep in the catalog of columns that were dropped.
    if (column.parameters && column.parameters->contains("iceberg.field.current") &&
        column.parameters->at("iceberg.field.current") == "false") {
      continue;
    }
    sources.push_back({column.name.value_or(""), column.type.value_or("string")});
  }
  return sources;
}

}  // namespace hanse::server
