#pragma once
#include "duckdb.hpp"
#include "duckdb/catalog/catalog_entry/table_catalog_entry.hpp"
#include "duckdb/storage/statistics/base_statistics.hpp"
#include "duckdb/storage/table_storage_info.hpp"

namespace hanse::engine {

// An entry of the mesh catalog that is scanned. It tells the optimizer nothing beyond its columns: no statistics, no rowid, no file
// name. The empty column is what count(*) reads; it has no name.
class ScannedEntry : public duckdb::TableCatalogEntry {
 public:
  using TableCatalogEntry::TableCatalogEntry;

  duckdb::unique_ptr<duckdb::BaseStatistics> GetStatistics(duckdb::ClientContext&, duckdb::column_t) override { return nullptr; }
  duckdb::TableStorageInfo GetStorageInfo(duckdb::ClientContext&) override { return duckdb::TableStorageInfo(); }
  duckdb::virtual_column_map_t GetVirtualColumns() const override {
    duckdb::virtual_column_map_t columns;
    columns.insert(std::make_pair(duckdb::COLUMN_IDENTIFIER_EMPTY, duckdb::TableColumn("", duckdb::LogicalType::BOOLEAN)));
    return columns;
  }
};

}  // namespace hanse::engine
