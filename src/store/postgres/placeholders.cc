#include "store/postgres/placeholders.h"

namespace hanse::store {
namespace {

// Where the text, name or comment that starts at `at` ends; `at` where none starts there.
std::size_t EndOfQuoted(std::string_view sql, std::size_t at) {
  auto after = [&](std::string_view end, std::size_t from) {
    std::size_t found = sql.find(end, from);
    return found == std::string_view::npos ? sql.size() : found + end.size();
  };
  // A doubled quote inside ends one text and starts the next, which comes to the same.
  if (sql[at] == '\'') return after("'", at + 1);
  if (sql[at] == '"') return after("\"", at + 1);
  if (sql.substr(at, 2) == "--") return after("\n", at + 2);
  if (sql.substr(at, 2) == "/*") return after("*/", at + 2);
  return at;
}

}  // namespace

std::string NumberPlaceholders(std::string_view sql) {
  std::string numbered;
  numbered.reserve(sql.size() + 16);
  int count = 0;
  for (std::size_t at = 0; at < sql.size();) {
    if (std::size_t end = EndOfQuoted(sql, at); end > at) {
      numbered += sql.substr(at, end - at);
      at = end;
    } else if (sql[at] == '?') {
      numbered += '$' + std::to_string(++count);
      ++at;
    } else {
      numbered += sql[at++];
    }
  }
  return numbered;
}

}  // namespace hanse::store
