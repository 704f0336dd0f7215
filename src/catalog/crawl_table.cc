#include "catalog/crawl_table.h"

#include <algorithm>

#include <re2/re2.h>

#include "base/text.h"

namespace hanse::catalog {
namespace {

using wire::glue::Column;
using wire::glue::StorageDescriptor;
using wire::glue::TableInput;

struct Serde {
  std::string input, output, library;
  std::map<std::string, std::string> parameters;
};

Serde SerdeOf(const FileSchema& schema, const std::vector<InferredColumn>& columns) {
  if (schema.classification == "parquet") {
    return {"org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
            "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
            {{"serialization.format", "1"}}};
  }
  if (!schema.row_tag.empty()) return {"", "", "", {{"rowTag", schema.row_tag}}};
  if (schema.classification == "avro") {
    return {"org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
            "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
            "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
            {{"serialization.format", "1"}}};
  }
  if (schema.classification == "orc") {
    // Columns of several files are put together by name, so they are read by name: by place, as is usual, one that a file has
    // elsewhere would show another's values.
    return {"org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
            "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
            "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
            {{"serialization.format", "1"}, {"orc.column.index.access", "false"}}};
  }
  Serde serde{"org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat", "", {}};
  if (!schema.grok_pattern.empty()) {
    serde.library = "com.amazonaws.glue.serde.GrokSerDe";
    serde.parameters = {{"input.format", schema.grok_pattern}};
    if (!schema.grok_custom_patterns.empty()) serde.parameters["input.grokCustomPatterns"] = schema.grok_custom_patterns;
  } else if (schema.classification == "json") {
    std::string paths;
    for (const InferredColumn& column : columns) paths += (paths.empty() ? "" : ",") + column.name;
    serde.library = "org.openx.data.jsonserde.JsonSerDe";
    serde.parameters = {{"paths", paths}};
  } else if (schema.quoted) {
    serde.library = "org.apache.hadoop.hive.serde2.OpenCSVSerde";
    serde.parameters = {{"separatorChar", std::string(1, schema.delimiter)}, {"quoteChar", std::string(1, schema.quote)}};
  } else {
    serde.library = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
    serde.parameters = {{"field.delim", std::string(1, schema.delimiter)}};
  }
  return serde;
}

std::vector<Column> ColumnsOf(const std::vector<InferredColumn>& inferred) {
  std::vector<Column> columns;
  for (const InferredColumn& column : inferred) columns.push_back({.name = column.name, .type = column.type});
  return columns;
}

std::vector<Column> Listed(const std::optional<StorageDescriptor>& storage) {
  return storage ? storage->columns.value_or(std::vector<Column>()) : std::vector<Column>();
}

bool SameSchema(const TableInput& a, const TableInput& b) {
  auto plain = [](const std::vector<Column>& columns) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const Column& column : columns) pairs.emplace_back(column.name.value_or(""), column.type.value_or(""));
    return pairs;
  };
  auto library = [](const TableInput& t) {
    return t.storage_descriptor && t.storage_descriptor->serde_info ? t.storage_descriptor->serde_info->serialization_library
                                                                    : std::nullopt;
  };
  return plain(Listed(a.storage_descriptor)) == plain(Listed(b.storage_descriptor)) && library(a) == library(b) &&
         plain(a.partition_keys.value_or(std::vector<Column>())) == plain(b.partition_keys.value_or(std::vector<Column>()));
}

// A pattern of Exclusions as a regular expression.
std::string PatternText(std::string_view glob) {
  std::string text;
  int braces = 0;
  for (std::size_t i = 0; i < glob.size(); ++i) {
    char c = glob[i];
    if (c == '*' && i + 1 < glob.size() && glob[i + 1] == '*')
      text += ".*", ++i;
    else if (c == '*')
      text += "[^/]*";
    else if (c == '?')
      text += "[^/]";
    else if (c == '{')
      text += "(?:", ++braces;
    else if (c == '}' && braces > 0)
      text += ")", --braces;
    else if (c == ',' && braces > 0)
      text += "|";
    else if (c == '[' && glob.find(']', i) != std::string_view::npos) {
      std::size_t end = glob.find(']', i);
      std::string set(glob.substr(i + 1, end - i - 1));
      if (set.starts_with('!')) set[0] = '^';
      text += "[" + set + "]";
      i = end;
    } else {
      text += re2::RE2::QuoteMeta(std::string(1, c));
    }
  }
  while (braces-- > 0) text += ")";
  return text;
}

}  // namespace

StorageDescriptor CrawledStorage(std::string_view location, const FileSchema& schema, const std::vector<InferredColumn>& columns) {
  Serde serde = SerdeOf(schema, columns);
  return {.columns = ColumnsOf(columns),
          .location = std::string(location),
          .input_format = serde.input,
          .output_format = serde.output,
          .compressed = schema.compression != "none",
          .number_of_buckets = -1,
          .serde_info = wire::glue::SerDeInfo{.serialization_library = serde.library, .parameters = serde.parameters},
          .bucket_columns = std::vector<std::string>(),
          .sort_columns = std::vector<wire::glue::Order>(),
          .parameters = std::map<std::string, std::string>(),
          .stored_as_sub_directories = false};
}

TableInput CrawledTable(std::string_view crawler, std::string_view name, std::string_view location, const PlannedTable& planned) {
  std::map<std::string, std::string> parameters{{"classification", planned.schema.classification},
                                                {"compressionType", planned.schema.compression},
                                                {"typeOfData", "file"},
                                                {"CrawlerSchemaDeserializerVersion", "1.0"},
                                                {"CrawlerSchemaSerializerVersion", "1.0"},
                                                {std::string(kCrawledBy), std::string(crawler)},
                                                {"objectCount", std::to_string(planned.files)},
                                                {"sizeKey", std::to_string(planned.bytes)}};
  if (planned.schema.rows > 0) parameters["recordCount"] = std::to_string(planned.schema.rows);
  if (!planned.schema.row_tag.empty()) parameters["rowTag"] = planned.schema.row_tag;
  if (planned.schema.classification == "csv") {
    parameters["delimiter"] = std::string(1, planned.schema.delimiter);
    parameters["columnsOrdered"] = "true";
    parameters["areColumnsQuoted"] = planned.schema.quoted ? "true" : "false";
    if (planned.schema.header) parameters["skip.header.line.count"] = "1";
  }
  TableInput input{.name = std::string(name), .owner = "owner", .retention = 0, .table_type = "EXTERNAL_TABLE"};
  input.storage_descriptor = CrawledStorage(location, planned.schema, planned.schema.columns);
  input.storage_descriptor->parameters = parameters;
  input.parameters = std::move(parameters);
  input.partition_keys.emplace();
  for (const std::string& key : planned.keys) input.partition_keys->push_back({.name = key, .type = "string"});
  return input;
}

TableInput InputOf(const wire::glue::Table& table) {
  return {.name = table.name,
          .description = table.description,
          .owner = table.owner,
          .last_access_time = table.last_access_time,
          .last_analyzed_time = table.last_analyzed_time,
          .retention = table.retention,
          .storage_descriptor = table.storage_descriptor,
          .partition_keys = table.partition_keys,
          .view_original_text = table.view_original_text,
          .view_expanded_text = table.view_expanded_text,
          .table_type = table.table_type,
          .parameters = table.parameters};
}

std::optional<TableInput> UpdatedTable(const wire::glue::Table& existing, const TableInput& found, TableUpdate how) {
  TableInput before = InputOf(existing);
  TableInput after = found;
  after.description = before.description;
  if (how == TableUpdate::kMergeNewColumns) {
    std::vector<Column> columns = Listed(before.storage_descriptor);
    for (const Column& column : Listed(found.storage_descriptor)) {
      bool known = std::any_of(columns.begin(), columns.end(), [&](const Column& c) { return c.name == column.name; });
      if (!known) columns.push_back(column);
    }
    after = before;
    after.parameters = before.parameters;
    if (after.storage_descriptor) after.storage_descriptor->columns = std::move(columns);
  } else {
    // What people have written beside the crawler's own stays: comments of columns, parameters.
    if (before.parameters && after.parameters) {
      for (const auto& [key, value] : *before.parameters) after.parameters->emplace(key, value);
      after.parameters->erase(std::string(kDeprecatedBy));
    }
    for (Column& column : *after.storage_descriptor->columns) {
      for (const Column& old : Listed(before.storage_descriptor)) {
        if (old.name == column.name) column.comment = old.comment;
      }
    }
  }
  bool revived = before.parameters && before.parameters->contains(std::string(kDeprecatedBy));
  if (SameSchema(before, after) && !revived) return std::nullopt;
  return after;
}

bool Excluded(const std::vector<std::string>& exclusions, std::string_view path) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  return std::any_of(exclusions.begin(), exclusions.end(), [&](const std::string& glob) {
    re2::RE2 pattern(PatternText(glob), options);
    return pattern.ok() && re2::RE2::FullMatch(path, pattern);
  });
}

}  // namespace hanse::catalog
