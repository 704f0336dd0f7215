#include "query/prepared_sql.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/text.h"
#include "query/statement.h"

namespace hanse::query {
namespace {

constexpr std::size_t kValuesMax = 1024;

std::unexpected<Error> Malformed(std::string_view what) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidRequestException", fmt::format("mismatched input: {}", what));
}

bool InName(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '@' || c == ':'; }

// Pieces of SQL one after the other: a blank (white space, a comment), something quoted, a word, a character.
class Pieces {
 public:
  explicit Pieces(std::string_view sql) : rest_(sql) {}

  std::string_view Next() {
    std::size_t size = std::max<std::size_t>(SizeOfNext(), 1);
    std::string_view piece = rest_.substr(0, size);
    rest_.remove_prefix(piece.size());
    return piece;
  }
  static bool Blank(std::string_view piece) {
    return piece.starts_with("--") || piece.starts_with("/*") || std::isspace(static_cast<unsigned char>(piece.front())) != 0;
  }
  // The next piece that is not blank; empty at the end.
  std::string_view NextToken() {
    while (!rest_.empty()) {
      std::string_view piece = Next();
      if (!Blank(piece)) return piece;
    }
    return {};
  }
  bool Take(std::string_view word) {
    Pieces ahead = *this;
    if (!EqualsIgnoreCase(ahead.NextToken(), word)) return false;
    *this = ahead;
    return true;
  }
  std::string_view rest() const { return rest_; }
  bool done() const { return rest_.empty(); }

 private:
  std::size_t SizeOfNext() const {
    auto until = [&](std::string_view end, std::size_t from) {
      std::size_t found = rest_.find(end, from);
      return found == std::string_view::npos ? rest_.size() : found + end.size();
    };
    if (rest_.empty()) return 0;
    if (rest_.starts_with("--")) return until("\n", 2);
    if (rest_.starts_with("/*")) return until("*/", 2);
    char first = rest_.front();
    if (first == '\'' || first == '"' || first == '`') return until(std::string_view(&first, 1), 1);
    return static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), InName) - rest_.begin());
  }
  std::string_view rest_;
};

Result<std::string> TakeName(Pieces* pieces) {
  std::string_view name = pieces->NextToken();
  if (name.size() > 2 && (name.front() == '"' || name.front() == '`')) name = name.substr(1, name.size() - 2);
  if (name.empty() || !std::all_of(name.begin(), name.end(), InName) || std::isdigit(static_cast<unsigned char>(name[0])) != 0) {
    return Malformed("the name of a prepared statement is missing");
  }
  return std::string(name);
}

// Splits at the commas that stand in no brackets and no quotes; comments become blanks.
Result<std::vector<std::string>> TakeValues(Pieces pieces) {
  std::vector<std::string> values(1);
  int depth = 0;
  while (!pieces.done()) {
    std::string_view piece = pieces.Next();
    if (piece == "(" || piece == "[") ++depth;
    if (piece == ")" || piece == "]") --depth;
    if (piece == "," && depth == 0) {
      values.emplace_back();
    } else {
      values.back() += Pieces::Blank(piece) ? " " : piece;
    }
    if (values.size() > kValuesMax) return Malformed(fmt::format("at most {} values may stand after USING", kValuesMax));
  }
  for (std::string& value : values) {
    value = Trim(value);
    if (value.empty()) return Malformed("a value is missing after USING");
  }
  return values;
}

std::string_view WithoutSemicolon(std::string_view sql) {
  sql = Trim(sql);
  if (sql.ends_with(';')) sql.remove_suffix(1);
  return Trim(sql);
}

}  // namespace

Result<PreparedSql> ParsePreparedSql(std::string_view sql) {
  Pieces pieces(WithoutSemicolon(sql));
  PreparedSql parsed;
  if (pieces.Take("PREPARE")) {
    TRY_ASSIGN(parsed.name, TakeName(&pieces));
    if (!pieces.Take("FROM")) return Malformed("PREPARE name FROM statement: FROM is missing");
    parsed.statement = Trim(pieces.rest());
    TRY(CheckPreparable(parsed.statement));
  } else if (pieces.Take("EXECUTE")) {
    TRY_ASSIGN(parsed.name, TakeName(&pieces));
    if (pieces.Take("USING")) {
      TRY_ASSIGN(parsed.values, TakeValues(pieces));
    } else if (!pieces.NextToken().empty()) {
      return Malformed("EXECUTE name USING values: something else stands after the name");
    }
  } else if (pieces.Take("DEALLOCATE") && pieces.Take("PREPARE")) {
    TRY_ASSIGN(parsed.name, TakeName(&pieces));
    if (!pieces.NextToken().empty()) return Malformed("something stands after the name of the prepared statement");
  } else {
    return Malformed("PREPARE, EXECUTE or DEALLOCATE PREPARE was expected");
  }
  return parsed;
}

Result<void> CheckPreparable(std::string_view sql) {
  TRY_ASSIGN(Statement statement, Classify(sql));
  bool preparable = statement.kind == StatementKind::kSelect || statement.kind == StatementKind::kInsert ||
                    statement.kind == StatementKind::kCreateTableAs || statement.first.starts_with("UNLOAD");
  if (preparable) return {};
  return FailAs(ErrorCode::kInvalidArgument, "InvalidRequestException",
                fmt::format("{} cannot be prepared: SELECT, INSERT, CREATE TABLE AS and UNLOAD can", statement.first));
}

}  // namespace hanse::query
