#include "query/prepared_sql.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "query/statement.h"
#include "query/tokens.h"

namespace hanse::query {
namespace {

constexpr std::size_t kValuesMax = 1024;

std::unexpected<Error> Malformed(std::string_view what) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidRequestException", fmt::format("mismatched input: {}", what));
}

bool InName(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '@' || c == ':'; }

// [a-zA-Z_][a-zA-Z0-9_@:]* (Athena API Reference, StatementName): '@' and ':' are tokens of their own.
Result<std::string> TakeName(TokenReader* reader) {
  std::string name;
  const bool quoted = !reader->done() && reader->Next()->kind != TokenKind::kWord;
  std::size_t end = reader->offset();
  for (const Token* token = reader->Next(); token != nullptr && token->at == end; token = reader->Next()) {
    const bool goes_on = token->kind == TokenKind::kWord || token->text == "@" || token->text == ":";
    const bool names = token->kind == TokenKind::kDoubleQuoted || token->kind == TokenKind::kBackquoted;
    if (quoted ? !names || !name.empty() : !goes_on) break;
    name += token->text;
    end = token->end;
    reader->Skip();
  }
  if (name.empty() || !std::all_of(name.begin(), name.end(), InName) || std::isdigit(static_cast<unsigned char>(name[0])) != 0) {
    return Malformed("the name of a prepared statement is missing");
  }
  return name;
}

// Splits at the commas that stand in no brackets; what stands between two tokens becomes a blank.
Result<std::vector<std::string>> TakeValues(std::string_view sql, TokenReader* reader) {
  std::vector<std::string> values(1);
  int depth = 0;
  std::size_t end = reader->offset();
  for (const Token* token = reader->Next(); token != nullptr; token = reader->Next()) {
    if (token->kind == TokenKind::kSymbol && (token->text == "(" || token->text == "[")) ++depth;
    if (token->kind == TokenKind::kSymbol && (token->text == ")" || token->text == "]")) --depth;
    if (token->kind == TokenKind::kSymbol && token->text == "," && depth == 0) {
      values.emplace_back();
    } else {
      if (token->at != end && !values.back().empty()) values.back() += ' ';
      values.back() += sql.substr(token->at, token->end - token->at);
    }
    end = token->end;
    reader->Skip();
    if (values.size() > kValuesMax) return Malformed(fmt::format("at most {} values may stand after USING", kValuesMax));
  }
  for (const std::string& value : values) {
    if (value.empty()) return Malformed("a value is missing after USING");
  }
  return values;
}

}  // namespace

Result<PreparedSql> ParsePreparedSql(std::string_view sql) {
  TokenReader reader(Tokens(sql, Quotes::kTrino, sql.size()));
  PreparedSql parsed;
  if (reader.Take("PREPARE")) {
    TRY_ASSIGN(parsed.name, TakeName(&reader));
    if (!reader.Take("FROM")) return Malformed("PREPARE name FROM statement: FROM is missing");
    parsed.statement = sql.substr(reader.offset(), reader.end() - reader.offset());
    TRY(CheckPreparable(parsed.statement));
  } else if (reader.Take("EXECUTE")) {
    TRY_ASSIGN(parsed.name, TakeName(&reader));
    if (reader.Take("USING")) {
      TRY_ASSIGN(parsed.values, TakeValues(sql, &reader));
    } else if (!reader.done()) {
      return Malformed("EXECUTE name USING values: something else stands after the name");
    }
  } else if (reader.TakeAll({"DEALLOCATE", "PREPARE"})) {
    TRY_ASSIGN(parsed.name, TakeName(&reader));
    if (!reader.done()) return Malformed("something stands after the name of the prepared statement");
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
