#include "engine/orc_scan.h"

#include <atomic>

#include "base/text.h"
#include "engine/file_scan.h"
#include "engine/object_files.h"
#include "engine/orc_column.h"

namespace hanse::engine {

using duckdb::ClientContext;
using duckdb::idx_t;

namespace {

constexpr std::uint64_t kBytesPerOrcThread = 16 << 20;

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
};

struct OrcLocal final : duckdb::LocalTableFunctionState {
  idx_t place = 0, file_number = 0;  // Of the file, among those that are read and those of the table.
  std::unique_ptr<OrcFile> file;
  orc::StripeFooter footer;
  std::unique_ptr<OrcZone> zone;
  std::vector<std::unique_ptr<OrcColumn>> columns;  // Of the output; nothing where the file has none.
  std::uint64_t rows_left = 0;                      // Of the stripe.
};

// The type of a file's column that is column `i` of the table; nothing where it has none.
std::optional<std::uint32_t> ColumnIn(const orc::Tail& tail, const TableShape& table, idx_t i) {
  const orc::Type& row = tail.types[0];
  auto by_place = table.source.serde.find("orc.column.index.access");
  if (by_place == table.source.serde.end() || !EqualsIgnoreCase(by_place->second, "false")) {
    return i < row.children.size() ? std::optional(row.children[i]) : std::nullopt;
  }
  for (std::size_t at = 0; at < row.children.size(); ++at) {
    if (EqualsIgnoreCase(row.names[at], table.names[i])) return row.children[at];
  }
  return std::nullopt;
}

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
  local.zone = MakeOrcZone(context, local.footer.timezone);
  const OrcStripe opened{file.input, file.tail, local.footer, *local.zone};
  for (idx_t i = 0; i < global.columns.size(); ++i) {
    const duckdb::column_t column = global.columns[i];
    if (column >= table.data_columns) continue;
    const auto type = ColumnIn(file.tail, table, column);
    if (type) local.columns[i] = MakeOrcColumn(opened, *type, table.types[column], table.names[column]);
  }
}

void OpenOrc(ClientContext& context, const FileSelection& files, OrcGlobal& global, OrcLocal& local, idx_t place) {
  local.place = place;
  local.file_number = files.FileAt(place);
  local.columns.clear();
  local.file = std::make_unique<OrcFile>(context, files.PathAt(place), files.table().source.shown());
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
bool NextStripe(ClientContext& context, const FileSelection& files, OrcGlobal& global, OrcLocal& local) {
  while (true) {
    if (local.file) {
      OrcProgress& progress = global.progress[local.place];
      const std::int64_t stripe = progress.next.fetch_add(1);
      if (stripe < progress.stripes) {
        BeginStripe(context, files.table(), global, local, stripe);
        return true;
      }
      local.columns.clear();
      local.file.reset();
    }
    idx_t place = global.next_file < global.files ? global.next_file.fetch_add(1) : global.files;
    if (place >= global.files) place = FileWithStripes(global);
    if (place >= global.files) return false;
    OpenOrc(context, files, global, local, place);
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
  const FileSelection& files = input.bind_data->Cast<FilesBind>().files;
  auto& global = input.global_state->Cast<OrcGlobal>();
  auto& local = input.local_state->Cast<OrcLocal>();
  while (local.rows_left == 0) {
    if (context.interrupted) throw duckdb::InterruptException();
    if (!NextStripe(context, files, global, local)) return output.SetCardinality(0);
  }
  if (context.interrupted) throw duckdb::InterruptException();
  const auto rows = static_cast<idx_t>(std::min<std::uint64_t>(STANDARD_VECTOR_SIZE, local.rows_left));
  PutColumns(files.table(), global, local, rows, output);
  local.rows_left -= rows;
  output.SetCardinality(rows);
}

duckdb::unique_ptr<duckdb::FunctionData> BindOrc(ClientContext&, duckdb::TableFunctionBindInput& input,
                                                 duckdb::vector<duckdb::LogicalType>& types, duckdb::vector<std::string>& names) {
  return duckdb::make_uniq<FilesBind>(FilesOf(input, types, names));
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
  return function;
}

}  // namespace hanse::engine
