#include "engine/parquet_fields.h"

#include <map>

#include "duckdb/common/multi_file/multi_file_reader.hpp"
#include "duckdb/execution/execution_context.hpp"
#include "duckdb/parallel/thread_context.hpp"
#include "duckdb/parser/tableref/table_function_ref.hpp"
#include "engine/hive_types.h"
#include "engine/parquet_files.h"

namespace hanse::engine {

namespace {

using FieldTypes = std::map<std::int32_t, duckdb::LogicalType>;

void CollectById(const FieldColumns& columns, FieldTypes& types) {
  for (const auto& column : columns) {
    if (!column.identifier.IsNull() && column.identifier.type().id() == duckdb::LogicalTypeId::INTEGER) {
      types.emplace(column.GetIdentifierFieldId(), column.type);
    }
    CollectById(column.children, types);
  }
}

// What a file has of a column and of what is nested in it must read as the table has it.
void CheckFits(const duckdb::MultiFileColumnDefinition& column, const FieldTypes& stored, const std::string& name) {
  auto found = stored.find(column.GetIdentifierFieldId());
  if (found != stored.end()) {
    const bool fits = column.children.empty() ? ReadsAs(found->second, column.type) : found->second.id() == column.type.id();
    if (!fits) RefuseType(name, column.type, found->second);
  }
  for (const auto& child : column.children) CheckFits(child, stored, name);
}

struct FieldsInfo final : duckdb::TableFunctionInfo {
  FieldsInfo(std::string path, FieldColumns columns, std::set<std::int32_t> needed)
      : path(std::move(path)), columns(std::move(columns)), needed(std::move(needed)) {}
  const std::string path;
  const FieldColumns columns;
  const std::set<std::int32_t> needed;
};

// One file, its columns by field id.
class FieldsReader final : public duckdb::MultiFileReader {
 public:
  explicit FieldsReader(duckdb::shared_ptr<duckdb::TableFunctionInfo> info) : info_(std::move(info)) {
    function_name = "parquet_scan";
  }
  static duckdb::unique_ptr<duckdb::MultiFileReader> Make(const duckdb::TableFunction& function) {
    return duckdb::make_uniq<FieldsReader>(function.function_info);
  }

  duckdb::shared_ptr<duckdb::MultiFileList> CreateFileList(duckdb::ClientContext&, const duckdb::vector<std::string>&,
                                                           const duckdb::FileGlobInput&) override {
    return duckdb::make_shared_ptr<duckdb::SimpleMultiFileList>(
        duckdb::vector<duckdb::OpenFileInfo>{duckdb::OpenFileInfo(info().path)});
  }
  bool Bind(duckdb::MultiFileOptions& options, duckdb::MultiFileList&, duckdb::vector<duckdb::LogicalType>& types,
            duckdb::vector<std::string>& names, duckdb::MultiFileReaderBindData& bind) override {
    options.auto_detect_hive_partitioning = false;
    options.hive_partitioning = false;
    for (const auto& column : info().columns) {
      types.push_back(column.type);
      names.push_back(column.name);
    }
    bind.schema = info().columns;
    bind.mapping = duckdb::MultiFileColumnMappingMode::BY_FIELD_ID;
    return true;
  }
  void FinalizeBind(duckdb::MultiFileReaderData& data, const duckdb::MultiFileOptions& options,
                    const duckdb::MultiFileReaderBindData& bind, const FieldColumns& columns,
                    const duckdb::vector<duckdb::ColumnIndex>& column_ids, duckdb::ClientContext& context,
                    duckdb::optional_ptr<duckdb::MultiFileReaderGlobalState> state) override {
    MultiFileReader::FinalizeBind(data, options, bind, columns, column_ids, context, state);
    CheckFieldsFit(info().columns, data.reader->columns, info().needed);
  }
  duckdb::unique_ptr<duckdb::MultiFileReader> Copy() const override { return duckdb::make_uniq<FieldsReader>(info_); }

 private:
  const FieldsInfo& info() const { return info_->Cast<FieldsInfo>(); }
  duckdb::shared_ptr<duckdb::TableFunctionInfo> info_;
};

duckdb::unique_ptr<duckdb::FunctionData> BindFields(duckdb::ClientContext& context, duckdb::TableFunction& parquet) {
  parquet.get_multi_file_reader = FieldsReader::Make;
  duckdb::vector<duckdb::Value> inputs{duckdb::Value::LIST(duckdb::LogicalType::VARCHAR, {})};
  duckdb::named_parameter_map_t parameters;
  duckdb::vector<duckdb::LogicalType> input_types, types;
  duckdb::vector<std::string> input_names, names;
  duckdb::TableFunctionRef reference;
  duckdb::TableFunctionBindInput input(inputs, parameters, input_types, input_names, parquet.function_info.get(), nullptr, parquet,
                                       reference);
  return parquet.bind(context, input, types, names);
}

}  // namespace

void CheckFieldsFit(const FieldColumns& wanted, const FieldColumns& stored, const std::set<std::int32_t>& needed) {
  FieldTypes types;
  CollectById(stored, types);
  if (types.empty()) throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg data files without field ids");
  for (const auto& column : wanted) {
    const std::int32_t id = column.GetIdentifierFieldId();
    if (needed.contains(id) && !types.contains(id)) {
      throw duckdb::NotImplementedException(
          "NOT_SUPPORTED: Iceberg data files that leave out a column of their partition or of their deletes");
    }
    CheckFits(column, types, column.name);
  }
}

void ReadParquetFields(duckdb::ClientContext& context, const duckdb::TableFunction& parquet, const std::string& path,
                       const FieldColumns& columns, const std::set<std::int32_t>& needed,
                       const std::function<void(duckdb::DataChunk& rows)>& take) {
  duckdb::TableFunction scan = parquet;
  scan.function_info = duckdb::make_shared_ptr<FieldsInfo>(path, columns, needed);
  auto bind = BindFields(context, scan);
  duckdb::vector<duckdb::ColumnIndex> indexes;
  duckdb::vector<duckdb::LogicalType> types;
  for (duckdb::idx_t i = 0; i < columns.size(); ++i) {
    indexes.emplace_back(i);
    types.push_back(columns[i].type);
  }
  const duckdb::vector<duckdb::idx_t> projection;
  duckdb::TableFunctionInitInput init(bind.get(), indexes, projection, duckdb::optional_ptr<duckdb::TableFilterSet>());
  auto global = scan.init_global(context, init);
  duckdb::ThreadContext thread(context);
  duckdb::ExecutionContext execution(context, thread, nullptr);
  auto local = scan.init_local(execution, init, global.get());
  if (!local) return;
  duckdb::DataChunk rows;
  rows.Initialize(duckdb::BufferAllocator::Get(context), types);
  duckdb::TableFunctionInput input(bind.get(), local.get(), global.get());
  while (true) {
    if (context.interrupted) throw duckdb::InterruptException();
    rows.Reset();
    scan.function(context, input, rows);
    if (rows.size() == 0) return;
    take(rows);
  }
}

}  // namespace hanse::engine
