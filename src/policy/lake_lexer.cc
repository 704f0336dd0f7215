#include "policy/lake_lexer.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::policy {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool StartsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool InWord(char c) { return StartsWord(c) || IsDigit(c); }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<Token> Next() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
    Token token{TokenKind::kEnd, {}, at_};
    if (at_ == text_.size()) return token;
    char c = text_[at_];
    if (c == '\'' || c == '"') return Quoted(c);
    if (StartsWord(c)) {
      while (at_ < text_.size() && InWord(text_[at_])) ++at_;
      return Token{TokenKind::kWord, Lower(text_.substr(token.at, at_ - token.at)), token.at};
    }
    if (IsDigit(c) || ((c == '-' || c == '+') && IsDigit(Peek(1)))) return Number();
    for (std::string_view symbol : {"<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "."}) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      return Token{TokenKind::kSymbol, std::string(symbol), token.at};
    }
    return Wrong("unexpected character");
  }

 private:
  char Peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  std::unexpected<Error> Wrong(std::string_view what) const {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("Invalid row filter expression: {} at position {}", what, at_));
  }

  Result<Token> Quoted(char quote) {
    Token token{quote == '"' ? TokenKind::kQuoted : TokenKind::kString, {}, at_++};
    while (true) {
      if (at_ == text_.size()) return Wrong("a quote is not closed");
      char c = text_[at_++];
      if (c == '\0') return Wrong("unexpected character");
      if (c != quote) {
        token.text += c;
      } else if (Peek(0) == quote) {
        token.text += c;
        ++at_;
      } else {
        break;
      }
    }
    if (quote == '"' && token.text.empty()) return Wrong("an identifier is empty");
    return token;
  }

  // [+-] digits [. digits] [e [+-] digits]
  Result<Token> Number() {
    std::size_t start = at_++;
    SkipDigits();
    if (Peek(0) == '.' && IsDigit(Peek(1))) {
      ++at_;
      SkipDigits();
    }
    if (Peek(0) == 'e' || Peek(0) == 'E') {
      std::size_t sign = Peek(1) == '-' || Peek(1) == '+' ? 2 : 1;
      if (!IsDigit(Peek(sign))) return Wrong("a number is not complete");
      at_ += sign;
      SkipDigits();
    }
    if (at_ < text_.size() && (InWord(text_[at_]) || text_[at_] == '.')) return Wrong("a number is not complete");
    std::size_t from = text_[start] == '+' ? start + 1 : start;
    return Token{TokenKind::kNumber, std::string(text_.substr(from, at_ - from)), start};
  }

  void SkipDigits() {
    while (IsDigit(Peek(0))) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<Token>> Tokens(std::string_view text) {
  Lexer lexer(text);
  std::vector<Token> tokens;
  do {
    TRY_ASSIGN(Token token, lexer.Next());
    tokens.push_back(std::move(token));
  } while (tokens.back().kind != TokenKind::kEnd);
  return tokens;
}

}  // namespace hanse::policy
