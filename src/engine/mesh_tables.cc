#include "engine/mesh_tables.h"

#include <fmt/format.h>

#include "base/text.h"
#include "duckdb/catalog/catalog_entry/view_catalog_entry.hpp"
#include "duckdb/parser/expression/columnref_expression.hpp"
#include "duckdb/parser/parsed_data/create_table_info.hpp"
#include "duckdb/parser/parsed_data/create_view_info.hpp"
#include "duckdb/parser/query_node/select_node.hpp"
#include "duckdb/parser/tableref/subqueryref.hpp"
#include "engine/definer_view.h"
#include "engine/iceberg_listing.h"
#include "engine/iceberg_table.h"
#include "engine/information_schema.h"
#include "engine/row_conditions.h"
#include "engine/scanned_entry.h"
#include "engine/trino_rewrite.h"

namespace hanse::engine {

namespace {

class MeshTable final : public ScannedEntry {
 public:
  MeshTable(duckdb::Catalog& catalog, duckdb::SchemaCatalogEntry& schema, duckdb::CreateTableInfo& info,
            duckdb::unique_ptr<GovernedBind> bind)
      : ScannedEntry(catalog, schema, info), bind_(std::move(bind)) {}

  duckdb::TableFunction GetScanFunction(duckdb::ClientContext&, duckdb::unique_ptr<duckdb::FunctionData>& data) override {
    data = bind_->Copy();
    return GovernedFunction(*bind_);
  }

 private:
  duckdb::unique_ptr<GovernedBind> bind_;
};

// Bound anew in each query with the caller's own rights; its columns are not compared with what they were. Each reference is bound
// by itself and may hold others, so they are counted: that bounds their depth too. A view in its own definition is refused by the
// binder.
class MeshView final : public duckdb::ViewCatalogEntry {
 public:
  MeshView(duckdb::Catalog& catalog, duckdb::SchemaCatalogEntry& schema, duckdb::CreateViewInfo& info, Session& session)
      : ViewCatalogEntry(catalog, schema, info), session_(session) {}
  const duckdb::SelectStatement& GetQuery() override {
    session_.CountView();
    return ViewCatalogEntry::GetQuery();
  }
  duckdb::shared_ptr<duckdb::ViewColumnInfo> GetColumnInfo() const override { return nullptr; }
  void UpdateBinding(const duckdb::vector<duckdb::LogicalType>&, const duckdb::vector<std::string>&) override {}

 private:
  Session& session_;  // Owns this entry.
};

// The columns that the catalog lists and the caller sees, whatever else the view's text gives by now.
duckdb::unique_ptr<duckdb::SelectStatement> VisibleOf(duckdb::unique_ptr<duckdb::SelectStatement> body, const TableSource& source) {
  auto node = duckdb::make_uniq<duckdb::SelectNode>();
  for (const ColumnSource& column : source.columns) {
    if (Contains(source.visible, column.name))
      node->select_list.push_back(duckdb::make_uniq<duckdb::ColumnRefExpression>(column.name));
  }
  if (node->select_list.empty()) throw duckdb::PermissionException("PERMISSION_DENIED: no column of the view may be read");
  node->from_table = duckdb::make_uniq<duckdb::SubqueryRef>(std::move(body), "body");
  auto select = duckdb::make_uniq<duckdb::SelectStatement>();
  select->node = std::move(node);
  return select;
}

// Its unqualified names are those of the database in which it was made.
duckdb::unique_ptr<duckdb::CatalogEntry> MakeView(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                  const std::string& name, const TableSource& source,
                                                  duckdb::unique_ptr<duckdb::SelectStatement> body) {
  const CatalogNames catalogs = Session::Of(context)->catalogs().Within(schema.name);
  auto& home = source.view_database.empty()
                   ? schema
                   : schema.catalog.GetSchema(context, catalogs.EnginesName("", source.view_database).value_or(schema.name));
  duckdb::CreateViewInfo info(home, name);
  if (source.visible.size() < source.columns.size()) Session::Of(context)->partial_views = true;
  info.query = std::move(body);
  info.internal = true;
  return duckdb::make_uniq<MeshView>(schema.catalog, home, info, *Session::Of(context));
}

duckdb::unique_ptr<duckdb::CatalogEntry> MakeTable(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                   const std::string& name, TableSource source, const InnerScans& scans,
                                                   duckdb::optional_ptr<duckdb::BoundAtClause> at) {
  std::shared_ptr<IcebergTable> iceberg;
  if (source.format == DataFormat::kIceberg) {
    auto planned = PlanIceberg(context, *Session::Of(context), std::move(source), at, scans.parquet);
    source = std::move(planned.source);
    iceberg = std::move(planned.table);
  } else if (at) {
    throw duckdb::NotImplementedException("NOT_SUPPORTED: only Iceberg tables are read as they were");
  }
  auto bind = BindGoverned(context, std::move(source), scans, std::move(iceberg));
  duckdb::CreateTableInfo info(schema, name);
  for (duckdb::idx_t column : bind->visible) {
    info.columns.AddColumn(duckdb::ColumnDefinition(bind->table->names[column], bind->table->types[column]));
  }
  return duckdb::make_uniq<MeshTable>(schema.catalog, schema, info, std::move(bind));
}

// A metadata table of the Iceberg table `table`, "t$files".
duckdb::unique_ptr<duckdb::CatalogEntry> MakeListing(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                     const std::string& name, const std::string& table, const std::string& kind) {
  const TableSource source = Session::Of(context)->Resolve(Lower(schema.name), Lower(table), {});
  if (!source.view_sql.empty() || source.format != DataFormat::kIceberg) {
    throw duckdb::CatalogException("TABLE_NOT_FOUND: Table '%s.%s' does not exist", DatabaseName::Of(Lower(schema.name)).Whole(),
                                   Lower(name));
  }
  return MakeIcebergListing(context, schema, name, kind, source);
}

}  // namespace

duckdb::optional_ptr<duckdb::CatalogEntry> ResolveTable(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                        const std::string& marked_name, const InnerScans& scans,
                                                        duckdb::optional_ptr<duckdb::BoundAtClause> at) {
  auto session = Session::Of(context);
  if (!session) return nullptr;
  std::string name = marked_name;
  const auto number = TakeMark(&name, session->nonce);
  const ColumnConditions conditions = number ? session->conditions.at(*number) : ColumnConditions();
  if (schema.name == kNoDatabase) {
    throw duckdb::CatalogException("MISSING_SCHEMA_NAME: Schema must be specified when session schema is not set");
  }
  std::string key = Lower(schema.name) + "\x01" + Lower(marked_name);
  if (at) key += "\x01" + at->Unit() + "\x01" + at->GetValue().ToString();
  {
    std::lock_guard lock(session->tables_mutex);
    if (auto known = session->tables.find(key); known != session->tables.end()) return known->second.get();
  }
  duckdb::unique_ptr<duckdb::CatalogEntry> entry;
  std::string listed, kind;
  if (EqualsIgnoreCase(schema.name, "information_schema")) {
    entry = MakeInformationTable(context, schema, name);
  } else if (IsIcebergListing(name, &listed, &kind)) {
    if (at) throw duckdb::NotImplementedException("NOT_SUPPORTED: metadata tables as they were");
    entry = MakeListing(context, schema, name, listed, kind);
  } else {
    TableSource source = session->Resolve(Lower(schema.name), Lower(name), conditions);
    if (at && !source.view_sql.empty()) throw duckdb::NotImplementedException("NOT_SUPPORTED: views as they were");
    if (source.view_sql.empty()) {
      entry = MakeTable(context, schema, name, std::move(source), scans, at);
    } else if (session->beneath != 0) {
      throw duckdb::NotImplementedException("NOT_SUPPORTED: a view in a view with its definer's rights");
    } else {
      // What a definer's view names, the server looks for among the view's own tables.
      const bool definers = source.definer_view != 0;
      auto catalogs = definers ? CatalogNames() : session->catalogs().Within(schema.name);
      auto body = VisibleOf(ParseViewBody(source.view_sql, catalogs), source);
      entry = definers ? MakeDefinerView(context, schema, name, source, std::move(body))
                       : MakeView(context, schema, name, source, std::move(body));
    }
  }
  std::lock_guard lock(session->tables_mutex);
  auto& slot = session->tables[key];
  if (!slot) slot = std::move(entry);
  return slot.get();
}

}  // namespace hanse::engine
