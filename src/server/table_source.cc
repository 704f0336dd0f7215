#include "server/table_source.h"

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
  return governed.registered ? governed.registered->role_arn : std::string();
}

Result<engine::TableSource> SourceOf(const catalog::GovernedTable& governed, std::string_view database, std::string_view table) {
  const wire::glue::Table& definition = governed.definition;
  engine::TableSource source = RightsOf(governed, database, table);
  if (definition.storage_descriptor) source.columns = ColumnsOf(definition.storage_descriptor->columns);
  if (governed.view()) {
    if (!source.row_filter.empty() || !source.masks.empty()) {
      return Fail(ErrorCode::kUnsupported, "NOT_SUPPORTED: a data filter on a view: set it on the tables beneath");
    }
    TRY_ASSIGN(auto view, query::ReadViewText(definition.view_original_text.value_or("")));
    source.view_sql = std::move(view.sql);
    source.view_database = std::move(view.database);
    return source;
  }
  TRY_ASSIGN(source.format, FormatOf(definition));
  source.serde = SerdeParametersOf(definition);
  if (source.format != engine::DataFormat::kIceberg) source.keys = ColumnsOf(definition.partition_keys);
  return source;
}

}  // namespace hanse::server
