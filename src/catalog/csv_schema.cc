#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/text.h"
#include "catalog/definition.h"
#include "catalog/file_schema.h"

// The CSV classifier of file_schema.h.
namespace hanse::catalog {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kRowsMax = 1'000;

// Splits into rows and cells; quotes hold delimiters and line ends, "" is a quote.
Rows Read(std::string_view text, const CsvFormat& format, Sample extent, bool* quoted) {
  const auto [delimiter, quote] = std::pair(format.delimiter, format.quote);
  Rows rows;
  std::vector<std::string> row;
  std::string cell;
  bool in_quotes = false, any = false;
  auto end_cell = [&] { row.push_back(std::move(cell)), cell.clear(); };
  auto end_row = [&] {
    end_cell();
    if (any) rows.push_back(std::move(row));
    row.clear(), any = false;
  };
  for (std::size_t i = 0; i < text.size() && rows.size() < kRowsMax; ++i) {
    char c = text[i];
    if (in_quotes) {
      if (c != quote)
        cell += c;
      else if (i + 1 < text.size() && text[i + 1] == quote)
        cell += quote, ++i;
      else
        in_quotes = false;
    } else if (c == quote && cell.empty()) {
      in_quotes = *quoted = any = true;
    } else if (c == delimiter) {
      any = true;
      end_cell();
    } else if (c == '\n') {
      end_row();
    } else if (c != '\r') {
      any = true;
      cell += c;
    }
  }
  // What follows the last line's end is a line too, unless the sample was cut inside it.
  if (extent == Sample::kWhole && any && rows.size() < kRowsMax) end_row();
  return rows;
}

bool IsInteger(std::string_view text) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool IsDouble(std::string_view text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() && std::isfinite(value);
}

bool IsDay(std::string_view text) {
  TimeMs at = 0;
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && ParseTime(std::string(text) + "T00:00:00Z", &at);
}

// "" for an empty cell: it fits every type.
std::string TypeOf(std::string_view cell, Cells cells = Cells::kTrimmed) {
  if (cells == Cells::kTrimmed) cell = Trim(cell);
  if (cell.empty()) return "";
  if (IsInteger(cell)) return "bigint";
  if (IsDouble(cell)) return "double";
  if (EqualsIgnoreCase(cell, "true") || EqualsIgnoreCase(cell, "false")) return "boolean";
  if (IsDay(cell)) return "date";
  return "string";
}

std::vector<std::string> TypesOf(const Rows& rows, std::size_t begin, std::size_t columns, Cells cells) {
  std::vector<std::string> types(columns);
  for (std::size_t r = begin; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < columns; ++c) types[c] = MergeTypes(types[c], TypeOf(rows[r][c], cells));
  }
  for (std::string& type : types) {
    if (type.empty()) type = "string";
  }
  return types;
}

// A first row of distinct words over columns of which one at least is not text.
bool IsHeader(const Rows& rows, const std::vector<std::string>& types) {
  std::set<std::string> names;
  for (const std::string& cell : rows[0]) {
    if (TypeOf(cell) != "string" || cell.size() > 150 || !names.insert(Lower(Trim(cell))).second) return false;
  }
  return std::any_of(types.begin(), types.end(), [](const std::string& type) { return type != "string"; });
}

std::string ColumnName(std::string_view cell) {
  std::string name = Lower(Trim(cell));
  for (char& c : name) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80 ||
                 std::string_view("_ -.").find(c) != std::string_view::npos;
    if (!plain) c = '_';
  }
  return name;
}

}  // namespace

std::optional<FileSchema> InferCsvAs(std::string_view sample, Sample extent, const CsvFormat& format) {
  FileSchema found{.classification = "csv", .delimiter = format.delimiter, .quote = format.quote};
  Rows rows = Read(sample, format, extent, &found.quoted);
  if (rows.size() < format.rows_min || rows[0].size() < format.columns_min || rows[0].size() > kColumnsMax) return std::nullopt;
  std::size_t columns = rows[0].size();
  if (!std::all_of(rows.begin(), rows.end(), [&](const auto& row) { return row.size() == columns; })) return std::nullopt;
  if (!format.names.empty() && format.names.size() != columns) return std::nullopt;
  std::vector<std::string> types = TypesOf(rows, 1, columns, format.cells);
  found.header = format.header.value_or(IsHeader(rows, types));
  if (!found.header) types = TypesOf(rows, 0, columns, format.cells);
  for (std::size_t c = 0; c < columns; ++c) {
    std::string name = found.header ? ColumnName(rows[0][c]) : fmt::format("col{}", c);
    if (!format.names.empty()) name = ColumnName(format.names[c]);
    // The SerDe of quoted text reads dates as days since 1970: such a column stays text.
    bool day = types[c] == "date" && found.quoted;
    found.columns.push_back({std::move(name), day ? "string" : types[c]});
  }
  return found;
}

std::string TypeOfText(std::string_view text) { return TypeOf(text); }

std::optional<FileSchema> InferCsv(std::string_view sample, Sample extent) {
  for (char delimiter : {',', '|', '\t', ';', '\x01'}) {
    if (auto found = InferCsvAs(sample, extent, {.delimiter = delimiter})) return found;
  }
  return std::nullopt;
}

}  // namespace hanse::catalog
