#include "engine/warehouse_scan.h"

#include <atomic>
#include <mutex>

#include "duckdb/planner/operator/logical_get.hpp"
#include "engine/copy_value.h"
#include "engine/parquet_files.h"
#include "engine/row_stream.h"
#include "engine/session.h"

namespace hanse::engine {

using duckdb::ClientContext;
using duckdb::idx_t;

namespace {

struct WarehouseBind final : duckdb::TableFunctionData {
  explicit WarehouseBind(duckdb::shared_ptr<const TableShape> table) : table(std::move(table)) {}
  duckdb::shared_ptr<const TableShape> table;
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<WarehouseBind>(table); }
  bool Equals(const duckdb::FunctionData& other) const override { return table == other.Cast<WarehouseBind>().table; }
};

[[noreturn]] void FailScan(const Error& error) {
  if (error.code == ErrorCode::kTimeout) throw duckdb::InterruptException();
  throw duckdb::IOException("JDBC_ERROR: %s", error.message);
}

// Streams are metered by themselves: one key each, of which no object has.
std::uint64_t NextMeterKey() {
  static std::atomic<std::uint64_t> streams{0};
  return ~streams.fetch_add(1);
}

// The rows of one scan, as they come.
class WarehouseRows {
 public:
  WarehouseRows(ClientContext& context, duckdb::shared_ptr<Session> session, int fd, std::size_t columns)
      : context_(context),
        session_(std::move(session)),
        stream_(fd),
        rows_(columns, [this](std::string& bytes) { return More(bytes); }) {
    auto first = stream_.Next([this] { return context_.interrupted.load(); });
    if (!first) FailScan(first.error());
    if (first->kind == RowFrame::kFailed) FailScan(Error{.code = ErrorCode::kUnavailable, .message = first->payload});
    auto types = DecodeTypes(first->payload);
    bool known = first->kind == RowFrame::kTypes && types && types->size() == columns;
    for (std::size_t i = 0; known && i < columns; ++i) known = IsCopyType((*types)[i]);
    if (!known) FailScan(Error{.code = ErrorCode::kInternal, .message = "the rows' types do not parse"});
    types_ = *std::move(types);
  }

  // False at the end.
  bool Next() {
    auto next = rows_.Next(fields_);
    if (!next) FailScan(next.error());
    return *next;
  }
  void Put(duckdb::Vector& vector, idx_t row, std::size_t column) const {
    PutCopyField(vector, row, types_[column], fields_[column]);
  }

 private:
  Result<bool> More(std::string& bytes) {
    TRY_ASSIGN(auto frame, stream_.Next([this] { return context_.interrupted.load(); }));
    if (frame.kind == RowFrame::kEnd) return false;
    if (frame.kind == RowFrame::kFailed) return Fail(ErrorCode::kUnavailable, std::move(frame.payload));
    if (frame.kind != RowFrame::kBytes) return Fail(ErrorCode::kInternal, "a row stream does not parse");
    if (!session_->meter->Add(meter_key_, metered_, frame.payload.size())) return Fail(ErrorCode::kTimeout, "over its limit");
    metered_ += frame.payload.size();
    bytes += frame.payload;
    return true;
  }

  ClientContext& context_;
  duckdb::shared_ptr<Session> session_;
  RowStreamReader stream_;
  CopyRows rows_;
  std::vector<unsigned> types_;
  std::vector<CopyRows::Field> fields_;
  const std::uint64_t meter_key_ = NextMeterKey();
  std::uint64_t metered_ = 0;
};

// One thread reads; the stream is opened by the first row that is wanted, so that a scan that never runs calls nobody.
struct WarehouseGlobal final : duckdb::GlobalTableFunctionState {
  std::mutex mutex;
  std::unique_ptr<WarehouseRows> rows;
  bool ended = false;
  std::vector<std::string> names;                // Of the columns that are asked for.
  std::vector<std::optional<std::size_t>> from;  // Output column -> place in `names`; nothing: a virtual one.
  idx_t MaxThreads() const override { return 1; }
};

duckdb::unique_ptr<duckdb::FunctionData> BindWarehouse(ClientContext&, duckdb::TableFunctionBindInput& input,
                                                       duckdb::vector<duckdb::LogicalType>& types,
                                                       duckdb::vector<std::string>& names) {
  auto table = input.info->Cast<ShapeInfo>().table;
  types = table->types;
  names = table->names;
  return duckdb::make_uniq<WarehouseBind>(std::move(table));
}

// Leaves every filter to be applied above.
void KeepFiltersAbove(ClientContext&, duckdb::LogicalGet&, duckdb::FunctionData*,
                      duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>&) {}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitWarehouse(ClientContext&, duckdb::TableFunctionInitInput& input) {
  const TableShape& table = *input.bind_data->Cast<WarehouseBind>().table;
  auto global = duckdb::make_uniq<WarehouseGlobal>();
  duckdb::vector<duckdb::column_t> columns;
  if (input.projection_ids.empty()) {
    columns = input.column_ids;
  } else {
    for (idx_t place : input.projection_ids) columns.push_back(input.column_ids[place]);
  }
  for (duckdb::column_t column : columns) {
    if (duckdb::IsVirtualColumn(column)) {
      global->from.emplace_back();
    } else {
      global->from.emplace_back(global->names.size());
      global->names.push_back(table.names[column]);
    }
  }
  return global;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> InitWarehouseThread(duckdb::ExecutionContext&, duckdb::TableFunctionInitInput&,
                                                                        duckdb::GlobalTableFunctionState*) {
  return duckdb::make_uniq<duckdb::LocalTableFunctionState>();
}

void ScanWarehouse(ClientContext& context, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  const TableShape& table = *input.bind_data->Cast<WarehouseBind>().table;
  auto& global = input.global_state->Cast<WarehouseGlobal>();
  std::lock_guard lock(global.mutex);
  if (!global.rows && !global.ended) {
    auto session = Session::Of(context);
    if (!session || table.source.files.size() != 1) throw duckdb::PermissionException("no such object");
    auto stream = session->server.ReadRows(table.source.files[0].object, global.names);
    if (!stream) FailScan(stream.error());
    global.rows = std::make_unique<WarehouseRows>(context, std::move(session), *stream, global.names.size());
  }
  idx_t count = 0;
  for (; count < STANDARD_VECTOR_SIZE && !global.ended; ++count) {
    if (!global.rows->Next()) {
      global.ended = true;
      global.rows.reset();
      break;
    }
    for (idx_t i = 0; i < global.from.size(); ++i) {
      if (global.from[i]) {
        global.rows->Put(output.data[i], count, *global.from[i]);
      } else {
        output.SetValue(i, count, duckdb::Value(output.data[i].GetType()));
      }
    }
  }
  if (context.interrupted) throw duckdb::InterruptException();
  output.SetCardinality(count);
}

duckdb::virtual_column_map_t WarehouseVirtualColumns(ClientContext&, duckdb::optional_ptr<duckdb::FunctionData>) {
  duckdb::virtual_column_map_t columns;
  columns.insert(std::make_pair(duckdb::COLUMN_IDENTIFIER_EMPTY, duckdb::TableColumn("", duckdb::LogicalType::BOOLEAN)));
  return columns;
}

}  // namespace

duckdb::TableFunction WarehouseScanFunction() {
  duckdb::TableFunction function("warehouse_scan", {}, ScanWarehouse, BindWarehouse, InitWarehouse, InitWarehouseThread);
  function.projection_pushdown = true;
  function.filter_pushdown = false;
  function.pushdown_complex_filter = KeepFiltersAbove;
  function.get_virtual_columns = WarehouseVirtualColumns;
  return function;
}

}  // namespace hanse::engine
