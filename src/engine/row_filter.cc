#include "engine/row_filter.h"

#include <fmt/format.h>

#include <cctype>
#include <string>

#include "base/text.h"
#include "base/utf8.h"
#include "duckdb/parser/expression/list.hpp"

namespace hanse::engine {

namespace {

using duckdb::ExpressionType;
using duckdb::ParsedExpression;
using Parsed = duckdb::unique_ptr<ParsedExpression>;

constexpr std::size_t kFilterBytesMax = 256 * 1024;  // Of several filters ORed; one has at most 2,048.
constexpr int kFilterDepthMax = 200;

enum class TokenKind { kEnd, kWord, kQuoted, kText, kNumber, kSymbol };
struct FilterToken {
  TokenKind kind = TokenKind::kEnd;
  std::string text;  // Words as written; quoted names and texts without their quotes.
};

class FilterParser {
 public:
  explicit FilterParser(std::string_view text) : text_(text) {}

  Result<Parsed> Parse() {
    TRY(Advance());
    TRY_ASSIGN(Parsed expression, Or(0));
    if (token_.kind != TokenKind::kEnd) return Broken();
    return expression;
  }

 private:
  std::unexpected<Error> Broken() const {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("a row filter does not parse at character {}", at_));
  }

  Result<void> Quoted(char quote, TokenKind kind) {
    token_ = {kind, {}};
    while (at_ < text_.size()) {
      if (text_[at_] != quote) {
        token_.text += text_[at_++];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == quote) {
        token_.text += quote;
        at_ += 2;
      } else {
        ++at_;
        return {};
      }
    }
    return Broken();
  }

  Result<void> Advance() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    token_ = {};
    if (at_ >= text_.size()) return {};
    char c = text_[at_];
    if (c == '\'' || c == '"') {
      ++at_;
      return Quoted(c, c == '"' ? TokenKind::kQuoted : TokenKind::kText);
    }
    std::size_t begin = at_;
    auto take_while = [&](auto fits) {
      while (at_ < text_.size() && fits(static_cast<unsigned char>(text_[at_]))) ++at_;
      return std::string(text_.substr(begin, at_ - begin));
    };
    if (std::isdigit(static_cast<unsigned char>(c)) || c == '-' || c == '+') {
      ++at_;
      token_ = {TokenKind::kNumber, take_while([&](unsigned char x) {
                  return std::isdigit(x) || x == '.' || x == 'e' || x == 'E' ||
                         ((x == '-' || x == '+') && Lower(text_.substr(at_ - 1, 1)) == "e");
                })};
      return {};
    }
    if (std::isalpha(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80) {
      token_ = {TokenKind::kWord, take_while([](unsigned char x) { return std::isalnum(x) || x == '_' || x == '$' || x >= 0x80; })};
      return {};
    }
    std::size_t size = 1;
    for (std::string_view two : {"<>", "!=", "<=", ">="}) {
      if (text_.substr(at_, 2) == two) size = 2;
    }
    token_ = {TokenKind::kSymbol, std::string(text_.substr(at_, size))};
    at_ += size;
    return {};
  }

  bool IsWord(std::string_view word) const { return token_.kind == TokenKind::kWord && EqualsIgnoreCase(token_.text, word); }
  bool IsSymbol(std::string_view symbol) const { return token_.kind == TokenKind::kSymbol && token_.text == symbol; }
  Result<bool> TakeWord(std::string_view word) {
    if (!IsWord(word)) return false;
    TRY(Advance());
    return true;
  }
  Result<void> Expect(bool there) {
    if (!there) return Broken();
    return Advance();
  }

  static Parsed Both(ExpressionType type, Parsed a, Parsed b) {
    return duckdb::make_uniq<duckdb::ConjunctionExpression>(type, std::move(a), std::move(b));
  }
  static Parsed Not(Parsed expression) {
    return duckdb::make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_NOT, std::move(expression));
  }

  Result<Parsed> Or(int depth) {
    if (depth > kFilterDepthMax) return Broken();
    TRY_ASSIGN(Parsed left, And(depth));
    while (IsWord("or")) {
      TRY(Advance());
      TRY_ASSIGN(Parsed right, And(depth));
      left = Both(ExpressionType::CONJUNCTION_OR, std::move(left), std::move(right));
    }
    return left;
  }

  Result<Parsed> And(int depth) {
    TRY_ASSIGN(Parsed left, Primary(depth));
    while (IsWord("and")) {
      TRY(Advance());
      TRY_ASSIGN(Parsed right, Primary(depth));
      left = Both(ExpressionType::CONJUNCTION_AND, std::move(left), std::move(right));
    }
    return left;
  }

  Result<Parsed> Primary(int depth) {
    if (depth > kFilterDepthMax) return Broken();
    TRY_ASSIGN(bool negated, TakeWord("not"));
    if (negated) {
      TRY_ASSIGN(Parsed inner, Primary(depth + 1));
      return Not(std::move(inner));
    }
    if (IsSymbol("(")) {
      TRY(Advance());
      TRY_ASSIGN(Parsed inner, Or(depth + 1));
      TRY(Expect(IsSymbol(")")));
      return inner;
    }
    for (bool value : {true, false}) {
      if (!IsWord(value ? "true" : "false")) continue;
      TRY(Advance());
      return Parsed(duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value::BOOLEAN(value)));
    }
    return Comparison();
  }

  Result<Parsed> Column() {
    duckdb::vector<std::string> names;
    while (true) {
      if (token_.kind != TokenKind::kWord && token_.kind != TokenKind::kQuoted) return Broken();
      names.push_back(token_.text);
      TRY(Advance());
      if (!IsSymbol(".")) break;
      TRY(Advance());
    }
    return Parsed(duckdb::make_uniq<duckdb::ColumnRefExpression>(std::move(names)));
  }

  static Result<duckdb::Value> NumberOf(std::string text) {
    // Zeros in front, which strict casts do not take.
    const std::size_t digits = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
    while (digits + 1 < text.size() && text[digits] == '0' && std::isdigit(static_cast<unsigned char>(text[digits + 1]))) {
      text.erase(digits, 1);
    }
    duckdb::Value written(text), number;
    std::string error;
    bool whole = text.find_first_of(".eE") == std::string::npos;
    if (whole && written.DefaultTryCastAs(duckdb::LogicalType::BIGINT, number, &error, true)) return number;
    std::size_t point = text.find('.');
    if (point != std::string::npos && text.find_first_of("eE") == std::string::npos && text.size() <= 30) {
      auto scale = static_cast<std::uint8_t>(text.size() - point - 1);
      if (written.DefaultTryCastAs(duckdb::LogicalType::DECIMAL(38, scale), number, &error, true)) return number;
    }
    if (written.DefaultTryCastAs(duckdb::LogicalType::DOUBLE, number, &error, true)) return number;
    return Fail(ErrorCode::kInvalidArgument, "a row filter has a number that is none");
  }

  Result<Parsed> Constant() {
    duckdb::Value value;
    if (token_.kind == TokenKind::kText) {
      value = duckdb::Value(token_.text);
    } else if (IsWord("true") || IsWord("false")) {
      value = duckdb::Value::BOOLEAN(IsWord("true"));
    } else if (token_.kind == TokenKind::kNumber) {
      TRY_ASSIGN(value, NumberOf(token_.text));
    } else {
      return Broken();
    }
    TRY(Advance());
    return Parsed(duckdb::make_uniq<duckdb::ConstantExpression>(std::move(value)));
  }

  Result<Parsed> Comparison() {
    TRY_ASSIGN(Parsed column, Column());
    if (IsWord("is")) return NullTest(std::move(column));
    TRY_ASSIGN(bool negated, TakeWord("not"));
    TRY_ASSIGN(Parsed test, WordTest(column));
    if (test) return negated ? Not(std::move(test)) : std::move(test);
    if (negated || token_.kind != TokenKind::kSymbol) return Broken();
    static const std::map<std::string, ExpressionType> kOperators = {{"=", ExpressionType::COMPARE_EQUAL},
                                                                     {"<>", ExpressionType::COMPARE_NOTEQUAL},
                                                                     {"!=", ExpressionType::COMPARE_NOTEQUAL},
                                                                     {"<", ExpressionType::COMPARE_LESSTHAN},
                                                                     {"<=", ExpressionType::COMPARE_LESSTHANOREQUALTO},
                                                                     {">", ExpressionType::COMPARE_GREATERTHAN},
                                                                     {">=", ExpressionType::COMPARE_GREATERTHANOREQUALTO}};
    auto found = kOperators.find(token_.text);
    if (found == kOperators.end()) return Broken();
    TRY(Advance());
    TRY_ASSIGN(Parsed constant, Constant());
    return Parsed(duckdb::make_uniq<duckdb::ComparisonExpression>(found->second, std::move(column), std::move(constant)));
  }

  Result<Parsed> NullTest(Parsed column) {
    TRY(Advance());
    TRY_ASSIGN(bool negated, TakeWord("not"));
    TRY(Expect(IsWord("null")));
    auto type = negated ? ExpressionType::OPERATOR_IS_NOT_NULL : ExpressionType::OPERATOR_IS_NULL;
    return Parsed(duckdb::make_uniq<duckdb::OperatorExpression>(type, std::move(column)));
  }

  // BETWEEN, IN, LIKE; an empty pointer, and `column` still there, where it is none of them.
  Result<Parsed> WordTest(Parsed& column) {
    if (IsWord("between")) {
      TRY(Advance());
      TRY_ASSIGN(Parsed low, Constant());
      TRY(Expect(IsWord("and")));
      TRY_ASSIGN(Parsed high, Constant());
      return Parsed(duckdb::make_uniq<duckdb::BetweenExpression>(std::move(column), std::move(low), std::move(high)));
    }
    if (IsWord("in")) {
      TRY(Advance());
      TRY(Expect(IsSymbol("(")));
      auto in = duckdb::make_uniq<duckdb::OperatorExpression>(ExpressionType::COMPARE_IN, std::move(column));
      do {
        if (in->children.size() > 1) TRY(Advance());
        TRY_ASSIGN(Parsed constant, Constant());
        in->children.push_back(std::move(constant));
      } while (IsSymbol(","));
      TRY(Expect(IsSymbol(")")));
      return Parsed(std::move(in));
    }
    if (IsWord("like")) {
      TRY(Advance());
      if (token_.kind != TokenKind::kText) return Broken();
      TRY_ASSIGN(Parsed pattern, Constant());
      duckdb::vector<Parsed> arguments;
      arguments.push_back(std::move(column));
      arguments.push_back(std::move(pattern));
      return Parsed(duckdb::make_uniq<duckdb::FunctionExpression>("~~", std::move(arguments)));
    }
    return Parsed();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  FilterToken token_;
};

}  // namespace

Result<Parsed> ParseRowFilter(std::string_view text) {
  if (text.size() > kFilterBytesMax) return Fail(ErrorCode::kLimitExceeded, "a row filter is too long");
  if (!IsUtf8(text)) return Fail(ErrorCode::kInvalidArgument, "a row filter is text in UTF-8");  // DuckDB's constants would throw.
  return FilterParser(text).Parse();
}

}  // namespace hanse::engine
