#include "cli/statement_reader.h"

#include "base/text.h"

namespace hanse::cli {
namespace {

// Where the quoted text or comment that begins at `at` ends (past its last character); `at` where none begins there; npos where it
// is still open.
std::size_t SkipQuoted(std::string_view text, std::size_t at) {
  if (text[at] == '\'' || text[at] == '"' || text[at] == '`') {
    std::size_t close = text.find(text[at], at + 1);  // A doubled quote is two quoted texts side by side.
    return close == std::string_view::npos ? close : close + 1;
  }
  if (text.substr(at, 2) == "--") {
    std::size_t end = text.find('\n', at);
    return end == std::string_view::npos ? end : end + 1;
  }
  if (text.substr(at, 2) == "/*") {
    std::size_t close = text.find("*/", at + 2);
    return close == std::string_view::npos ? close : close + 2;
  }
  return at;
}

// Where the first ";" stands that ends a statement.
std::size_t FindEnd(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t after = SkipQuoted(text, at);
    if (after == std::string_view::npos) return after;
    if (after == at && text[at] == ';') return at;
    at = after == at ? at + 1 : after;
  }
  return std::string_view::npos;
}

}  // namespace

void StatementReader::Add(std::string_view line) {
  text_ += line;
  text_ += '\n';
}

std::optional<std::string> StatementReader::Next() {
  for (std::size_t end = FindEnd(text_); end != std::string::npos; end = FindEnd(text_)) {
    std::string statement(Trim(std::string_view(text_).substr(0, end)));
    text_.erase(0, end + 1);
    if (!statement.empty()) return statement;
  }
  return std::nullopt;
}

std::string StatementReader::Rest() const { return std::string(Trim(text_)); }

}  // namespace hanse::cli
