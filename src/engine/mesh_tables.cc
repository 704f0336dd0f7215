#include "engine/mesh_tables.h"

#include <fmt/format.h>

#include "base/text.h"
#include "duckdb/catalog/catalog_entry/table_catalog_entry.hpp"
#include "duckdb/catalog/catalog_entry/view_catalog_entry.hpp"
#include "duckdb/parser/parsed_data/create_table_info.hpp"
#include "duckdb/parser/parsed_data/create_view_info.hpp"
#include "duckdb/storage/statistics/base_statistics.hpp"
#include "duckdb/storage/table_storage_info.hpp"
#include "engine/information_schema.h"
#include "engine/trino_rewrite.h"

namespace hanse::engine {

namespace {

class MeshTable final : public duckdb::TableCatalogEntry {
 public:
  MeshTable(duckdb::Catalog& catalog, duckdb::SchemaCatalogEntry& schema, duckdb::CreateTableInfo& info,
            duckdb::unique_ptr<GovernedBind> bind)
      : TableCatalogEntry(catalog, schema, info), bind_(std::move(bind)) {}

  duckdb::TableFunction GetScanFunction(duckdb::ClientContext&, duckdb::unique_ptr<duckdb::FunctionData>& data) override {
    data = bind_->Copy();
    return GovernedFunction(*bind_);
  }
  duckdb::unique_ptr<duckdb::BaseStatistics> GetStatistics(duckdb::ClientContext&, duckdb::column_t) override { return nullptr; }
  duckdb::TableStorageInfo GetStorageInfo(duckdb::ClientContext&) override { return duckdb::TableStorageInfo(); }
  // No rowid, no file name: nothing that the catalog does not list. The empty column is what count(*) reads; it has no name.
  duckdb::virtual_column_map_t GetVirtualColumns() const override {
    duckdb::virtual_column_map_t columns;
    columns.insert(std::make_pair(duckdb::COLUMN_IDENTIFIER_EMPTY, duckdb::TableColumn("", duckdb::LogicalType::BOOLEAN)));
    return columns;
  }

 private:
  duckdb::unique_ptr<GovernedBind> bind_;
};

// Bound anew in each query with the caller's own rights; its columns are not compared with what they were.
class MeshView final : public duckdb::ViewCatalogEntry {
 public:
  using ViewCatalogEntry::ViewCatalogEntry;
  duckdb::shared_ptr<duckdb::ViewColumnInfo> GetColumnInfo() const override { return nullptr; }
  void UpdateBinding(const duckdb::vector<duckdb::LogicalType>&, const duckdb::vector<std::string>&) override {}
};

duckdb::unique_ptr<duckdb::CatalogEntry> MakeView(duckdb::SchemaCatalogEntry& schema, const std::string& name,
                                                  const TableSource& source) {
  duckdb::CreateViewInfo info(schema, name);
  info.query = ParseViewBody(source.view_sql);
  info.internal = true;
  return duckdb::make_uniq<MeshView>(schema.catalog, schema, info);
}

duckdb::unique_ptr<duckdb::CatalogEntry> MakeTable(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                   const std::string& name, TableSource source, const InnerScans& scans) {
  auto bind = BindGoverned(context, std::move(source), scans);
  duckdb::CreateTableInfo info(schema, name);
  for (duckdb::idx_t column : bind->visible) {
    info.columns.AddColumn(duckdb::ColumnDefinition(bind->table->names[column], bind->table->types[column]));
  }
  return duckdb::make_uniq<MeshTable>(schema.catalog, schema, info, std::move(bind));
}

}  // namespace

duckdb::optional_ptr<duckdb::CatalogEntry> ResolveTable(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                        const std::string& name, const InnerScans& scans) {
  auto session = Session::Of(context);
  if (!session) return nullptr;
  if (schema.name == kNoDatabase) {
    throw duckdb::CatalogException("MISSING_SCHEMA_NAME: Schema must be specified when session schema is not set");
  }
  std::string key = Lower(schema.name) + "\x01" + Lower(name);
  {
    std::lock_guard lock(session->tables_mutex);
    if (auto known = session->tables.find(key); known != session->tables.end()) return known->second.get();
  }
  duckdb::unique_ptr<duckdb::CatalogEntry> entry;
  if (EqualsIgnoreCase(schema.name, "information_schema")) {
    entry = MakeInformationTable(context, schema, name);
  } else {
    auto source = session->server.Resolve(Lower(schema.name), Lower(name));
    if (!source) throw duckdb::CatalogException("%s", source.error().message);
    entry =
        source->view_sql.empty() ? MakeTable(context, schema, name, *std::move(source), scans) : MakeView(schema, name, *source);
  }
  std::lock_guard lock(session->tables_mutex);
  auto& slot = session->tables[key];
  if (!slot) slot = std::move(entry);
  return slot.get();
}

}  // namespace hanse::engine
