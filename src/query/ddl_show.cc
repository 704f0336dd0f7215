// SHOW and DESCRIBE (ddl.h).
#include <algorithm>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/trino_names.h"
#include "query/ddl.h"

namespace hanse::query {
namespace {

namespace glue = wire::glue;

constexpr int kPageSize = 100;

// Athena's patterns: '*' and ".*" for anything, '|' between choices (Athena User Guide, "SHOW TABLES", "SHOW DATABASES").
bool PatternFits(const std::optional<std::string>& pattern, const std::string& name) {
  if (!pattern) return true;
  for (std::string choice : Split(Lower(*pattern), '|')) {
    for (std::size_t at = choice.find(".*"); at != std::string::npos; at = choice.find(".*", at)) choice.erase(at, 1);
    if (GlobMatches(choice, name)) return true;
  }
  return false;
}

Result<DdlAnswer> ShowDatabases(const DdlCall& call) {
  DdlAnswer answer{{{"database_name", "string"}}, {}};
  std::optional<std::string> token;
  do {
    TRY_ASSIGN(auto page,
               call.world.Call(call.as, glue::GetDatabasesRequest{
                                            .catalog_id = call.catalog_id, .next_token = token, .max_results = kPageSize}));
    for (const glue::Database& database : page.database_list.value_or(std::vector<glue::Database>{})) {
      if (PatternFits(call.ddl.pattern, *database.name)) answer.lines.push_back(*database.name);
    }
    token = page.next_token;
  } while (token);
  return answer;
}

// Trino's patterns here: '%' for anything, '_' for one character.
DdlAnswer ShowFunctions(const DdlCall& call) {
  std::string pattern = call.ddl.pattern.value_or("%");
  std::ranges::replace(pattern, '%', '*');
  std::ranges::replace(pattern, '_', '?');
  DdlAnswer answer{{{"Function", "varchar"}}, {}};
  for (std::string& name : engine::TrinoFunctionNames()) {
    if (GlobMatches(pattern, name)) answer.lines.push_back(std::move(name));
  }
  return answer;
}

Result<DdlAnswer> ShowNames(const DdlCall& call, Listed listed, const char* column) {
  DdlAnswer answer{{{column, "string"}}, {}};
  TRY_ASSIGN(auto names, NamesOfTables(call, listed));
  for (std::string& name : names) {
    if (PatternFits(call.ddl.pattern, name)) answer.lines.push_back(std::move(name));
  }
  return answer;
}

const std::vector<glue::Column>& ColumnsOf(const glue::Table& table) {
  static const std::vector<glue::Column> kNone;
  const auto& storage = table.storage_descriptor;
  return storage && storage->columns ? *storage->columns : kNone;
}

std::vector<glue::Column> KeysOf(const glue::Table& table) { return table.partition_keys.value_or(std::vector<glue::Column>{}); }

Result<DdlAnswer> ShowColumns(const DdlCall& call) {
  TRY_ASSIGN(glue::Table table, call.Table());
  DdlAnswer answer{{{"field", "string"}}, {}};
  for (const glue::Column& column : ColumnsOf(table)) answer.lines.push_back(fmt::format("{:<20}", *column.name));
  for (const glue::Column& key : KeysOf(table)) answer.lines.push_back(fmt::format("{:<20}", *key.name));
  return answer;
}

Result<DdlAnswer> ShowProperties(const DdlCall& call) {
  TRY_ASSIGN(glue::Table table, call.Table());
  Properties properties = table.parameters.value_or(Properties{});
  if (!call.ddl.pattern) {
    DdlAnswer answer{{{"prpt_name", "string"}, {"prpt_value", "string"}}, {}};
    for (const auto& [key, value] : properties) answer.lines.push_back(fmt::format("{}\t{}", key, value));
    return answer;
  }
  DdlAnswer answer{{{"prpt_value", "string"}}, {}};
  auto found = properties.find(*call.ddl.pattern);
  answer.lines.push_back(found != properties.end() ? found->second
                                                   : fmt::format("Table {}.{} does not have property: {}", call.database,
                                                                 call.ddl.table, *call.ddl.pattern));
  return answer;
}

std::string Line(std::string_view first, std::string_view second, std::string_view third) {
  return fmt::format("{:<20}\t{:<20}\t{:<20}", first, second, third);
}

std::string Line(const glue::Column& column) {
  return Line(column.name.value_or(""), column.type.value_or(""), column.comment.value_or(""));
}

void DescribeProperties(const Properties& properties, std::vector<std::string>* lines) {
  for (const auto& [key, value] : properties) lines->push_back(Line("", key, value));
}

std::string Moment(const std::optional<wire::Timestamp>& at) { return at ? FormatIso8601(at->ms) : "UNKNOWN"; }

// What DESCRIBE FORMATTED tells beyond the columns.
void DescribeWhole(const glue::Table& table, std::vector<std::string>* lines) {
  glue::StorageDescriptor storage = table.storage_descriptor.value_or(glue::StorageDescriptor{});
  glue::SerDeInfo serde = storage.serde_info.value_or(glue::SerDeInfo{});
  lines->insert(
      lines->end(),
      {"\t \t ", "# Detailed Table Information\t \t ", Line("Database:", table.database_name.value_or(""), ""),
       Line("Owner:", table.owner.value_or(""), ""), Line("CreateTime:", Moment(table.create_time), ""),
       Line("LastAccessTime:", Moment(table.last_access_time), ""),
       Line("Retention:", std::to_string(table.retention.value_or(0)), ""), Line("Location:", storage.location.value_or(""), ""),
       Line("Table Type:", table.table_type.value_or(""), ""), "Table Parameters:\t \t "});
  DescribeProperties(table.parameters.value_or(Properties{}), lines);
  lines->insert(
      lines->end(),
      {"\t \t ", "# Storage Information\t \t ", Line("SerDe Library:", serde.serialization_library.value_or(""), ""),
       Line("InputFormat:", storage.input_format.value_or(""), ""), Line("OutputFormat:", storage.output_format.value_or(""), ""),
       Line("Compressed:", storage.compressed.value_or(false) ? "Yes" : "No", ""),
       Line("Num Buckets:", std::to_string(storage.number_of_buckets.value_or(-1)), ""),
       Line("Bucket Columns:", fmt::format("[{}]", Join(storage.bucket_columns.value_or(std::vector<std::string>{}), ", ")), ""),
       "Storage Desc Params:\t \t "});
  DescribeProperties(serde.parameters.value_or(Properties{}), lines);
}

Result<DdlAnswer> Describe(const DdlCall& call) {
  DdlAnswer answer{{{"col_name", "string"}, {"data_type", "string"}, {"comment", "string"}}, {}};
  TRY_ASSIGN(glue::Table table, call.Table());
  auto& lines = answer.lines;
  if (call.ddl.detail == Detail::kFormatted) lines = {Line("# col_name", "data_type", "comment"), "\t \t "};
  for (const glue::Column& column : ColumnsOf(table)) lines.push_back(Line(column));
  std::vector<glue::Column> keys = KeysOf(table);
  if (!keys.empty()) {
    if (call.ddl.detail != Detail::kFormatted) {
      for (const glue::Column& key : keys) lines.push_back(Line(key));
    }
    lines.insert(lines.end(), {"\t \t ", "# Partition Information\t \t ", Line("# col_name", "data_type", "comment"), "\t \t "});
    for (const glue::Column& key : keys) lines.push_back(Line(key));
  }
  if (call.ddl.detail != Detail::kPlain) DescribeWhole(table, &lines);
  return answer;
}

// In single quotes, as the statement that made it could have had it.
std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

void WriteColumns(const std::vector<glue::Column>& columns, std::vector<std::string>* lines) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::string line = fmt::format("  `{}` {}", *columns[i].name, columns[i].type.value_or("string"));
    if (columns[i].comment) line += " COMMENT " + Quoted(*columns[i].comment);
    lines->push_back(line + (i + 1 < columns.size() ? ", " : ")"));
  }
}

void WriteProperties(const Properties& properties, std::vector<std::string>* lines) {
  std::size_t left = properties.size();
  for (const auto& [key, value] : properties)
    lines->push_back(fmt::format("  {}={}{}", Quoted(key), Quoted(value), --left > 0 ? ", " : ")"));
}

Result<DdlAnswer> ShowCreateTable(const DdlCall& call) {
  TRY_ASSIGN(glue::Table table, call.Table());
  if (table.table_type == "VIRTUAL_VIEW") {
    return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR",
                  fmt::format("SYNTAX_ERROR: {} is a view: ask SHOW CREATE VIEW", call.ddl.table));
  }
  DdlAnswer answer{{{"createtab_stmt", "string"}}, {}};
  auto& lines = answer.lines;
  glue::StorageDescriptor storage = table.storage_descriptor.value_or(glue::StorageDescriptor{});
  glue::SerDeInfo serde = storage.serde_info.value_or(glue::SerDeInfo{});
  lines.push_back(fmt::format("CREATE EXTERNAL TABLE `{}`.`{}`(", call.database, call.ddl.table));
  WriteColumns(ColumnsOf(table), &lines);
  Properties properties = table.parameters.value_or(Properties{});
  properties.erase("EXTERNAL");
  if (auto comment = properties.extract("comment")) lines.push_back("COMMENT " + Quoted(comment.mapped()));
  if (auto keys = KeysOf(table); !keys.empty()) {
    lines.emplace_back("PARTITIONED BY ( ");
    WriteColumns(keys, &lines);
  }
  if (auto buckets = storage.bucket_columns.value_or(std::vector<std::string>{}); !buckets.empty()) {
    lines.push_back(
        fmt::format("CLUSTERED BY (`{}`) INTO {} BUCKETS", Join(buckets, "`, `"), storage.number_of_buckets.value_or(0)));
  }
  if (serde.serialization_library) {
    lines.insert(lines.end(), {"ROW FORMAT SERDE ", "  " + Quoted(*serde.serialization_library)});
    if (serde.parameters && !serde.parameters->empty()) {
      lines.emplace_back("WITH SERDEPROPERTIES ( ");
      WriteProperties(*serde.parameters, &lines);
    }
  }
  if (storage.input_format) {
    lines.insert(lines.end(), {"STORED AS INPUTFORMAT ", "  " + Quoted(*storage.input_format), "OUTPUTFORMAT ",
                               "  " + Quoted(storage.output_format.value_or(""))});
  }
  lines.insert(lines.end(), {"LOCATION", "  " + Quoted(storage.location.value_or(""))});
  if (properties.empty()) return answer;
  lines.emplace_back("TBLPROPERTIES (");
  WriteProperties(properties, &lines);
  return answer;
}

}  // namespace

Result<std::vector<std::string>> NamesOfTables(const DdlCall& call, Listed listed) {
  std::vector<std::string> names;
  std::optional<std::string> token;
  do {
    TRY_ASSIGN(auto page, call.world.Call(call.as, glue::GetTablesRequest{.catalog_id = call.catalog_id,
                                                                          .database_name = call.database,
                                                                          .next_token = token,
                                                                          .max_results = kPageSize}));
    for (const glue::Table& table : page.table_list.value_or(std::vector<glue::Table>{})) {
      if (listed == Listed::kAll || table.table_type == "VIRTUAL_VIEW") names.push_back(*table.name);
    }
    token = page.next_token;
  } while (token);
  return names;
}

Result<DdlAnswer> RunShow(const DdlCall& call) {
  switch (call.ddl.verb) {
    case DdlVerb::kShowDatabases: return ShowDatabases(call);
    case DdlVerb::kShowTables: return ShowNames(call, Listed::kAll, "tab_name");
    case DdlVerb::kShowViews: return ShowNames(call, Listed::kViews, "views");
    case DdlVerb::kShowColumns: return ShowColumns(call);
    case DdlVerb::kShowCreateTable: return ShowCreateTable(call);
    case DdlVerb::kShowProperties: return ShowProperties(call);
    case DdlVerb::kShowFunctions: return ShowFunctions(call);
    default: return Describe(call);
  }
}

}  // namespace hanse::query
