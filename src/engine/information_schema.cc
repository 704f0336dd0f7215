#include "engine/information_schema.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "duckdb/catalog/catalog_entry/view_catalog_entry.hpp"
#include "duckdb/parser/expression/constant_expression.hpp"
#include "duckdb/parser/expression/star_expression.hpp"
#include "duckdb/parser/parsed_data/create_view_info.hpp"
#include "duckdb/parser/query_node/select_node.hpp"
#include "duckdb/parser/statement/select_statement.hpp"
#include "duckdb/parser/tableref/expressionlistref.hpp"
#include "engine/hive_types.h"
#include "engine/session.h"

namespace hanse::engine {

namespace {

using Rows = std::vector<std::vector<std::optional<std::string>>>;

// A view over constant rows; the engine checks and remembers nothing of it.
class RowsView final : public duckdb::ViewCatalogEntry {
 public:
  using ViewCatalogEntry::ViewCatalogEntry;
  duckdb::shared_ptr<duckdb::ViewColumnInfo> GetColumnInfo() const override { return nullptr; }
  void UpdateBinding(const duckdb::vector<duckdb::LogicalType>&, const duckdb::vector<std::string>&) override {}
};

Rows TablesOf(const std::vector<ListedTable>& tables) {
  Rows rows;
  for (const ListedTable& table : tables) {
    if (!table.name.empty()) rows.push_back({kCatalog, table.database, table.name, table.type});
  }
  return rows;
}

Rows SchemataOf(const std::vector<ListedTable>& tables) {
  std::set<std::string> names;
  for (const ListedTable& table : tables) names.insert(table.database);
  Rows rows;
  for (const std::string& name : names) rows.push_back({kCatalog, name});
  return rows;
}

Rows ColumnsOf(const std::vector<ListedTable>& tables) {
  Rows rows;
  for (const ListedTable& table : tables) {
    int number = 0;
    for (const ColumnSource& column : table.columns) {
      auto type = TypeOfHive(column.hive_type);
      rows.push_back({kCatalog, table.database, table.name, column.name, std::to_string(++number), std::nullopt, "YES",
                      type ? TrinoType(*type) : column.hive_type});
    }
  }
  return rows;
}

duckdb::unique_ptr<duckdb::SelectStatement> SelectOf(Rows rows, std::size_t columns) {
  bool empty = rows.empty();
  if (empty) rows.emplace_back(columns);
  auto list = duckdb::make_uniq<duckdb::ExpressionListRef>();
  for (const auto& row : rows) {
    duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>> values;
    for (const auto& cell : row) {
      duckdb::Value value = cell ? duckdb::Value(*cell) : duckdb::Value(duckdb::LogicalType::VARCHAR);
      values.push_back(duckdb::make_uniq<duckdb::ConstantExpression>(std::move(value)));
    }
    list->values.push_back(std::move(values));
  }
  list->alias = "listed";
  auto node = duckdb::make_uniq<duckdb::SelectNode>();
  node->select_list.push_back(duckdb::make_uniq<duckdb::StarExpression>());
  node->from_table = std::move(list);
  if (empty) node->where_clause = duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value::BOOLEAN(false));
  auto select = duckdb::make_uniq<duckdb::SelectStatement>();
  select->node = std::move(node);
  return select;
}

}  // namespace

duckdb::unique_ptr<duckdb::CatalogEntry> MakeInformationTable(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                              const std::string& name) {
  auto session = Session::Of(context);
  if (!session) return nullptr;
  if (session->beneath != 0)
    throw duckdb::NotImplementedException("NOT_SUPPORTED: information_schema in a view with its definer's rights");
  auto listed = session->server.List();
  if (!listed) throw duckdb::CatalogException("%s", listed.error().message);
  duckdb::CreateViewInfo info(schema, name);
  info.internal = true;
  Rows rows;
  if (EqualsIgnoreCase(name, "tables")) {
    info.aliases = {"table_catalog", "table_schema", "table_name", "table_type"};
    rows = TablesOf(*listed);
  } else if (EqualsIgnoreCase(name, "schemata")) {
    info.aliases = {"catalog_name", "schema_name"};
    rows = SchemataOf(*listed);
  } else if (EqualsIgnoreCase(name, "columns")) {
    info.aliases = {"table_catalog",    "table_schema",   "table_name",  "column_name",
                    "ordinal_position", "column_default", "is_nullable", "data_type"};
    rows = ColumnsOf(*listed);
  } else {
    throw duckdb::CatalogException("TABLE_NOT_FOUND: Table '%s.information_schema.%s' does not exist", kCatalog, Lower(name));
  }
  info.query = SelectOf(std::move(rows), info.aliases.size());
  return duckdb::make_uniq<RowsView>(schema.catalog, schema, info);
}

}  // namespace hanse::engine
