// Views (ddl.h): made with the caller's rights on the tables beneath, dropped and shown as tables are.
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "query/ddl.h"
#include "query/view_text.h"
#include "wire/json.h"

namespace hanse::query {
namespace {

namespace glue = wire::glue;

constexpr std::string_view kAthena = "ATHENA";

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
  TRY_ASSIGN(auto analyzed, call.analyze(call.ddl.query, database));
  TRY(CheckColumns(analyzed.columns));
  glue::TableInput definition = DefinitionOf(call, database, std::move(analyzed.columns));
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

// The view that `call` makes or changes, with its text for Athena and the tables that it stands on.
Result<glue::TableInput> DefinerViewOf(const DdlCall& call) {
  const std::string& database = call.session_database.empty() ? call.database : call.session_database;
  TRY_ASSIGN(auto analyzed, call.analyze(call.ddl.query, database));
  TRY(CheckColumns(analyzed.columns));
  glue::TableInput input = DefinitionOf(call, database, std::move(analyzed.columns));
  glue::ViewRepresentationInput text{.dialect = std::string(kAthena),
                                     .dialect_version = "3",
                                     .view_original_text = call.ddl.query,
                                     .view_expanded_text = std::move(input.view_original_text)};
  input.view_original_text.reset();
  input.view_expanded_text.reset();
  input.parameters.reset();
  glue::ViewDefinitionInput view{.is_protected = true,
                                 .representations = std::vector<glue::ViewRepresentationInput>{std::move(text)},
                                 .sub_objects = std::vector<std::string>{}};
  for (const auto& [home, table] : analyzed.tables) {
    if (engine::DatabaseName::Of(home).catalog_id()) {
      return Wrong("a view with its definer's rights stands on tables of its own account");
    }
    std::string arn = fmt::format("arn:aws:glue:{}:{}:table/{}/{}", call.as.info.region, call.as.caller.account, home, table);
    if (!Contains(*view.sub_objects, arn)) view.sub_objects->push_back(std::move(arn));
  }
  input.view_definition = std::move(view);
  return input;
}

Result<DdlAnswer> Change(const DdlCall& call, std::string action, bool force, glue::TableInput input) {
  TRY(call.world.Call(call.as, glue::UpdateTableRequest{.database_name = call.database,
                                                        .table_input = std::move(input),
                                                        .view_update_action = std::move(action),
                                                        .force = force}));
  return DdlAnswer{};
}

Result<DdlAnswer> CreateDefinerView(const DdlCall& call) {
  TRY_ASSIGN(glue::TableInput input, DefinerViewOf(call));
  if (call.ddl.dry) {
    input.view_definition->definer = call.as.caller.principal_arn;
    return DdlAnswer{{{"View JSON", "varchar"}}, {wire::ToJson(input)}};
  }
  if (call.ddl.replace) {
    auto before = OpenView(call);
    if (before) {
      input.view_definition->definer = call.as.caller.principal_arn;
      return Change(call, "ADD_OR_REPLACE", true, std::move(input));
    }
    if (before.error().code != ErrorCode::kNotFound) return std::unexpected(std::move(before).error());
  }
  TRY(call.world.Call(call.as, glue::CreateTableRequest{.database_name = call.database, .table_input = std::move(input)}));
  return DdlAnswer{};
}

Result<DdlAnswer> AlterDialect(const DdlCall& call) {
  if (call.ddl.action != "DROP") {
    TRY_ASSIGN(glue::TableInput input, DefinerViewOf(call));
    if (call.ddl.dry) return DdlAnswer{{{"View JSON", "varchar"}}, {wire::ToJson(input)}};
    return Change(call, call.ddl.action, call.ddl.force, std::move(input));
  }
  TRY_ASSIGN(glue::Table table, OpenView(call));
  glue::TableInput input = query::InputOf(std::move(table));
  input.view_definition =
      glue::ViewDefinitionInput{.representations = std::vector<glue::ViewRepresentationInput>{{.dialect = std::string(kAthena)}}};
  return Change(call, "DROP", false, std::move(input));
}

// Its text for Athena, which a definer's view shows to who may change it.
Result<ViewText> TextOf(const DdlCall& call, const glue::Table& table) {
  if (!table.is_multi_dialect_view.value_or(false)) return ReadViewText(table.view_original_text.value_or(""));
  for (const auto& one : table.view_definition->representations.value_or(std::vector<glue::ViewRepresentation>())) {
    if (one.dialect != kAthena || !one.view_original_text) continue;
    return ViewText{.sql = *one.view_original_text, .database = call.database, .columns = {}};
  }
  return FailAs(ErrorCode::kAccessDenied, "PERMISSION_DENIED",
                fmt::format("PERMISSION_DENIED: the text of {} is shown to who may change it", call.ddl.table));
}

Result<DdlAnswer> ShowCreateView(const DdlCall& call) {
  TRY_ASSIGN(glue::Table table, OpenView(call));
  TRY_ASSIGN(ViewText view, TextOf(call, table));
  const bool definers = table.is_multi_dialect_view.value_or(false);
  DdlAnswer answer{{{"Create View", "varchar"}},
                   {fmt::format("CREATE {}VIEW {}.{} {}AS ", definers ? "PROTECTED MULTI DIALECT " : "", call.database,
                                call.ddl.table, definers ? "SECURITY DEFINER " : "")}};
  for (std::string& line : Split(view.sql, '\n')) answer.lines.push_back(std::move(line));
  return answer;
}

Result<DdlAnswer> DescribeView(const DdlCall& call) {
  TRY_ASSIGN(glue::Table table, OpenView(call));
  DdlAnswer answer{{{"col_name", "string"}, {"data_type", "string"}, {"comment", "string"}}, {}};
  if (table.is_multi_dialect_view.value_or(false)) {
    const auto storage = table.storage_descriptor.value_or(glue::StorageDescriptor{});
    for (const auto& column : storage.columns.value_or(std::vector<glue::Column>{}))
      answer.lines.push_back(fmt::format("{:<20}\t{:<20}\t{:<20}", *column.name, column.type.value_or("string"), ""));
    return answer;
  }
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
    case DdlVerb::kCreateDefinerView: return CreateDefinerView(call);
    case DdlVerb::kAlterDialect: return AlterDialect(call);
    case DdlVerb::kShowCreateView: return ShowCreateView(call);
    case DdlVerb::kDescribeView: return DescribeView(call);
    default: return DropView(call);
  }
}

}  // namespace hanse::query
