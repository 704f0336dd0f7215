#pragma once
#include "duckdb.hpp"
#include "duckdb/function/table_function.hpp"
#include "engine/file_selection.h"

// What our own scans of a table's files have in common. Any thread.
namespace hanse::engine {

// The files that a scan still has to read.
struct FilesBind : duckdb::TableFunctionData {
  explicit FilesBind(FileSelection files) : files(std::move(files)) {}
  FileSelection files;
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<FilesBind>(files); }
  bool Equals(const duckdb::FunctionData& other) const override { return &files.table() == &other.Cast<FilesBind>().files.table(); }
};

// All files of the table that the function carries (ShapeInfo), with its columns.
FileSelection FilesOf(duckdb::TableFunctionBindInput& input, duckdb::vector<duckdb::LogicalType>& types,
                      duckdb::vector<std::string>& names);
// The columns of the output, in its order; may be virtual.
duckdb::vector<duckdb::column_t> ColumnsOfScan(const duckdb::TableFunctionInitInput& input);
// Leaves the files out whose partitions `filters` rule out, and takes those filters out.
void PickFiles(duckdb::ClientContext& context, duckdb::LogicalGet& get, duckdb::FunctionData* data,
               duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters);
// For a function whose bind data is a FilesBind: columns are chosen, files picked by partition, all other filters applied above.
void SetFileHooks(duckdb::TableFunction& function);

}  // namespace hanse::engine
