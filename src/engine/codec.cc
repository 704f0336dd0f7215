#include "engine/codec.h"

#include <cstring>

namespace hanse::engine {

void Encoder::Number(std::uint64_t value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }

void Encoder::Text(std::string_view text) {
  Number(text.size());
  bytes_.append(text);
}

std::uint64_t Decoder::Number() {
  std::uint64_t value = 0;
  if (!ok_ || rest_.size() < sizeof value) return ok_ = false, 0;
  std::memcpy(&value, rest_.data(), sizeof value);
  rest_.remove_prefix(sizeof value);
  return value;
}

std::string Decoder::Text() {
  std::uint64_t size = Number();
  if (!ok_ || size > rest_.size()) return ok_ = false, std::string();
  std::string text(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return text;
}

std::uint64_t Decoder::Count() {
  std::uint64_t count = Number();
  if (!ok_ || count > rest_.size()) return ok_ = false, 0;
  return count;
}

namespace {

template <class T, class One>
void Each(Encoder& out, const std::vector<T>& things, One one) {
  out.Number(things.size());
  for (const T& thing : things) one(thing);
}

template <class One>
auto EachOf(Decoder& in, One one) {
  std::vector<decltype(one())> things;
  std::uint64_t count = in.Count();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) things.push_back(one());
  return things;
}

void PutColumns(Encoder& out, const std::vector<ColumnSource>& columns) {
  Each(out, columns, [&](const ColumnSource& column) {
    out.Text(column.name);
    out.Text(column.hive_type);
  });
}

std::vector<ColumnSource> GetColumns(Decoder& in) {
  return EachOf(in, [&] {
    std::string name = in.Text();
    return ColumnSource{std::move(name), in.Text()};
  });
}

void PutFile(Encoder& out, const FileSource& file) {
  out.Number(file.object);
  out.Number(file.bytes);
  out.Number(file.gzip);
  Each(out, file.partition, [&](const std::optional<std::string>& value) {
    out.Number(value.has_value());
    out.Text(value.value_or(""));
  });
}

FileSource GetFile(Decoder& in) {
  FileSource file;
  file.object = in.Number();
  file.bytes = in.Number();
  file.gzip = in.Number() != 0;
  file.partition = EachOf(in, [&] {
    bool present = in.Number() != 0;
    std::string value = in.Text();
    return present ? std::optional(std::move(value)) : std::nullopt;
  });
  return file;
}

void PutParameters(Encoder& out, const std::map<std::string, std::string>& parameters) {
  out.Number(parameters.size());
  for (const auto& [key, value] : parameters) {
    out.Text(key);
    out.Text(value);
  }
}

std::map<std::string, std::string> GetParameters(Decoder& in) {
  std::map<std::string, std::string> parameters;
  std::uint64_t count = in.Count();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    std::string key = in.Text();
    parameters[key] = in.Text();
  }
  return parameters;
}

void PutPlan(Encoder& out, const OutputPlan& plan) {
  out.Number(static_cast<std::uint64_t>(plan.format));
  out.Text(plan.compression);
  PutParameters(out, plan.serde);
  PutColumns(out, plan.columns);
  Each(out, plan.filled, [&](const std::string& name) { out.Text(name); });
  Each(out, plan.keys, [&](const std::string& name) { out.Text(name); });
  out.Number(plan.no_rows);
}

// Of the server, which is trusted with the format.
OutputPlan GetPlan(Decoder& in) {
  OutputPlan plan;
  plan.format = static_cast<DataFormat>(in.Number());
  plan.compression = in.Text();
  plan.serde = GetParameters(in);
  plan.columns = GetColumns(in);
  plan.filled = EachOf(in, [&] { return in.Text(); });
  plan.keys = EachOf(in, [&] { return in.Text(); });
  plan.no_rows = in.Number() != 0;
  return plan;
}

template <class T>
Result<T> Whole(const Decoder& in, T value) {
  if (!in.AtEnd()) return Fail(ErrorCode::kInternal, "a message between server and worker does not parse");
  return value;
}

}  // namespace

std::string Encode(const QueryJob& job) {
  Encoder out;
  out.Text(job.id);
  out.Number(static_cast<std::uint64_t>(job.kind));
  out.Text(job.sql);
  out.Text(job.database);
  Each(out, job.catalogs, [&](const DataCatalog& catalog) {
    out.Text(catalog.name);
    out.Text(catalog.account);
  });
  out.Text(job.catalog);
  Each(out, job.parameters, [&](const std::string& parameter) { out.Text(parameter); });
  out.Number(job.limits.memory_bytes);
  out.Number(job.limits.threads);
  out.Number(job.limits.time_ms);
  out.Number(job.limits.scanned_bytes_max);
  out.Number(job.limits.spilled_bytes_max);
  out.Number(job.output.has_value());
  if (job.output) PutPlan(out, *job.output);
  PutParameters(out, job.session);
  return out.Take();
}

Result<QueryJob> DecodeJob(std::string_view bytes) {
  Decoder in(bytes);
  QueryJob job;
  job.id = in.Text();
  std::uint64_t kind = in.Number();
  if (kind > static_cast<std::uint64_t>(JobKind::kPgCatalogColumns)) return Fail(ErrorCode::kInternal, "unknown kind of job");
  job.kind = static_cast<JobKind>(kind);
  job.sql = in.Text();
  job.database = in.Text();
  job.catalogs = EachOf(in, [&] {
    DataCatalog catalog;
    catalog.name = in.Text();
    catalog.account = in.Text();
    return catalog;
  });
  job.catalog = in.Text();
  job.parameters = EachOf(in, [&] { return in.Text(); });
  job.limits.memory_bytes = in.Number();
  job.limits.threads = static_cast<std::uint32_t>(in.Number());
  job.limits.time_ms = in.Number();
  job.limits.scanned_bytes_max = in.Number();
  job.limits.spilled_bytes_max = in.Number();
  if (in.Number() != 0) job.output = GetPlan(in);
  job.session = GetParameters(in);
  return Whole(in, std::move(job));
}

std::string Encode(const TableSource& table) {
  Encoder out;
  out.Text(table.database);
  out.Text(table.name);
  out.Number(static_cast<std::uint64_t>(table.format));
  PutParameters(out, table.serde);
  PutColumns(out, table.columns);
  PutColumns(out, table.keys);
  Each(out, table.files, [&](const FileSource& file) { PutFile(out, file); });
  Each(out, table.visible, [&](const std::string& name) { out.Text(name); });
  out.Text(table.row_filter);
  Each(out, table.masks, [&](const CellMask& mask) {
    out.Text(mask.column);
    out.Text(mask.condition);
  });
  out.Text(table.view_sql);
  out.Text(table.view_database);
  out.Number(table.definer_view);
  return out.Take();
}

Result<TableSource> DecodeTable(std::string_view bytes) {
  Decoder in(bytes);
  TableSource table;
  table.database = in.Text();
  table.name = in.Text();
  std::uint64_t format = in.Number();
  if (format > static_cast<std::uint64_t>(DataFormat::kOrc)) return Fail(ErrorCode::kInternal, "unknown table format");
  table.format = static_cast<DataFormat>(format);
  table.serde = GetParameters(in);
  table.columns = GetColumns(in);
  table.keys = GetColumns(in);
  table.files = EachOf(in, [&] { return GetFile(in); });
  table.visible = EachOf(in, [&] { return in.Text(); });
  table.row_filter = in.Text();
  table.masks = EachOf(in, [&] {
    std::string column = in.Text();
    return CellMask{std::move(column), in.Text()};
  });
  table.view_sql = in.Text();
  table.view_database = in.Text();
  table.definer_view = in.Number();
  return Whole(in, std::move(table));
}

std::string Encode(const std::vector<std::uint64_t>& numbers) {
  Encoder out;
  Each(out, numbers, [&](std::uint64_t number) { out.Number(number); });
  return out.Take();
}

Result<std::vector<std::uint64_t>> DecodeNumbers(std::string_view bytes) {
  Decoder in(bytes);
  auto numbers = EachOf(in, [&] { return in.Number(); });
  return Whole(in, std::move(numbers));
}

std::string Encode(const std::vector<ListedTable>& tables) {
  Encoder out;
  Each(out, tables, [&](const ListedTable& table) {
    out.Text(table.database);
    out.Text(table.name);
    out.Text(table.type);
    PutColumns(out, table.columns);
  });
  return out.Take();
}

Result<std::vector<ListedTable>> DecodeListing(std::string_view bytes) {
  Decoder in(bytes);
  auto tables = EachOf(in, [&] {
    ListedTable table;
    table.database = in.Text();
    table.name = in.Text();
    table.type = in.Text();
    table.columns = GetColumns(in);
    return table;
  });
  return Whole(in, std::move(tables));
}

std::string Encode(const QueryOutcome& outcome) {
  Encoder out;
  out.Number(static_cast<std::uint64_t>(outcome.state));
  out.Number(static_cast<std::uint64_t>(outcome.category));
  out.Text(outcome.type);
  out.Text(outcome.message);
  out.Number(outcome.scanned_bytes);
  out.Number(outcome.rows);
  out.Number(outcome.planning_ms);
  return out.Take();
}

Result<QueryOutcome> DecodeOutcome(std::string_view bytes) {
  Decoder in(bytes);
  QueryOutcome outcome;
  std::uint64_t state = in.Number(), category = in.Number();
  if (state > 2 || category < 1 || category > 3) return Fail(ErrorCode::kInternal, "unknown outcome of a query");
  outcome.state = static_cast<QueryState>(state);
  outcome.category = static_cast<ErrorCategory>(category);
  outcome.type = in.Text();
  outcome.message = in.Text();
  outcome.scanned_bytes = in.Number();
  outcome.rows = in.Number();
  outcome.planning_ms = in.Number();
  return Whole(in, std::move(outcome));
}

void Put(Encoder& out, const ColumnConditions& conditions) {
  Each(out, conditions, [&](const ColumnCondition& condition) {
    out.Text(condition.column);
    out.Number(static_cast<std::uint64_t>(condition.test));
    out.Number(static_cast<std::uint64_t>(condition.kind));
    Each(out, condition.literals, [&](const std::string& literal) { out.Text(literal); });
  });
}

namespace {

bool IsWhole(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Result<ColumnConditions> DecodeConditions(Decoder& in) {
  bool known = true;
  ColumnConditions conditions = EachOf(in, [&] {
    ColumnCondition condition{.column = in.Text()};
    const std::uint64_t test = in.Number(), kind = in.Number();
    condition.test = static_cast<ColumnCondition::Test>(test);
    condition.kind = static_cast<ColumnCondition::Kind>(kind);
    condition.literals = EachOf(in, [&] { return in.Text(); });
    known = known && test <= static_cast<std::uint64_t>(ColumnCondition::Test::kIn) &&
            kind <= static_cast<std::uint64_t>(ColumnCondition::Kind::kDate) && !condition.literals.empty() &&
            (condition.kind != ColumnCondition::Kind::kInteger || std::ranges::all_of(condition.literals, IsWhole));
    return condition;
  });
  if (!known) return Fail(ErrorCode::kInternal, "a condition of no kind");
  return Whole(in, std::move(conditions));
}

std::string EncodeOutput(const std::vector<ColumnSource>& columns) {
  Encoder out;
  PutColumns(out, columns);
  return out.Take();
}

Result<std::vector<ColumnSource>> DecodeOutput(std::string_view bytes) {
  Decoder in(bytes);
  auto columns = GetColumns(in);
  return Whole(in, std::move(columns));
}

std::string EncodeFile(std::uint64_t file, const std::vector<std::string>& values) {
  Encoder out;
  out.Number(file);
  Each(out, values, [&](const std::string& value) { out.Text(value); });
  return out.Take();
}

Result<std::pair<std::uint64_t, std::vector<std::string>>> DecodeFile(std::string_view bytes) {
  Decoder in(bytes);
  std::uint64_t file = in.Number();
  auto values = EachOf(in, [&] { return in.Text(); });
  return Whole(in, std::pair(file, std::move(values)));
}

std::string Encode(const std::vector<ResultColumn>& columns) {
  Encoder out;
  Each(out, columns, [&](const ResultColumn& column) {
    out.Text(column.name);
    out.Text(column.type);
    out.Number(static_cast<std::uint64_t>(column.precision));
    out.Number(static_cast<std::uint64_t>(column.scale));
  });
  return out.Take();
}

Result<std::vector<ResultColumn>> DecodeColumns(std::string_view bytes) {
  Decoder in(bytes);
  auto columns = EachOf(in, [&] {
    ResultColumn column;
    column.name = in.Text();
    column.type = in.Text();
    column.precision = static_cast<int>(in.Number());
    column.scale = static_cast<int>(in.Number());
    return column;
  });
  return Whole(in, std::move(columns));
}

void EncodeCell(std::string& bytes, const std::string* cell) {
  std::uint32_t size = cell ? static_cast<std::uint32_t>(cell->size()) + 1 : 0;
  bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
  if (cell) bytes.append(*cell);
}

Result<std::vector<ResultRow>> DecodeRows(std::string_view bytes, std::size_t columns) {
  std::vector<ResultRow> rows;
  auto broken = [] { return Fail(ErrorCode::kInternal, "rows of a worker do not parse"); };
  if (columns == 0) return broken();
  while (!bytes.empty()) {
    ResultRow row;
    row.reserve(columns);
    for (std::size_t i = 0; i < columns; ++i) {
      std::uint32_t size = 0;
      if (bytes.size() < sizeof size) return broken();
      std::memcpy(&size, bytes.data(), sizeof size);
      bytes.remove_prefix(sizeof size);
      if (size == 0) {
        row.emplace_back();
        continue;
      }
      if (bytes.size() < size - 1) return broken();
      row.emplace_back(std::string(bytes.substr(0, size - 1)));
      bytes.remove_prefix(size - 1);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace hanse::engine
