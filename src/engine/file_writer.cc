#include "engine/file_writer.h"

#include "duckdb/execution/execution_context.hpp"
#include "duckdb/parallel/thread_context.hpp"
#include "duckdb/parser/parsed_data/copy_info.hpp"

namespace hanse::engine {

namespace {

// Of a row group: as the engine has it, and less where many files are under way at once.
constexpr std::int64_t kGroupRows = 122'880, kGroupRowsOfMany = 20'480;

// The engine's own writer, driven by hand.
class ParquetWriter final : public FileWriter {
 public:
  ParquetWriter(duckdb::ClientContext& context, const duckdb::CopyFunction& function, duckdb::FunctionData& bind,
                const std::string& path)
      : context_(context),
        function_(function),
        bind_(bind),
        thread_(context),
        execution_(context, thread_, nullptr),
        global_(function.copy_to_initialize_global(context, bind, path)),
        local_(function.copy_to_initialize_local(execution_, bind)) {}

  void Write(duckdb::DataChunk& rows) override { function_.copy_to_sink(execution_, bind_, *global_, *local_, rows); }
  void Finish() override {
    function_.copy_to_combine(execution_, bind_, *global_, *local_);
    function_.copy_to_finalize(context_, bind_, *global_);
  }

 private:
  duckdb::ClientContext& context_;
  const duckdb::CopyFunction& function_;
  duckdb::FunctionData& bind_;
  duckdb::ThreadContext thread_;
  duckdb::ExecutionContext execution_;
  duckdb::unique_ptr<duckdb::GlobalFunctionData> global_;
  duckdb::unique_ptr<duckdb::LocalFunctionData> local_;
};

class ParquetFormat final : public FileFormat {
 public:
  ParquetFormat(duckdb::ClientContext& context, const duckdb::CopyFunction& function, const OutputPlan& plan,
                const std::vector<OutputColumn>& columns)
      : context_(context), function_(function) {
    info_.options["compression"] = {duckdb::Value(plan.compression == "none" ? "uncompressed" : plan.compression)};
    info_.options["row_group_size"] = {duckdb::Value::BIGINT(plan.keys.empty() ? kGroupRows : kGroupRowsOfMany)};
    duckdb::vector<std::string> names;
    duckdb::vector<duckdb::LogicalType> types;
    for (const OutputColumn& column : columns) {
      names.push_back(column.source.name);
      types.push_back(column.type);
    }
    duckdb::CopyFunctionBindInput input(info_, function.function_info);
    bind_ = function.copy_to_bind(context, input, names, types);
  }
  std::unique_ptr<FileWriter> Begin(const std::string& path) override {
    return std::make_unique<ParquetWriter>(context_, function_, *bind_, path);
  }

 private:
  duckdb::ClientContext& context_;
  const duckdb::CopyFunction& function_;
  duckdb::CopyInfo info_;
  duckdb::unique_ptr<duckdb::FunctionData> bind_;
};

}  // namespace

std::unique_ptr<FileFormat> MakeFileFormat(duckdb::ClientContext& context, const duckdb::CopyFunction& parquet,
                                           const OutputPlan& plan, const std::vector<OutputColumn>& columns) {
  if (plan.format == DataFormat::kOrc) return MakeOrcFormat(context, plan, columns);
  if (plan.format != DataFormat::kParquet) return MakeTextFormat(context, plan, columns);
  return std::make_unique<ParquetFormat>(context, parquet, plan, columns);
}

}  // namespace hanse::engine
