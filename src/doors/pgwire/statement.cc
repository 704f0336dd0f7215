#include "doors/pgwire/statement.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "query/tokens.h"

namespace hanse::pgwire {
namespace {

using query::Token;
using query::TokenKind;

constexpr std::size_t kTokensMax = 1 << 20;

std::vector<Token> TokensOf(std::string_view sql) { return query::Tokens(sql, query::Quotes::kTrino, kTokensMax); }

bool IsWord(const Token& token, std::string_view word) {
  return (token.kind == TokenKind::kWord || token.kind == TokenKind::kSymbol) && EqualsIgnoreCase(token.text, word);
}

bool IsName(const Token& token, std::string_view name) {
  return token.kind == TokenKind::kDoubleQuoted ? token.text == name : IsWord(token, name);
}

// n of "$n"; 0 where it is none.
std::size_t ParameterOf(const Token& token) {
  std::size_t n = 0;
  if (token.kind != TokenKind::kWord || token.text.size() < 2 || token.text[0] != '$') return 0;
  const char* last = token.text.data() + token.text.size();
  auto [end, error] = std::from_chars(token.text.data() + 1, last, n);
  return error == std::errc() && end == last && n <= 65535 ? n : 0;
}

// Functions that only PostgreSQL has and that clients call without a table.
bool IsSessionFunction(std::string_view name) {
  static constexpr std::array<std::string_view, 20> kNames = {"version",
                                                              "current_schema",
                                                              "current_schemas",
                                                              "current_database",
                                                              "current_setting",
                                                              "set_config",
                                                              "quote_ident",
                                                              "format_type",
                                                              "has_table_privilege",
                                                              "has_schema_privilege",
                                                              "has_database_privilege",
                                                              "txid_current",
                                                              "inet_server_addr",
                                                              "inet_server_port",
                                                              "inet_client_addr",
                                                              "inet_client_port",
                                                              "to_regclass",
                                                              "to_regtype",
                                                              "obj_description",
                                                              "col_description"};
  const std::string lower = Lower(name);
  return Contains(kNames, lower) || lower.starts_with("pg_");
}

bool IsSessionWord(std::string_view word) {
  static constexpr std::array<std::string_view, 5> kWords = {"current_catalog", "current_schema", "session_user", "current_role",
                                                             "user"};
  return Contains(kWords, Lower(word));
}

bool AsksTheCatalog(const std::vector<Token>& tokens) {
  bool from = false, session = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::kSingleQuoted) continue;
    const bool dot = i + 1 < tokens.size() && IsWord(tokens[i + 1], ".");
    const bool called = i + 1 < tokens.size() && IsWord(tokens[i + 1], "(");
    const bool after_dot = i > 0 && IsWord(tokens[i - 1], ".");
    if (!after_dot && dot && (IsName(token, "pg_catalog") || IsName(token, "information_schema"))) return true;
    const bool relation = i > 0 && (IsWord(tokens[i - 1], "FROM") || IsWord(tokens[i - 1], "JOIN"));
    if (relation && Lower(token.text).starts_with("pg_") && !dot) return true;
    from = from || IsWord(token, "FROM");
    if (token.kind != TokenKind::kWord || after_dot) continue;
    session = session || (called ? IsSessionFunction(token.text) : IsSessionWord(token.text));
  }
  return session && !from;
}

Road RoadOf(const std::vector<Token>& tokens) {
  static const std::map<std::string, Road> kRoads = {{"BEGIN", Road::kBegin},
                                                     {"START", Road::kBegin},
                                                     {"COMMIT", Road::kCommit},
                                                     {"END", Road::kCommit},
                                                     {"ROLLBACK", Road::kRollback},
                                                     {"ABORT", Road::kRollback},
                                                     {"SAVEPOINT", Road::kSavepoint},
                                                     {"RELEASE", Road::kSavepoint},
                                                     {"SET", Road::kSet},
                                                     {"RESET", Road::kReset},
                                                     {"SHOW", Road::kShow},
                                                     {"DISCARD", Road::kDiscard},
                                                     {"LISTEN", Road::kNothing},
                                                     {"UNLISTEN", Road::kNothing},
                                                     {"DECLARE", Road::kDeclare},
                                                     {"FETCH", Road::kFetch},
                                                     {"MOVE", Road::kFetch},
                                                     {"CLOSE", Road::kCloseCursor},
                                                     {"COPY", Road::kCopy},
                                                     {"DEALLOCATE", Road::kDeallocate},
                                                     {"EXPLAIN", Road::kExplain},
                                                     {"SELECT", Road::kQuery},
                                                     {"WITH", Road::kQuery},
                                                     {"VALUES", Road::kQuery},
                                                     {"TABLE", Road::kQuery},
                                                     {"(", Road::kQuery}};
  std::string first = tokens.front().text;
  for (char& c : first) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  auto found = kRoads.find(first);
  if (found == kRoads.end()) return Road::kOther;
  // ROLLBACK TO SAVEPOINT leaves the transaction open.
  if (found->second == Road::kRollback && tokens.size() > 1 &&
      std::ranges::any_of(tokens, [](const Token& t) { return IsWord(t, "TO"); })) {
    return Road::kSavepoint;
  }
  return found->second == Road::kQuery && AsksTheCatalog(tokens) ? Road::kCatalog : found->second;
}

struct Change {
  std::size_t at, end;
  std::string with;
};

std::string Changed(std::string_view sql, const std::vector<Change>& changes) {
  std::string out;
  std::size_t at = 0;
  for (const Change& change : changes) {
    out += sql.substr(at, change.at - at);
    out += change.with;
    at = change.end;
  }
  return out += sql.substr(at);
}

// What PostgreSQL alone spells so, from token `i` on; how many tokens it took.
class CatalogRespelling {
 public:
  explicit CatalogRespelling(std::string_view sql) : sql_(sql), tokens_(TokensOf(sql)) {}

  std::string Respelt() {
    for (std::size_t i = 0; i < tokens_.size();) i += Step(i);
    return Changed(sql_, changes_);
  }

 private:
  bool At(std::size_t i, std::string_view name) const { return i < tokens_.size() && IsName(tokens_[i], name); }
  void Replace(std::size_t first, std::size_t count, std::string with) {
    changes_.push_back({tokens_[first].at, tokens_[first + count - 1].end, std::move(with)});
  }

  std::size_t Step(std::size_t i) {
    // OPERATOR(pg_catalog.~)
    if (At(i, "operator") && At(i + 1, "(") && At(i + 2, "pg_catalog") && At(i + 3, ".")) {
      std::size_t end = i + 4;
      while (end < tokens_.size() && !At(end, ")")) ++end;
      if (end == tokens_.size() || end == i + 4) return 1;
      Replace(i, end - i + 1, " " + std::string(sql_.substr(tokens_[i + 4].at, tokens_[end - 1].end - tokens_[i + 4].at)) + " ");
      return end - i + 1;
    }
    if (At(i, "collate")) {
      const std::size_t count = At(i + 1, "pg_catalog") && At(i + 2, ".") ? 4 : 2;
      if (i + count > tokens_.size()) return 1;
      Replace(i, count, "");
      return count;
    }
    if (At(i, "pg_catalog") && At(i + 1, ".")) {
      Replace(i, 2, "");
      return 2;
    }
    if (At(i, "information_schema") && At(i + 1, ".")) {
      Replace(i, 1, "hanse_information_schema");
      return 2;
    }
    return 1;
  }

  std::string_view sql_;
  std::vector<Token> tokens_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<std::string> SplitStatements(std::string_view sql) {
  std::vector<std::string> statements;
  std::size_t begin = 0, end = 0;  // Of the statement under way; the same where it has no word yet.
  for (const Token& token : TokensOf(sql)) {
    if (!IsWord(token, ";")) {
      end = token.end;
      continue;
    }
    if (end > begin) statements.emplace_back(sql.substr(begin, end - begin));
    begin = end = token.end;
  }
  if (end > begin) statements.emplace_back(sql.substr(begin, end - begin));
  return statements;
}

Statement ClassifyStatement(std::string sql) {
  Statement statement{.sql = std::move(sql)};
  const std::vector<Token> tokens = TokensOf(statement.sql);
  if (tokens.empty()) return statement;
  statement.first = tokens.front().text;
  for (char& c : statement.first) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  statement.road = RoadOf(tokens);
  for (const Token& token : tokens) statement.parameters = std::max(statement.parameters, ParameterOf(token));
  return statement;
}

Result<std::string> WithLiterals(const Statement& statement, const std::vector<std::string>& literals) {
  std::vector<Change> changes;
  for (const Token& token : TokensOf(statement.sql)) {
    const std::size_t n = ParameterOf(token);
    if (n == 0) continue;
    if (n > literals.size()) return Fail(ErrorCode::kInvalidArgument, fmt::format("there is no parameter ${}", n));
    changes.push_back({token.at, token.end, " " + literals[n - 1] + " "});
  }
  return Changed(statement.sql, changes);
}

std::string CatalogSql(std::string_view sql) { return CatalogRespelling(sql).Respelt(); }

Result<Cursor> ReadCursor(std::string_view sql) {
  query::TokenReader reader(TokensOf(sql));
  Cursor cursor;
  if (reader.Take("DECLARE")) {
    TRY_ASSIGN(cursor.name, reader.Name("a cursor's name"));
    while (reader.TakeAny({"BINARY", "INSENSITIVE", "ASENSITIVE", "NO", "SCROLL"})) continue;
    TRY(reader.Expect("CURSOR"));
    cursor.holds = reader.TakeAll({"WITH", "HOLD"});
    (void)reader.TakeAll({"WITHOUT", "HOLD"});
    TRY(reader.Expect("FOR"));
    cursor.query = sql.substr(reader.offset());
    return cursor;
  }
  if (reader.Take("CLOSE")) {
    if (reader.Take("ALL")) return cursor;
    TRY_ASSIGN(cursor.name, reader.Name("a cursor's name"));
    return cursor;
  }
  if (!reader.TakeAny({"FETCH", "MOVE"})) return Fail(ErrorCode::kInvalidArgument, "syntax error");
  if (reader.TakeAny({"PRIOR", "FIRST", "LAST", "ABSOLUTE", "RELATIVE", "BACKWARD", "-"})) {
    return FailAs(ErrorCode::kUnsupported, "0A000", "cursors go forward alone");
  }
  (void)reader.TakeAny({"NEXT", "FORWARD"});
  const std::string count = reader.Here();
  if (reader.Take("ALL")) {
    cursor.rows = 0;
  } else if (!count.empty() && std::isdigit(static_cast<unsigned char>(count[0]))) {
    if (std::from_chars(count.data(), count.data() + count.size(), cursor.rows).ec != std::errc() || cursor.rows == 0) {
      return FailAs(ErrorCode::kUnsupported, "0A000", "cursors go forward alone");
    }
    (void)reader.Take(count);
  }
  (void)reader.TakeAny({"FROM", "IN"});
  TRY_ASSIGN(cursor.name, reader.Name("a cursor's name"));
  return cursor;
}

Result<Setting> ReadSetting(std::string_view sql) {
  query::TokenReader reader(TokensOf(sql));
  const bool set = reader.Take("SET");
  if (!set && !reader.TakeAny({"RESET", "SHOW"})) return Fail(ErrorCode::kInvalidArgument, "syntax error");
  if (set && reader.TakeAll({"SESSION", "CHARACTERISTICS"})) return Setting{"transaction"};
  const bool session = reader.Take("SESSION");
  if (!session && set) (void)reader.Take("LOCAL");
  if (reader.Take("AUTHORIZATION") || reader.Take("ROLE")) {
    const bool own = !set || reader.TakeAny({"DEFAULT", "NONE"});
    if (own) return Setting{"transaction"};
    return Fail(ErrorCode::kAccessDenied, "a session is its key's: assume the role and connect with its credentials");
  }
  if (reader.Take("TRANSACTION")) {
    return set ? Setting{"transaction"} : Setting{"transaction_isolation"};
  }
  if (!set && reader.Take("ALL")) return Setting{};
  Setting setting;
  if (reader.TakeAll({"TIME", "ZONE"})) {
    setting.name = "timezone";
  } else {
    setting.name = reader.TakeName();
    while (reader.Take(".")) setting.name += "." + reader.TakeName();
    if (set && !reader.TakeAny({"TO", "="}))
      return Fail(ErrorCode::kInvalidArgument, fmt::format("syntax error near {}", reader.Here()));
  }
  if (setting.name.empty()) return Fail(ErrorCode::kInvalidArgument, "syntax error: the setting has no name");
  if (!set) return setting;
  if (reader.Take("DEFAULT")) setting.defaulted = true;
  while (!reader.done()) {
    std::string here = reader.Here();
    if (reader.AtText()) {
      TRY_ASSIGN(here, reader.Text("a value"));
    } else if (!reader.Take(here)) {
      here = reader.TakeName();
    }
    setting.value += here;
  }
  return setting;
}

}  // namespace hanse::pgwire
