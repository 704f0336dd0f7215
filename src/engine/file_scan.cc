#include "engine/file_scan.h"

#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "engine/parquet_files.h"

namespace hanse::engine {

namespace {

duckdb::virtual_column_map_t NoColumn(duckdb::ClientContext&, duckdb::optional_ptr<duckdb::FunctionData>) {
  duckdb::virtual_column_map_t columns;
  columns.insert(std::make_pair(duckdb::COLUMN_IDENTIFIER_EMPTY, duckdb::TableColumn("", duckdb::LogicalType::BOOLEAN)));
  return columns;
}

}  // namespace

void PickFiles(duckdb::ClientContext& context, duckdb::LogicalGet& get, duckdb::FunctionData* data,
               duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  auto& bind = data->Cast<FilesBind>();
  SelectedFiles files(bind.files);
  duckdb::MultiFilePushdownInfo info(get);
  auto fewer = files.ComplexFilterPushdown(context, duckdb::MultiFileOptions(), info, filters);
  if (fewer) bind.files = fewer->Cast<SelectedFiles>().selection();
}

FileSelection FilesOf(duckdb::TableFunctionBindInput& input, duckdb::vector<duckdb::LogicalType>& types,
                      duckdb::vector<std::string>& names) {
  auto table = input.info->Cast<ShapeInfo>().table;
  types = table->types;
  names = table->names;
  return FileSelection(table);
}

duckdb::vector<duckdb::column_t> ColumnsOfScan(const duckdb::TableFunctionInitInput& input) {
  if (input.projection_ids.empty()) return input.column_ids;
  duckdb::vector<duckdb::column_t> columns;
  for (duckdb::idx_t place : input.projection_ids) columns.push_back(input.column_ids[place]);
  return columns;
}

void SetFileHooks(duckdb::TableFunction& function) {
  function.projection_pushdown = true;
  function.filter_pushdown = false;
  function.pushdown_complex_filter = PickFiles;
  function.get_virtual_columns = NoColumn;
}

}  // namespace hanse::engine
