#include "query/output_format.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::query {
namespace {

namespace glue = wire::glue;
using engine::DataFormat;
using engine::OutputPlan;
using Kind = WriteStatement::Kind;

const std::set<std::string, std::less<>> kOfCreate = {
    "format",      "write_compression", "parquet_compression", "field_delimiter", "external_location", "partitioned_by",
    "bucketed_by", "bucket_count",      "table_type",          "is_external",     "orc_compression"};
const std::set<std::string, std::less<>> kOfUnload = {"format", "compression", "field_delimiter", "partitioned_by"};

std::unexpected<Error> NotSupported(std::string what) {
  return FailAs(ErrorCode::kUnsupported, "NOT_SUPPORTED", "NOT_SUPPORTED: " + std::move(what));
}

std::unexpected<Error> WrongProperty(std::string what) {
  return FailAs(ErrorCode::kInvalidArgument, "INVALID_TABLE_PROPERTY", "INVALID_TABLE_PROPERTY: " + std::move(what));
}

std::string One(const WriteStatement& statement, const char* name, std::string otherwise) {
  auto found = statement.properties.find(name);
  return found == statement.properties.end() || found->second.empty() ? otherwise : found->second.front();
}

Result<void> CheckNames(const WriteStatement& statement) {
  const auto& known = statement.kind == Kind::kCreate ? kOfCreate : kOfUnload;
  for (const auto& [name, value] : statement.properties) {
    if (!known.contains(name)) return WrongProperty(fmt::format("table property '{}' does not exist", name));
  }
  if (statement.properties.contains("bucketed_by") || statement.properties.contains("bucket_count")) {
    return NotSupported("bucketed_by: buckets are not written yet; partitioned_by is");
  }
  if (!EqualsIgnoreCase(One(statement, "table_type", "HIVE"), "HIVE")) {
    return NotSupported(fmt::format("table_type = '{}': HIVE tables are written", One(statement, "table_type", "")));
  }
  return {};
}

Result<DataFormat> FormatNamed(const std::string& name) {
  std::string upper = Lower(name);
  if (upper == "parquet") return DataFormat::kParquet;
  if (upper == "json") return DataFormat::kJson;
  if (upper == "textfile") return DataFormat::kDelimitedText;
  if (upper == "orc" || upper == "avro") {
    return NotSupported(fmt::format("format = '{}': PARQUET, JSON and TEXTFILE are written", name));
  }
  return WrongProperty(fmt::format("format '{}' is none: PARQUET, JSON and TEXTFILE are written", name));
}

// As the engine names it.
Result<std::string> CompressionOf(DataFormat format, const std::string& asked) {
  static const std::set<std::string, std::less<>> kParquet = {"none", "snappy", "gzip", "zstd", "lz4"};
  std::string name = asked == "uncompressed" ? "none" : asked;
  bool known = format == DataFormat::kParquet ? kParquet.contains(name) : name == "none" || name == "gzip";
  if (known) return name;
  return NotSupported(fmt::format("compression '{}': {} is written with {}", asked,
                                  format == DataFormat::kParquet ? "Parquet" : "text",
                                  format == DataFormat::kParquet ? "NONE, SNAPPY, GZIP, ZSTD or LZ4" : "NONE or GZIP"));
}

std::vector<glue::Column> ColumnsOf(const std::vector<engine::ColumnSource>& columns, std::size_t from, std::size_t to) {
  std::vector<glue::Column> all;
  for (std::size_t i = from; i < to; ++i) all.push_back({.name = columns[i].name, .type = columns[i].hive_type});
  return all;
}

void SetStorage(const OutputPlan& plan, glue::StorageDescriptor* storage) {
  std::map<std::string, std::string> parameters = plan.serde;
  storage->input_format = "org.apache.hadoop.mapred.TextInputFormat";
  storage->output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";
  std::string library = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
  if (plan.format == DataFormat::kParquet) {
    storage->input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
    storage->output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
    library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
  } else if (plan.format == DataFormat::kJson) {
    library = "org.openx.data.jsonserde.JsonSerDe";
  }
  parameters.emplace("serialization.format", "1");
  storage->serde_info = glue::SerDeInfo{.serialization_library = library, .parameters = std::move(parameters)};
}

}  // namespace

Result<OutputPlan> PlanOf(const WriteStatement& statement) {
  TRY(CheckNames(statement));
  OutputPlan plan;
  std::string format = One(statement, "format", statement.kind == Kind::kCreate ? "PARQUET" : "");
  if (format.empty()) return WrongProperty("UNLOAD needs the property format: PARQUET, JSON or TEXTFILE");
  TRY_ASSIGN(plan.format, FormatNamed(format));
  std::string compression = One(statement, "write_compression", One(statement, "parquet_compression", "gzip"));
  if (statement.kind == Kind::kUnload) compression = One(statement, "compression", "gzip");
  TRY_ASSIGN(plan.compression, CompressionOf(plan.format, Lower(compression)));
  if (std::string delimiter = One(statement, "field_delimiter", ""); !delimiter.empty()) {
    if (plan.format != DataFormat::kDelimitedText) return WrongProperty("field_delimiter belongs to the format TEXTFILE");
    if (delimiter != "\\t" && delimiter.size() != 1) return WrongProperty("field_delimiter: one character");
    plan.serde["field.delim"] = delimiter;
  }
  if (auto keys = statement.properties.find("partitioned_by"); keys != statement.properties.end()) {
    for (const std::string& key : keys->second) plan.keys.push_back(Lower(key));
  }
  plan.no_rows = !statement.with_data;
  return plan;
}

Result<OutputPlan> PlanOf(const WriteStatement& statement, const QueryOutput::Target& target) {
  OutputPlan plan{.format = target.format, .serde = target.serde, .columns = target.columns, .keys = target.keys};
  for (engine::ColumnSource& column : plan.columns) column.name = Lower(column.name);
  for (std::string& key : plan.keys) key = Lower(key);
  plan.filled = statement.columns;
  if (plan.filled.empty()) {
    for (const engine::ColumnSource& column : plan.columns) plan.filled.push_back(column.name);
  }
  for (const std::string& name : plan.filled) {
    if (std::ranges::count(plan.filled, name) > 1) {
      return FailAs(ErrorCode::kInvalidArgument, "DUPLICATE_COLUMN_NAME",
                    fmt::format("DUPLICATE_COLUMN_NAME: line 1:1: Insert column name is specified more than once: {}", name));
    }
    if (std::ranges::none_of(plan.columns, [&](const engine::ColumnSource& column) { return column.name == name; })) {
      return FailAs(ErrorCode::kInvalidArgument, "COLUMN_NOT_FOUND",
                    fmt::format("COLUMN_NOT_FOUND: line 1:1: Insert column name does not exist in target table: {}", name));
    }
  }
  std::string compression = "gzip";
  for (const char* name : {"write.compression", "parquet.compression"}) {
    if (auto found = target.serde.find(name); found != target.serde.end()) compression = Lower(found->second);
  }
  TRY_ASSIGN(plan.compression, CompressionOf(plan.format, compression));
  return plan;
}

std::string ExtensionOf(const OutputPlan& plan) {
  if (plan.format == DataFormat::kParquet) return ".parquet";
  return plan.compression == "gzip" ? ".gz" : "";
}

glue::TableInput TableOf(const WriteStatement& statement, const OutputPlan& plan, const std::vector<engine::ColumnSource>& columns,
                         const std::string& location) {
  std::size_t data = columns.size() - plan.keys.size();
  glue::StorageDescriptor storage{.columns = ColumnsOf(columns, 0, data), .location = location};
  SetStorage(plan, &storage);
  glue::TableInput table{.name = statement.table,
                         .storage_descriptor = std::move(storage),
                         .partition_keys = ColumnsOf(columns, data, columns.size()),
                         .table_type = "EXTERNAL_TABLE"};
  table.parameters = {{"EXTERNAL", "TRUE"}, {"has_encrypted_data", "true"}};
  const char* kinds[] = {"parquet", "csv", "csv", "json"};
  (*table.parameters)["classification"] = kinds[static_cast<std::size_t>(plan.format)];
  (*table.parameters)["write.compression"] = plan.compression;
  if (!statement.comment.empty()) table.description = statement.comment;
  return table;
}

}  // namespace hanse::query
