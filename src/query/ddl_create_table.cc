// CREATE EXTERNAL TABLE: its clauses, in the order and with the words of Athena's (ddl_clauses.h).
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "query/ddl_clauses.h"

namespace hanse::query {
namespace {

constexpr std::string_view kLazySimple = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
constexpr std::string_view kTextInput = "org.apache.hadoop.mapred.TextInputFormat";
constexpr std::string_view kTextOutput = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";

constexpr FileFormat kFormats[] = {
    {"textfile", kTextInput, kTextOutput, kLazySimple},
    {"jsonfile", kTextInput, kTextOutput, "org.openx.data.jsonserde.JsonSerDe"},
    {"parquet", "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
     "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
     "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
    {"orc", "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat", "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
     "org.apache.hadoop.hive.ql.io.orc.OrcSerde"},
    {"avro", "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
     "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat", "org.apache.hadoop.hive.serde2.avro.AvroSerDe"},
    {"sequencefile", "org.apache.hadoop.mapred.SequenceFileInputFormat",
     "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat", kLazySimple},
    {"rcfile", "org.apache.hadoop.hive.ql.io.RCFileInputFormat", "org.apache.hadoop.hive.ql.io.RCFileOutputFormat",
     "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe"}};

// DELIMITED and the characters that divide a line; Hive's names for them, one of which it misspells.
Result<void> ReadDelimited(TokenReader& reader, Properties* serde) {
  struct Delimiter {
    std::initializer_list<std::string_view> words;
    std::string_view key;
  };
  static const Delimiter kDelimiters[] = {{{"FIELDS", "TERMINATED", "BY"}, "field.delim"},
                                          {{"ESCAPED", "BY"}, "escape.delim"},
                                          {{"COLLECTION", "ITEMS", "TERMINATED", "BY"}, "colelction.delim"},
                                          {{"MAP", "KEYS", "TERMINATED", "BY"}, "mapkey.delim"},
                                          {{"LINES", "TERMINATED", "BY"}, "line.delim"},
                                          {{"NULL", "DEFINED", "AS"}, "serialization.null.format"}};
  bool more = true;
  while (more) {
    more = false;
    for (const Delimiter& delimiter : kDelimiters) {
      if (!reader.TakeAll(delimiter.words)) continue;
      TRY_ASSIGN((*serde)[std::string(delimiter.key)], reader.Text("a delimiter"));
      more = true;
    }
  }
  if (auto field = serde->find("field.delim"); field != serde->end()) (*serde)["serialization.format"] = field->second;
  return {};
}

Result<void> ReadRowFormat(TokenReader& reader, wire::glue::SerDeInfo* serde) {
  if (reader.Take("DELIMITED")) {
    serde->serialization_library = kLazySimple;
    return ReadDelimited(reader, &*serde->parameters);
  }
  TRY(reader.Expect("SERDE"));
  TRY_ASSIGN(serde->serialization_library, reader.Text("a SerDe"));
  if (!reader.TakeAll({"WITH", "SERDEPROPERTIES"})) return {};
  TRY_ASSIGN(serde->parameters, ReadProperties(reader));
  return {};
}

Result<void> ReadStored(TokenReader& reader, wire::glue::StorageDescriptor* storage) {
  if (reader.Take("INPUTFORMAT")) {
    TRY_ASSIGN(storage->input_format, reader.Text("an input format"));
    TRY(reader.Expect("OUTPUTFORMAT"));
    TRY_ASSIGN(storage->output_format, reader.Text("an output format"));
    return {};
  }
  TRY_ASSIGN(std::string name, reader.Name("a file format"));
  auto format = FormatNamed(name);
  if (!format) return Mismatched(fmt::format("{} is no file format", name));
  storage->input_format = format->input;
  storage->output_format = format->output;
  if (!storage->serde_info->serialization_library) storage->serde_info->serialization_library = format->serde;
  return {};
}

// CLUSTERED BY (name, …) [SORTED BY (name [ASC|DESC], …)] INTO n BUCKETS, from behind CLUSTERED BY.
Result<void> ReadBuckets(TokenReader& reader, wire::glue::StorageDescriptor* storage) {
  TRY_ASSIGN(storage->bucket_columns, ReadNames(reader));
  if (reader.TakeAll({"SORTED", "BY"})) {
    TRY(reader.Expect("("));
    do {
      wire::glue::Order order;
      TRY_ASSIGN(order.column, reader.Name("a column's name"));
      order.sort_order = reader.Take("DESC") ? 0 : (reader.Take("ASC"), 1);
      storage->sort_columns->push_back(std::move(order));
    } while (reader.Take(","));
    TRY(reader.Expect(")"));
  }
  TRY(reader.Expect("INTO"));
  TRY_ASSIGN(std::string count, reader.Name("a number of buckets"));
  std::int32_t buckets = 0;
  if (auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), buckets);
      error != std::errc() || *end != '\0' || buckets < 1) {
    return Mismatched(fmt::format("{} is no number of buckets", count));
  }
  storage->number_of_buckets = buckets;
  return reader.Expect("BUCKETS");
}

Result<void> ReadClause(TokenReader& reader, Ddl* ddl) {
  wire::glue::TableInput& table = ddl->definition;
  wire::glue::StorageDescriptor& storage = *table.storage_descriptor;
  if (reader.Take("COMMENT")) {
    TRY_ASSIGN(ddl->comment, reader.Text("a comment"));
  } else if (reader.TakeAll({"PARTITIONED", "BY"})) {
    TRY_ASSIGN(table.partition_keys, ReadColumns(reader));
  } else if (reader.TakeAll({"CLUSTERED", "BY"})) {
    TRY(ReadBuckets(reader, &storage));
  } else if (reader.TakeAll({"ROW", "FORMAT"})) {
    TRY(ReadRowFormat(reader, &*storage.serde_info));
  } else if (reader.TakeAll({"STORED", "AS"})) {
    TRY(ReadStored(reader, &storage));
  } else if (reader.TakeAll({"WITH", "SERDEPROPERTIES"})) {
    TRY_ASSIGN(storage.serde_info->parameters, ReadProperties(reader));
  } else if (reader.Take("LOCATION")) {
    TRY_ASSIGN(storage.location, reader.Text("a place"));
  } else if (reader.Take("TBLPROPERTIES")) {
    TRY_ASSIGN(table.parameters, ReadProperties(reader));
  } else {
    return Mismatched(fmt::format("{} begins no clause of CREATE TABLE", reader.Here()));
  }
  return {};
}

}  // namespace

std::optional<FileFormat> FormatNamed(std::string_view name) {
  auto found = std::ranges::find_if(kFormats, [&](const FileFormat& format) { return EqualsIgnoreCase(format.name, name); });
  return found == std::end(kFormats) ? std::nullopt : std::optional(*found);
}

Result<void> ReadTableClauses(TokenReader& reader, Ddl* ddl) {
  wire::glue::TableInput& table = ddl->definition;
  table = {.name = ddl->table,
           .owner = "hadoop",
           .retention = 0,
           .partition_keys = std::vector<wire::glue::Column>{},
           .table_type = "EXTERNAL_TABLE",
           .parameters = Properties{}};
  table.storage_descriptor = wire::glue::StorageDescriptor{.compressed = false,
                                                           .number_of_buckets = -1,
                                                           .serde_info = wire::glue::SerDeInfo{.parameters = Properties{}},
                                                           .bucket_columns = std::vector<std::string>{},
                                                           .sort_columns = std::vector<wire::glue::Order>{},
                                                           .parameters = Properties{},
                                                           .stored_as_sub_directories = false};
  TRY_ASSIGN(table.storage_descriptor->columns, ReadColumns(reader));
  while (!reader.done()) TRY(ReadClause(reader, ddl));
  wire::glue::StorageDescriptor& storage = *table.storage_descriptor;
  if (!storage.location) return Mismatched("LOCATION is missing");
  if (!storage.input_format) {
    storage.input_format = kTextInput;
    storage.output_format = kTextOutput;
  }
  wire::glue::SerDeInfo& serde = *storage.serde_info;
  if (!serde.serialization_library) serde.serialization_library = kLazySimple;
  if (!serde.parameters->contains("serialization.format")) (*serde.parameters)["serialization.format"] = "1";
  (*table.parameters)["EXTERNAL"] = "TRUE";
  if (ddl->comment) (*table.parameters)["comment"] = *ddl->comment;
  return {};
}

}  // namespace hanse::query
