#include "engine/text_scan.h"

#include <atomic>

#include "engine/avro_value.h"
#include "engine/file_scan.h"
#include "engine/text_lines.h"

namespace hanse::engine {

using duckdb::ClientContext;
using duckdb::idx_t;

namespace {

// The rows of one object, one after another. One thread.
class RowReader {
 public:
  virtual ~RowReader() = default;
  // As LineParser::Parse; false at the end.
  virtual bool Next(const std::vector<bool>& wanted, std::vector<duckdb::Value>& values) = 0;
};

class LineRows final : public RowReader {
 public:
  LineRows(const LineParser& parser, std::unique_ptr<LineReader> lines) : parser_(parser), lines_(std::move(lines)) {}
  bool Next(const std::vector<bool>& wanted, std::vector<duckdb::Value>& values) override {
    std::string_view line;
    if (!lines_->Next(&line)) return false;
    parser_.Parse(line, wanted, values);
    return true;
  }

 private:
  const LineParser& parser_;
  std::unique_ptr<LineReader> lines_;
};

class AvroRows final : public RowReader {
 public:
  AvroRows(ClientContext& context, const std::string& path, const TableShape& table)
      : file_(context, path), columns_(file_.schema(), table.names, table.data_columns), types_(table.types) {}
  bool Next(const std::vector<bool>& wanted, std::vector<duckdb::Value>& values) override {
    const avro_value_t* record = file_.Next();
    if (!record) return false;
    for (idx_t i = 0; i < values.size(); ++i) {
      if (wanted[i]) values[i] = columns_.At(*record, i, types_[i]);
    }
    return true;
  }

 private:
  AvroFile file_;
  AvroColumns columns_;
  const duckdb::vector<duckdb::LogicalType>& types_;
};

struct TextBind final : FilesBind {
  TextBind(FileSelection files, std::shared_ptr<const LineParser> parser)
      : FilesBind(std::move(files)), parser(std::move(parser)) {}
  std::shared_ptr<const LineParser> parser;
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<TextBind>(files, parser); }
};

struct TextGlobal final : duckdb::GlobalTableFunctionState {
  std::atomic<idx_t> next_file{0};
  idx_t files = 0;
  duckdb::vector<duckdb::column_t> columns;  // Of the output; may be virtual.
  idx_t MaxThreads() const override { return std::max<idx_t>(1, files); }
};

struct TextLocal final : duckdb::LocalTableFunctionState {
  std::unique_ptr<RowReader> reader;
  idx_t file = 0;
  std::vector<bool> wanted;
  std::vector<duckdb::Value> values;
};

duckdb::unique_ptr<duckdb::FunctionData> Bind(ClientContext&, duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types, duckdb::vector<std::string>& names) {
  FileSelection files = FilesOf(input, types, names);
  std::shared_ptr<const LineParser> parser = MakeLineParser(files.table());
  return duckdb::make_uniq<TextBind>(std::move(files), std::move(parser));
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitGlobal(ClientContext&, duckdb::TableFunctionInitInput& input) {
  auto global = duckdb::make_uniq<TextGlobal>();
  global->files = input.bind_data->Cast<TextBind>().files.size();
  global->columns = ColumnsOfScan(input);
  return global;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> InitLocal(duckdb::ExecutionContext&, duckdb::TableFunctionInitInput& input,
                                                              duckdb::GlobalTableFunctionState* state) {
  const TableShape& table = input.bind_data->Cast<TextBind>().files.table();
  auto local = duckdb::make_uniq<TextLocal>();
  local->wanted.assign(table.data_columns, false);
  local->values.resize(table.data_columns);
  for (duckdb::column_t column : state->Cast<TextGlobal>().columns) {
    if (column < table.data_columns) local->wanted[column] = true;
  }
  return local;
}

std::uint64_t HeaderLines(const TableSource& table) {
  auto found = table.serde.find("skip.header.line.count");
  if (found == table.serde.end()) return 0;
  return std::strtoull(found->second.c_str(), nullptr, 10);
}

// Opens the next file that no thread has; false when there is none.
bool NextFile(ClientContext& context, const TextBind& bind, TextGlobal& global, TextLocal& local) {
  idx_t next = global.next_file.fetch_add(1);
  if (next >= global.files) return false;
  const TableSource& table = bind.files.table().source;
  local.file = bind.files.FileAt(next);
  const std::string path = bind.files.PathAt(next);
  if (table.format == DataFormat::kAvro) {
    local.reader = std::make_unique<AvroRows>(context, path, bind.files.table());
  } else {
    local.reader = std::make_unique<LineRows>(
        *bind.parser, std::make_unique<LineReader>(context, path, table.files[local.file].gzip, HeaderLines(table)));
  }
  return true;
}

void PutRow(const TextBind& bind, const TextGlobal& global, const TextLocal& local, idx_t row, duckdb::DataChunk& output) {
  const TableShape& table = bind.files.table();
  for (idx_t i = 0; i < global.columns.size(); ++i) {
    duckdb::column_t column = global.columns[i];
    if (duckdb::IsVirtualColumn(column)) {
      output.SetValue(i, row, duckdb::Value(output.data[i].GetType()));
    } else if (table.IsKey(column)) {
      output.SetValue(i, row, table.PartitionValue(local.file, column - table.data_columns));
    } else {
      output.SetValue(i, row, local.values[column]);
    }
  }
}

void Scan(ClientContext& context, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  const auto& bind = input.bind_data->Cast<TextBind>();
  auto& global = input.global_state->Cast<TextGlobal>();
  auto& local = input.local_state->Cast<TextLocal>();
  idx_t rows = 0;
  while (rows < STANDARD_VECTOR_SIZE) {
    if (context.interrupted) throw duckdb::InterruptException();
    if (!local.reader && !NextFile(context, bind, global, local)) break;
    if (!local.reader->Next(local.wanted, local.values)) {
      local.reader.reset();
      continue;
    }
    PutRow(bind, global, local, rows++, output);
  }
  output.SetCardinality(rows);
}

}  // namespace

duckdb::TableFunction TextScanFunction() {
  duckdb::TableFunction function("text_scan", {}, Scan, Bind, InitGlobal, InitLocal);
  SetFileHooks(function);
  return function;
}

}  // namespace hanse::engine
