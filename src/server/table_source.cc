#include "server/table_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "query/view_text.h"
#include "server/table_format.h"

namespace hanse::server {

engine::TableSource RightsOf(const catalog::GovernedTable& governed, std::string_view database, std::string_view table) {
  engine::TableSource source{.database = std::string(database), .name = std::string(table)};
  source.visible = governed.access.columns;
  source.row_filter = governed.access.row_filter;
  for (const auto& [column, condition] : governed.access.cell_filters) source.masks.push_back({column, condition});
  return source;
}

std::string ReaderRoleOf(const catalog::GovernedTable& governed) {
  auto warehouse = governed.warehouse();
  if (warehouse && !governed.access.by_iam) return "connection/" + warehouse->connection;
  return governed.registered ? governed.registered->role_arn : std::string();
}

namespace {

Result<query::ViewText> ViewTextOf(const catalog::GovernedTable& governed) {
  const auto view = governed.definer_view();
  if (!view) return query::ReadViewText(governed.definition.view_original_text.value_or(""));
  const auto& texts = *view->representations;
  auto athena = std::ranges::find(texts, "ATHENA", &wire::glue::ViewRepresentation::dialect);
  if (athena == texts.end()) {
    return Fail(ErrorCode::kUnsupported, fmt::format("NOT_SUPPORTED: the view {} has no text for Athena", governed.table.name));
  }
  if (athena->is_stale.value_or(false)) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("VIEW_IS_STALE: the view {} was changed for another engine: update its text", governed.table.name));
  }
  const std::string original = athena->view_original_text.value_or(""), expanded = athena->view_expanded_text.value_or("");
  for (const std::string& text : {expanded, original}) {
    if (auto read = query::ReadViewText(text)) return read;
  }
  // Plain SQL, whose unqualified names are of the view's own database.
  return query::ViewText{
      .sql = Trim(expanded).empty() ? original : expanded, .database = governed.table.database_name, .columns = {}};
}

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

catalog::NeededPartitions NeededOf(const engine::ColumnCondition& condition) {
  using Test = engine::ColumnCondition::Test;
  using Kind = engine::ColumnCondition::Kind;
  static constexpr std::string_view kTests[] = {"=", "<", "<=", ">", ">=", "IN"};
  static constexpr std::string_view kTypes[] = {"string", "int", "date"};
  std::vector<std::string> literals;
  for (const std::string& literal : condition.literals) {
    literals.push_back(condition.kind == Kind::kInteger ? literal : Quoted(literal));
  }
  const std::string all = Join(literals, ", ");
  return {.key = condition.column,
          .type = std::string(kTypes[static_cast<std::size_t>(condition.kind)]),
          .test = fmt::format("{} {}", kTests[static_cast<std::size_t>(condition.test)],
                              condition.test == Test::kIn ? "(" + all + ")" : all)};
}

Result<engine::TableSource> SourceOf(const catalog::GovernedTable& governed, std::string_view database, std::string_view table) {
  const wire::glue::Table& definition = governed.definition;
  engine::TableSource source = RightsOf(governed, database, table);
  if (definition.storage_descriptor) source.columns = ColumnsOf(definition.storage_descriptor->columns);
  if (governed.view()) {
    if (!source.row_filter.empty() || !source.masks.empty()) {
      return Fail(ErrorCode::kUnsupported, "NOT_SUPPORTED: a data filter on a view: set it on the tables beneath");
    }
    TRY_ASSIGN(query::ViewText view, ViewTextOf(governed));
    source.view_sql = std::move(view.sql);
    source.view_database = std::move(view.database);
    return source;
  }
  TRY_ASSIGN(source.format, FormatOf(definition));
  if (source.format == engine::DataFormat::kWarehouse) {
    if (governed.table.keys.empty()) return source;
    return Fail(ErrorCode::kUnsupported, "NOT_SUPPORTED: a table in a warehouse has no partition keys of the catalog");
  }
  source.serde = SerdeParametersOf(definition);
  if (source.format != engine::DataFormat::kIceberg) source.keys = ColumnsOf(definition.partition_keys);
  return source;
}

}  // namespace hanse::server
