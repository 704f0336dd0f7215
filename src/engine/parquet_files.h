#pragma once
#include "duckdb.hpp"
#include "duckdb/common/multi_file/multi_file_reader.hpp"
#include "duckdb/function/table_function.hpp"
#include "engine/file_selection.h"

namespace hanse::engine {

// The files of a selection, for the engine's multi-file scans. Prunes by partition, with predicates that cannot fail alone.
class SelectedFiles final : public duckdb::MultiFileList {
 public:
  explicit SelectedFiles(FileSelection selection) : selection_(std::move(selection)) {}
  const FileSelection& selection() const { return selection_; }

  duckdb::vector<duckdb::OpenFileInfo> GetAllFiles() const override;
  duckdb::FileExpandResult GetExpandResult() const override;
  duckdb::idx_t GetTotalFileCount() const override { return selection_.size(); }
  duckdb::unique_ptr<duckdb::MultiFileList> Copy() const override { return duckdb::make_uniq<SelectedFiles>(selection_); }
  duckdb::unique_ptr<duckdb::MultiFileList> ComplexFilterPushdown(
      duckdb::ClientContext& context, const duckdb::MultiFileOptions& options, duckdb::MultiFilePushdownInfo& info,
      duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) const override;
  duckdb::unique_ptr<duckdb::MultiFileList> DynamicFilterPushdown(duckdb::ClientContext& context,
                                                                  const duckdb::MultiFileOptions& options,
                                                                  const duckdb::vector<std::string>& names,
                                                                  const duckdb::vector<duckdb::LogicalType>& types,
                                                                  const duckdb::vector<duckdb::column_t>& column_ids,
                                                                  duckdb::TableFilterSet& filters) const override;

 protected:
  duckdb::OpenFileInfo GetFile(duckdb::idx_t i) const override;

 private:
  FileSelection selection_;
};

// Says that a file has a column otherwise than the table.
[[noreturn]] void RefuseType(const std::string& column, const duckdb::LogicalType& declared, const duckdb::LogicalType& stored);

// Carries a table to the reader below, through the function that is bound.
struct ShapeInfo final : duckdb::TableFunctionInfo {
  explicit ShapeInfo(duckdb::shared_ptr<const TableShape> table) : table(std::move(table)) {}
  duckdb::shared_ptr<const TableShape> table;
};

// Reads Parquet files as the catalog describes their table: columns by name without case, what a file lacks is NULL, partition keys
// from the catalog. A file whose types do not fit is refused by its type, before a value is read.
class ShapedReader final : public duckdb::MultiFileReader {
 public:
  explicit ShapedReader(duckdb::shared_ptr<const TableShape> table) : table_(std::move(table)) { function_name = "parquet_scan"; }
  static duckdb::unique_ptr<duckdb::MultiFileReader> Make(const duckdb::TableFunction& function);

  duckdb::shared_ptr<duckdb::MultiFileList> CreateFileList(duckdb::ClientContext& context, const duckdb::vector<std::string>& paths,
                                                           const duckdb::FileGlobInput& glob) override;
  bool Bind(duckdb::MultiFileOptions& options, duckdb::MultiFileList& files, duckdb::vector<duckdb::LogicalType>& types,
            duckdb::vector<std::string>& names, duckdb::MultiFileReaderBindData& bind) override;
  void FinalizeBind(duckdb::MultiFileReaderData& data, const duckdb::MultiFileOptions& options,
                    const duckdb::MultiFileReaderBindData& bind, const duckdb::vector<duckdb::MultiFileColumnDefinition>& columns,
                    const duckdb::vector<duckdb::ColumnIndex>& column_ids, duckdb::ClientContext& context,
                    duckdb::optional_ptr<duckdb::MultiFileReaderGlobalState> state) override;
  duckdb::unique_ptr<duckdb::MultiFileReader> Copy() const override { return duckdb::make_uniq<ShapedReader>(table_); }

 private:
  duckdb::shared_ptr<const TableShape> table_;
};

}  // namespace hanse::engine
