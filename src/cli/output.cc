#include "cli/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include <fmt/format.h>

namespace hanse::cli {
namespace {

std::size_t TerminalWidth() {
  winsize size{};
  if (isatty(1) == 0 || ioctl(1, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string Json(const std::vector<std::string>& columns, const std::vector<std::vector<client::Cell>>& rows) {
  std::string text = "[";
  for (const auto& row : rows) {
    text += &row == &rows.front() ? "\n" : ",\n";
    text += " {";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      text += fmt::format("{}{}: {}", i == 0 ? "" : ", ", JsonText(columns[i]), row[i] ? JsonText(*row[i]) : "null");
    }
    text += "}";
  }
  return text + "\n]\n";
}

}  // namespace

std::string JsonText(const std::string& text) {
  std::string quoted = "\"";
  for (char c : text) {
    switch (c) {
      case '"': quoted += "\\\""; break;
      case '\\': quoted += "\\\\"; break;
      case '\n': quoted += "\\n"; break;
      default: quoted += static_cast<unsigned char>(c) < 0x20 ? fmt::format("\\u{:04x}", c) : std::string(1, c);
    }
  }
  return quoted + "\"";
}

void Print(Format format, const std::vector<std::string>& columns, const std::vector<std::vector<client::Cell>>& rows) {
  std::string text;
  switch (format) {
    case Format::kTable: text = client::FormatTable(columns, rows, TerminalWidth()); break;
    case Format::kJson: text = Json(columns, rows); break;
    case Format::kCsv: text = client::FormatCsv(columns, rows); break;
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int Failed(const std::string& command, const Error& error) {
  fmt::print(stderr, "hanse {}: {}\n", command, error.message);
  return 1;
}

}  // namespace hanse::cli
