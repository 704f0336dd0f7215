#include "engine/orc_scan.h"

#include <atomic>

#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "engine/file_scan.h"
#include "engine/object_files.h"
#include "engine/orc_pruning.h"
#include "engine/parquet_files.h"

namespace hanse::engine {

using duckdb::ClientContext;
using duckdb::idx_t;

namespace {

constexpr std::uint64_t kBytesPerOrcThread = 16 << 20;

// Besides the files, what their rows have to be like: filters that are applied above all the same.
struct OrcBind final : FilesBind {
  OrcBind(FileSelection files, std::vector<IcebergCondition> conditions)
      : FilesBind(std::move(files)), conditions(std::move(conditions)) {}
  std::vector<IcebergCondition> conditions;
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<OrcBind>(files, conditions); }
};

// Which of a file's stripes are taken.
struct OrcProgress {
  std::atomic<std::int64_t> stripes{-1};  // -1: the file has not been opened.
  std::atomic<std::int64_t> next{0};
};

struct OrcGlobal final : duckdb::GlobalTableFunctionState {
  explicit OrcGlobal(idx_t count) : files(count), progress(std::make_unique<OrcProgress[]>(count)) {}
  idx_t files = 0, threads = 1;
  std::atomic<idx_t> next_file{0};
  std::unique_ptr<OrcProgress[]> progress;
  duckdb::vector<duckdb::column_t> columns;  // Of the output; may be virtual.
  idx_t MaxThreads() const override { return threads; }
};

// A file that a thread reads.
struct OrcFile {
  OrcFile(ClientContext& context, const std::string& path, const std::string& table) : input(context, path, table) {
    auto read = orc::ReadTail(input);
    if (!read) input.Refuse(read.error());
    tail = *std::move(read);
  }
  OrcInput input;
  orc::Tail tail;
  std::vector<bool> may_hold;  // Of its stripes; empty: all may.
};

struct OrcLocal final : duckdb::LocalTableFunctionState {
  idx_t place = 0, file_number = 0;  // Of the file, among those that are read and those of the table.
  std::unique_ptr<OrcFile> file;
  orc::StripeFooter footer;
  std::unique_ptr<OrcZone> zone;
  std::vector<std::unique_ptr<OrcColumn>> columns;  // Of the output; nothing where the file has none.
  std::uint64_t rows_left = 0;                      // Of the stripe.
};

void BeginStripe(ClientContext& context, const TableShape& table, const OrcGlobal& global, OrcLocal& local, std::int64_t number) {
  OrcFile& file = *local.file;
  const orc::Stripe& stripe = file.tail.stripes[static_cast<std::size_t>(number)];
  local.columns.clear();
  local.columns.resize(global.columns.size());
  local.rows_left = stripe.rows;
  bool stored = false;
  for (duckdb::column_t column : global.columns) stored = stored || column < table.data_columns;
  if (!stored) return;  // How many rows there are stands in the tail.
  auto footer = orc::ReadStripeFooter(file.input, file.tail, stripe);
  if (!footer) file.input.Refuse(footer.error());
  local.footer = *std::move(footer);
  local.zone.reset();
  const OrcStripe opened{context, file.input, file.tail, local.footer, local.zone};
  for (idx_t i = 0; i < global.columns.size(); ++i) {
    const duckdb::column_t column = global.columns[i];
    if (column >= table.data_columns) continue;
    const auto type = OrcColumnIn(file.tail, table, column);
    if (type) local.columns[i] = MakeOrcColumn(opened, *type, table.types[column], table.names[column]);
  }
}

void OpenOrc(ClientContext& context, const OrcBind& bind, OrcGlobal& global, OrcLocal& local, idx_t place) {
  const FileSelection& files = bind.files;
  local.place = place;
  local.file_number = files.FileAt(place);
  local.columns.clear();
  local.file = std::make_unique<OrcFile>(context, files.PathAt(place), files.table().source.shown());
  OrcFile& file = *local.file;
  if (!bind.conditions.empty()) file.may_hold = OrcStripesThatMayHold(file.input, file.tail, files.table(), bind.conditions);
  global.progress[place].stripes = static_cast<std::int64_t>(local.file->tail.stripes.size());
}

// A file of which stripes are left for another thread; `files` where there is none.
idx_t FileWithStripes(const OrcGlobal& global) {
  for (idx_t place = 0; place < global.files; ++place) {
    if (global.progress[place].next < global.progress[place].stripes) return place;
  }
  return global.files;
}

// Goes to the next stripe that no thread has; false when there is none.
bool NextStripe(ClientContext& context, const OrcBind& bind, OrcGlobal& global, OrcLocal& local) {
  while (true) {
    if (local.file) {
      OrcProgress& progress = global.progress[local.place];
      const std::int64_t stripe = progress.next.fetch_add(1);
      if (stripe < progress.stripes) {
        const auto& may_hold = local.file->may_hold;
        if (!may_hold.empty() && !may_hold[static_cast<std::size_t>(stripe)]) continue;
        BeginStripe(context, bind.files.table(), global, local, stripe);
        return true;
      }
      local.columns.clear();
      local.file.reset();
    }
    idx_t place = global.next_file < global.files ? global.next_file.fetch_add(1) : global.files;
    if (place >= global.files) place = FileWithStripes(global);
    if (place >= global.files) return false;
    OpenOrc(context, bind, global, local, place);
  }
}

void PutColumns(const TableShape& table, const OrcGlobal& global, OrcLocal& local, idx_t rows, duckdb::DataChunk& output) {
  for (idx_t i = 0; i < global.columns.size(); ++i) {
    const duckdb::column_t column = global.columns[i];
    if (local.columns[i]) {
      local.columns[i]->Read(rows, nullptr, output.data[i]);
    } else if (!duckdb::IsVirtualColumn(column) && table.IsKey(column)) {
      output.data[i].Reference(table.PartitionValue(local.file_number, column - table.data_columns));
    } else {
      output.data[i].Reference(duckdb::Value(output.data[i].GetType()));
    }
  }
}

void ScanOrc(ClientContext& context, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  const auto& bind = input.bind_data->Cast<OrcBind>();
  auto& global = input.global_state->Cast<OrcGlobal>();
  auto& local = input.local_state->Cast<OrcLocal>();
  while (local.rows_left == 0) {
    if (context.interrupted) throw duckdb::InterruptException();
    if (!NextStripe(context, bind, global, local)) return output.SetCardinality(0);
  }
  if (context.interrupted) throw duckdb::InterruptException();
  const auto rows = static_cast<idx_t>(std::min<std::uint64_t>(STANDARD_VECTOR_SIZE, local.rows_left));
  PutColumns(bind.files.table(), global, local, rows, output);
  local.rows_left -= rows;
  output.SetCardinality(rows);
}

duckdb::unique_ptr<duckdb::FunctionData> BindOrc(ClientContext&, duckdb::TableFunctionBindInput& input,
                                                 duckdb::vector<duckdb::LogicalType>& types, duckdb::vector<std::string>& names) {
  return duckdb::make_uniq<OrcBind>(FilesOf(input, types, names), std::vector<IcebergCondition>());
}

void PickStripes(ClientContext& context, duckdb::LogicalGet& get, duckdb::FunctionData* data,
                 duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  auto& bind = data->Cast<OrcBind>();
  PickFiles(context, get, data, filters);
  duckdb::MultiFilePushdownInfo info(get);
  auto column_of = [&](const duckdb::Expression& reference) -> std::optional<std::int32_t> {
    const idx_t at = reference.Cast<duckdb::BoundColumnRefExpression>().binding.column_index;
    if (at >= info.column_ids.size() || info.column_ids[at] >= bind.files.table().data_columns) return std::nullopt;
    return static_cast<std::int32_t>(info.column_ids[at]);
  };
  for (const auto& filter : filters) {
    if (auto condition = IcebergConditionOf(*filter, column_of)) bind.conditions.push_back(*std::move(condition));
  }
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitOrc(ClientContext& context, duckdb::TableFunctionInitInput& input) {
  const FileSelection& files = input.bind_data->Cast<FilesBind>().files;
  auto global = duckdb::make_uniq<OrcGlobal>(files.size());
  global->threads = std::max<idx_t>({1, files.size(), files.Bytes() / kBytesPerOrcThread});
  global->columns = ColumnsOfScan(input);
  if (auto session = Session::Of(context)) ExpectFiles(*session, files);
  return global;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> InitOrcThread(duckdb::ExecutionContext&, duckdb::TableFunctionInitInput&,
                                                                  duckdb::GlobalTableFunctionState*) {
  return duckdb::make_uniq<OrcLocal>();
}

}  // namespace

duckdb::TableFunction OrcScanFunction() {
  duckdb::TableFunction function("orc_scan", {}, ScanOrc, BindOrc, InitOrc, InitOrcThread);
  SetFileHooks(function);
  function.pushdown_complex_filter = PickStripes;
  return function;
}

}  // namespace hanse::engine
