// ALTER TABLE of columns, properties and the place (ddl.h): what the table is now is read, changed and written back against its
// version, so that of two that alter at once the later is told so.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "query/ddl.h"

namespace hanse::query {
namespace {

namespace glue = wire::glue;

std::unexpected<Error> NoColumn(const std::string& name) {
  return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR", fmt::format("SYNTAX_ERROR: there is no column {}", name));
}

auto Find(std::vector<glue::Column>& columns, std::string_view name) {
  return std::ranges::find_if(columns,
                              [&](const glue::Column& column) { return EqualsIgnoreCase(column.name.value_or(""), name); });
}

Result<void> Free(const glue::TableInput& table, std::vector<glue::Column>& columns, const std::string& name) {
  auto keys = table.partition_keys.value_or(std::vector<glue::Column>{});
  if (Find(columns, name) == columns.end() && Find(keys, name) == keys.end()) return {};
  return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR", fmt::format("SYNTAX_ERROR: there is a column {} already", name));
}

Result<void> AddColumns(const Ddl& ddl, const glue::TableInput& table, std::vector<glue::Column>& columns) {
  for (const glue::Column& column : ddl.columns) {
    TRY(Free(table, columns, *column.name));
    columns.push_back(column);
  }
  return {};
}

Result<void> ChangeColumn(const Ddl& ddl, const glue::TableInput& table, std::vector<glue::Column>& columns) {
  auto found = Find(columns, ddl.column);
  if (found == columns.end()) return NoColumn(ddl.column);
  const glue::Column& next = ddl.columns.front();
  if (*next.name != ddl.column) TRY(Free(table, columns, *next.name));
  auto place = found - columns.begin();
  columns.erase(found);
  if (ddl.after) {
    auto before = ddl.after->empty() ? columns.end() : Find(columns, *ddl.after);
    if (!ddl.after->empty() && before == columns.end()) return NoColumn(*ddl.after);
    place = ddl.after->empty() ? 0 : before - columns.begin() + 1;
  }
  columns.insert(columns.begin() + place, next);
  return {};
}

Result<void> DropColumn(const Ddl& ddl, std::vector<glue::Column>& columns) {
  auto found = Find(columns, ddl.column);
  if (found == columns.end()) return NoColumn(ddl.column);
  columns.erase(found);
  return {};
}

Result<void> UnsetProperties(const Ddl& ddl, Properties& properties) {
  for (const std::string& name : ddl.names) {
    if (properties.erase(name) == 0 && !ddl.tolerant) {
      return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR", fmt::format("SYNTAX_ERROR: there is no property {}", name));
    }
  }
  return {};
}

Result<void> Change(const Ddl& ddl, glue::TableInput& table) {
  if (!table.storage_descriptor) table.storage_descriptor.emplace();
  if (!table.storage_descriptor->columns) table.storage_descriptor->columns.emplace();
  if (!table.parameters) table.parameters.emplace();
  std::vector<glue::Column>& columns = *table.storage_descriptor->columns;
  switch (ddl.verb) {
    case DdlVerb::kAddColumns: return AddColumns(ddl, table, columns);
    case DdlVerb::kReplaceColumns: columns.clear(); return AddColumns(ddl, table, columns);
    case DdlVerb::kChangeColumn: return ChangeColumn(ddl, table, columns);
    case DdlVerb::kDropColumn: return DropColumn(ddl, columns);
    case DdlVerb::kUnsetProperties: return UnsetProperties(ddl, *table.parameters);
    case DdlVerb::kSetLocation: table.storage_descriptor->location = ddl.location; return {};
    default:
      for (const auto& [key, value] : ddl.properties) (*table.parameters)[key] = value;
      return {};
  }
}

}  // namespace

Result<DdlAnswer> RunAlterTable(const DdlCall& call) {
  TRY_ASSIGN(glue::Table table, call.Table());
  if (table.table_type == "VIRTUAL_VIEW") {
    return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR", fmt::format("SYNTAX_ERROR: {} is a view", call.ddl.table));
  }
  std::optional<std::string> version = table.version_id;
  glue::TableInput input = InputOf(std::move(table));
  input.name = call.ddl.table;
  TRY(Change(call.ddl, input));
  TRY(call.world.Call(
      call.as,
      glue::UpdateTableRequest{.database_name = call.database, .table_input = std::move(input), .version_id = std::move(version)}));
  return DdlAnswer{};
}

}  // namespace hanse::query
