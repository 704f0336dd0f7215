// Views (ddl.h): made with the caller's rights on the tables beneath, dropped and shown as tables are.
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "query/ddl.h"
#include "query/view_text.h"

namespace hanse::query {
namespace {

namespace glue = wire::glue;

std::unexpected<Error> Wrong(const std::string& what) {
  return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR", "SYNTAX_ERROR: " + what);
}

Result<void> CheckColumns(const std::vector<engine::ResultColumn>& columns) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name.empty()) return Wrong(fmt::format("Column name not specified at position {}", i + 1));
    if (!names.insert(Lower(columns[i].name)).second)
      return Wrong(fmt::format("Column name '{}' specified more than once", columns[i].name));
  }
  return {};
}

glue::TableInput DefinitionOf(const DdlCall& call, const std::string& database, std::vector<engine::ResultColumn> columns) {
  glue::StorageDescriptor storage{.columns = std::vector<glue::Column>{},
                                  .location = "",
                                  .compressed = false,
                                  .number_of_buckets = 0,
                                  .serde_info = glue::SerDeInfo{},
                                  .stored_as_sub_directories = false};
  for (const engine::ResultColumn& column : columns)
    storage.columns->push_back({.name = Lower(column.name), .type = HiveTypeOf(column.type)});
  return {.name = call.ddl.table,
          .owner = "hadoop",
          .retention = 0,
          .storage_descriptor = std::move(storage),
          .partition_keys = std::vector<glue::Column>{},
          .view_original_text = WriteViewText({call.ddl.query, database, std::move(columns)}),
          .view_expanded_text = std::string(kViewExpandedText),
          .table_type = "VIRTUAL_VIEW",
          .parameters = Properties{{"presto_view", "true"}, {"comment", "Presto View"}}};
}

// The view of that name; kInvalidArgument where a table has it.
Result<glue::Table> OpenView(const DdlCall& call) {
  TRY_ASSIGN(glue::Table table, call.Table());
  if (table.table_type != "VIRTUAL_VIEW") return Wrong(fmt::format("{} is not a view", call.ddl.table));
  return table;
}

Result<DdlAnswer> CreateView(const DdlCall& call) {
  const std::string& database = call.session_database.empty() ? call.database : call.session_database;
  TRY_ASSIGN(auto columns, call.analyze(call.ddl.query, database));
  TRY(CheckColumns(columns));
  glue::TableInput definition = DefinitionOf(call, database, std::move(columns));
  if (call.ddl.replace) {
    auto before = OpenView(call);
    if (before) {
      TRY(call.world.Call(
          call.as, glue::UpdateTableRequest{
                       .database_name = call.database, .table_input = std::move(definition), .version_id = before->version_id}));
      return DdlAnswer{};
    }
    if (before.error().code != ErrorCode::kNotFound) return std::unexpected(std::move(before).error());
  }
  TRY(call.world.Call(call.as, glue::CreateTableRequest{.database_name = call.database, .table_input = std::move(definition)}));
  return DdlAnswer{};
}

Result<DdlAnswer> ShowCreateView(const DdlCall& call) {
  TRY_ASSIGN(glue::Table table, OpenView(call));
  TRY_ASSIGN(ViewText view, ReadViewText(table.view_original_text.value_or("")));
  DdlAnswer answer{{{"Create View", "varchar"}}, {fmt::format("CREATE VIEW {}.{} AS ", call.database, call.ddl.table)}};
  for (std::string& line : Split(view.sql, '\n')) answer.lines.push_back(std::move(line));
  return answer;
}

Result<DdlAnswer> DescribeView(const DdlCall& call) {
  TRY_ASSIGN(glue::Table table, OpenView(call));
  DdlAnswer answer{{{"col_name", "string"}, {"data_type", "string"}, {"comment", "string"}}, {}};
  TRY_ASSIGN(ViewText view, ReadViewText(table.view_original_text.value_or("")));
  for (const engine::ResultColumn& column : view.columns)
    answer.lines.push_back(fmt::format("{:<20}\t{:<20}\t{:<20}", column.name, column.type, ""));
  return answer;
}

Result<DdlAnswer> DropView(const DdlCall& call) {
  auto table = OpenView(call);
  if (!table && table.error().code == ErrorCode::kNotFound && call.ddl.tolerant) return DdlAnswer{};
  if (!table) return std::unexpected(std::move(table).error());
  TRY(call.world.Call(call.as, glue::DeleteTableRequest{.database_name = call.database, .name = call.ddl.table}));
  return DdlAnswer{};
}

}  // namespace

Result<DdlAnswer> RunView(const DdlCall& call) {
  switch (call.ddl.verb) {
    case DdlVerb::kCreateView: return CreateView(call);
    case DdlVerb::kShowCreateView: return ShowCreateView(call);
    case DdlVerb::kDescribeView: return DescribeView(call);
    default: return DropView(call);
  }
}

}  // namespace hanse::query
