#include "query/output_format.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::query {
namespace {

namespace glue = wire::glue;
using engine::DataFormat;
using engine::OutputPlan;
using Kind = WriteStatement::Kind;

constexpr std::string_view kWrittenFormats = "PARQUET, ORC, JSON and TEXTFILE";

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
  if (upper == "orc") return DataFormat::kOrc;
  if (upper == "avro") return NotSupported(fmt::format("format = '{}': {} are written", name, kWrittenFormats));
  return WrongProperty(fmt::format("format '{}' is none: {} are written", name, kWrittenFormats));
}

// Where nothing is said.
const char* CompressionOf(DataFormat format) { return format == DataFormat::kOrc ? "zlib" : "gzip"; }

// As the engine names it.
Result<std::string> CompressionOf(DataFormat format, const std::string& asked) {
  struct Known {
    const char* kind;
    std::set<std::string, std::less<>> names;
    const char* shown;
  };
  static const Known kParquet{"Parquet", {"none", "snappy", "gzip", "zstd", "lz4"}, "NONE, SNAPPY, GZIP, ZSTD or LZ4"};
  static const Known kOrc{"ORC", {"none", "snappy", "zlib", "zstd", "lz4"}, "NONE, SNAPPY, ZLIB, ZSTD or LZ4"};
  static const Known kText{"text", {"none", "gzip"}, "NONE or GZIP"};
  const Known& known = format == DataFormat::kParquet ? kParquet : format == DataFormat::kOrc ? kOrc : kText;
  std::string name = asked == "uncompressed" ? "none" : asked;
  if (known.names.contains(name)) return name;
  return NotSupported(fmt::format("compression '{}': {} is written with {}", asked, known.kind, known.shown));
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
  } else if (plan.format == DataFormat::kOrc) {
    storage->input_format = "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat";
    storage->output_format = "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat";
    library = "org.apache.hadoop.hive.ql.io.orc.OrcSerde";
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
  if (format.empty()) return WrongProperty("UNLOAD needs the property format: PARQUET, ORC, JSON or TEXTFILE");
  TRY_ASSIGN(plan.format, FormatNamed(format));
  const char* of_format = plan.format == DataFormat::kOrc ? "orc_compression" : "parquet_compression";
  std::string compression = One(statement, "write_compression", One(statement, of_format, CompressionOf(plan.format)));
  if (statement.kind == Kind::kUnload) compression = One(statement, "compression", CompressionOf(plan.format));
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
  std::string compression = CompressionOf(target.format);
  for (const char* name : {"write.compression", target.format == DataFormat::kOrc ? "orc.compress" : "parquet.compression"}) {
    if (auto found = target.serde.find(name); found != target.serde.end()) compression = Lower(found->second);
  }
  TRY_ASSIGN(plan.compression, CompressionOf(plan.format, compression));
  return plan;
}

std::string ExtensionOf(const OutputPlan& plan) {
  if (plan.format == DataFormat::kParquet) return ".parquet";
  if (plan.format == DataFormat::kOrc) return ".orc";
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
  static const std::map<DataFormat, const char*> kKinds = {
      {DataFormat::kParquet, "parquet"}, {DataFormat::kOrc, "orc"}, {DataFormat::kJson, "json"}};
  auto kind = kKinds.find(plan.format);
  (*table.parameters)["classification"] = kind == kKinds.end() ? "csv" : kind->second;
  (*table.parameters)["write.compression"] = plan.compression;
  if (!statement.comment.empty()) table.description = statement.comment;
  return table;
}

}  // namespace hanse::query
