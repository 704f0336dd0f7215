#include "policy/lake_filter.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "base/utf8.h"
#include "policy/lake_lexer.h"

namespace hanse::policy {
namespace {

// Words that are no column unless they are quoted (lakeformation.md, section 4.2, and SQL's own).
constexpr std::string_view kReserved[] = {"all",          "and",          "any",
                                          "as",           "asc",          "between",
                                          "by",           "case",         "cast",
                                          "current_date", "current_time", "desc",
                                          "else",         "end",          "exists",
                                          "false",        "first",        "from",
                                          "group",        "having",       "in",
                                          "is",           "last",         "like",
                                          "limit",        "missing",      "not",
                                          "null",         "or",           "order",
                                          "select",       "session_user", "then",
                                          "true",         "union",        "when",
                                          "where",        "with",         "current_timestamp",
                                          "current_user", "distinct"};
// Columns that no filter may name, quoted or not.
constexpr std::string_view kForbidden[] = {"ctid",     "oid",       "xmin",      "cmin",      "xmax",          "cmax",
                                           "tableoid", "insertxid", "deletexid", "importoid", "redcatuniqueid"};

std::string Quote(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote) out += c;
    out += c;
  }
  return out + quote;
}

class Parser {
 public:
  Parser(std::vector<Token> tokens, std::span<const std::string> columns, std::span<const std::string> keys)
      : tokens_(std::move(tokens)), columns_(columns), keys_(keys) {}

  Result<RowExpression> Whole() {
    TRY_ASSIGN(std::string sql, Or(0));
    if (Now().kind != TokenKind::kEnd) return Wrong("unexpected text");
    return RowExpression{std::move(sql), {read_.begin(), read_.end()}};
  }

 private:
  const Token& Now() const { return tokens_[at_]; }
  void Advance() {
    if (Now().kind != TokenKind::kEnd) ++at_;
  }

  std::unexpected<Error> Wrong(std::string_view what) const {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("Invalid row filter expression: {} at position {}", what, Now().at));
  }

  bool TakeWord(std::string_view word) {
    if (Now().kind != TokenKind::kWord || Now().text != word) return false;
    Advance();
    return true;
  }

  bool TakeSymbol(std::string_view symbol) {
    if (Now().kind != TokenKind::kSymbol || Now().text != symbol) return false;
    Advance();
    return true;
  }

  Result<std::string> Or(int depth) {
    if (depth > kMaxRowExpressionDepth) return Wrong("nested too deeply");
    TRY_ASSIGN(std::string sql, And(depth));
    while (TakeWord("or")) {
      TRY_ASSIGN(std::string right, And(depth));
      sql += " OR " + right;
    }
    return sql;
  }

  Result<std::string> And(int depth) {
    TRY_ASSIGN(std::string sql, Not(depth));
    while (TakeWord("and")) {
      TRY_ASSIGN(std::string right, Not(depth));
      sql += " AND " + right;
    }
    return sql;
  }

  Result<std::string> Not(int depth) {
    bool negated = TakeWord("not");
    TRY_ASSIGN(std::string sql, Primary(depth));
    return negated ? "(NOT " + sql + ")" : sql;
  }

  Result<std::string> Primary(int depth) {
    if (TakeSymbol("(")) {
      TRY_ASSIGN(std::string sql, Or(depth + 1));
      if (!TakeSymbol(")")) return Wrong("')' is missing");
      return "(" + sql + ")";
    }
    if (TakeWord("true")) return std::string("TRUE");
    return Comparison();
  }

  Result<std::string> Comparison() {
    bool key = false;
    TRY_ASSIGN(std::string column, Column(&key));
    for (std::string_view op : {"=", "<>", "!=", "<=", ">=", "<", ">"}) {
      if (!TakeSymbol(op)) continue;
      TRY_ASSIGN(std::string value, Constant());
      return fmt::format("({} {} {})", column, op == "!=" ? "<>" : op, value);
    }
    if (TakeWord("is")) {
      std::string_view negated = TakeWord("not") ? "NOT " : "";
      if (!TakeWord("null")) return Wrong("NULL is missing");
      if (key) return Wrong("IS NULL is not for partition columns");
      return fmt::format("({} IS {}NULL)", column, negated);
    }
    std::string negated = TakeWord("not") ? "NOT " : "";
    if (TakeWord("between")) {
      TRY_ASSIGN(std::string low, Constant());
      if (!TakeWord("and")) return Wrong("AND is missing");
      TRY_ASSIGN(std::string high, Constant());
      return fmt::format("({} {}BETWEEN {} AND {})", column, negated, low, high);
    }
    if (TakeWord("in")) {
      TRY_ASSIGN(std::string list, Constants());
      return fmt::format("({} {}IN ({}))", column, negated, list);
    }
    if (TakeWord("like")) {
      if (Now().kind != TokenKind::kString) return Wrong("a string is missing");
      TRY_ASSIGN(std::string pattern, Constant());
      return fmt::format("({} {}LIKE {})", column, negated, pattern);
    }
    return Wrong("a comparison is missing");
  }

  Result<std::string> Constants() {
    if (!TakeSymbol("(")) return Wrong("'(' is missing");
    TRY_ASSIGN(std::string list, Constant());
    while (TakeSymbol(",")) {
      TRY_ASSIGN(std::string next, Constant());
      list += ", " + next;
    }
    if (!TakeSymbol(")")) return Wrong("')' is missing");
    return list;
  }

  Result<std::string> Constant() {
    Token token = Now();
    Advance();
    if (token.kind == TokenKind::kNumber) return token.text;
    if (token.kind == TokenKind::kString) return Quote(token.text, '\'');
    if (token.kind == TokenKind::kWord && token.text == "true") return std::string("TRUE");
    if (token.kind == TokenKind::kWord && token.text == "false") return std::string("FALSE");
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("Invalid row filter expression: a constant is missing at position {}", token.at));
  }

  // A column, or a member of a struct in one.
  Result<std::string> Column(bool* key) {
    TRY_ASSIGN(std::string name, Identifier());
    if (Contains(kForbidden, name)) return Wrong("a reserved column name");
    *key = Contains(keys_, name);
    if (!*key && !Contains(columns_, name)) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("Invalid row filter expression: there is no column {}", Quote(name, '"')));
    }
    read_.insert(name);
    std::string sql = Quote(name, '"');
    while (TakeSymbol(".")) {
      if (*key) return Wrong("partition columns have no members");
      TRY_ASSIGN(std::string member, Identifier());
      sql += "." + Quote(member, '"');
    }
    return sql;
  }

  Result<std::string> Identifier() {
    const Token token = Now();
    bool bare = token.kind == TokenKind::kWord;
    if (!bare && token.kind != TokenKind::kQuoted) return Wrong("a column is missing");
    if (bare && Contains(kReserved, token.text)) return Wrong("a reserved word stands without quotes");
    Advance();
    return Lower(token.text);
  }

  std::vector<Token> tokens_;
  std::span<const std::string> columns_, keys_;
  std::set<std::string> read_;
  std::size_t at_ = 0;
};

}  // namespace

Result<RowExpression> ParseRowExpression(std::string_view text, std::span<const std::string> columns,
                                         std::span<const std::string> keys) {
  if (text.size() > kMaxRowExpressionChars) {
    return Fail(ErrorCode::kInvalidArgument, "Invalid row filter expression: at most 2048 characters");
  }
  if (!IsUtf8(text)) return Fail(ErrorCode::kInvalidArgument, "Invalid row filter expression: it must be UTF-8");
  TRY_ASSIGN(std::vector<Token> tokens, Tokens(text));
  return Parser(std::move(tokens), columns, keys).Whole();
}

}  // namespace hanse::policy
