#include "client/text_table.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace hanse::client {
namespace {

// Characters, not bytes: continuation bytes of UTF-8 take no place.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string Cut(const std::string& text, std::size_t width) {
  if (Width(text) <= width) return text;
  std::string cut;
  std::size_t taken = 0;
  for (char c : text) {
    if ((c & 0xC0) != 0x80 && ++taken >= width) break;
    cut.push_back(c);
  }
  return cut + "…";
}

bool IsNumber(const std::string& text) { return !text.empty() && text.find_first_not_of("0123456789.,-+eE") == std::string::npos; }

std::string Shown(const Cell& cell) {
  if (!cell) return "(null)";
  std::string line = *cell;
  // No control character of a value reaches the terminal, which might obey it.
  std::replace_if(line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return line;
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string FormatTable(const std::vector<std::string>& columns, const std::vector<std::vector<Cell>>& rows,
                        std::size_t width_max) {
  std::vector<std::size_t> widths;
  std::vector<bool> numeric(columns.size(), !rows.empty());
  for (const std::string& column : columns) widths.push_back(Width(column));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      widths[i] = std::max(widths[i], Width(Shown(row[i])));
      if (row[i] && !IsNumber(*row[i])) numeric[i] = false;
    }
  }
  if (width_max > 0 && !columns.empty()) {
    std::size_t fair = std::max<std::size_t>(8, width_max / columns.size() - 2);
    for (std::size_t& width : widths) width = std::min(width, std::max(fair, std::size_t{8}));
  }
  std::string text;
  auto line = [&](auto cell_of) {
    std::string one;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      std::string cell = Cut(cell_of(i), widths[i]);
      std::string padding(widths[i] - std::min(widths[i], Width(cell)), ' ');
      one += (i == 0 ? "" : "  ") + (numeric[i] ? padding + cell : cell + padding);
    }
    text += one.substr(0, one.find_last_not_of(' ') + 1) + "\n";
  };
  line([&](std::size_t i) { return columns[i]; });
  line([&](std::size_t i) { return std::string(widths[i], '-'); });
  for (const auto& row : rows) {
    line([&](std::size_t i) { return Shown(row[i]); });
  }
  return text;
}

std::string FormatCsv(const std::vector<std::string>& columns, const std::vector<std::vector<Cell>>& rows) {
  std::string text;
  for (const std::string& column : columns) text += (&column == &columns.front() ? "" : ",") + Quoted(column);
  text += "\n";
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + (row[i] ? Quoted(*row[i]) : "");
    text += "\n";
  }
  return text;
}

std::string BytesText(std::int64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB"};
  double amount = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; amount >= 999.95 && unit + 1 < std::size(kUnits); ++unit) amount /= 1000;
  return fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

}  // namespace hanse::client
