#include "query/tokens.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::query {
namespace {

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }

// Past a comment or white space; 0 where there is neither.
std::size_t Skipped(std::string_view sql) {
  if (sql.starts_with("--")) return std::min(sql.find('\n'), sql.size() - 1) + 1;
  if (sql.starts_with("/*")) {
    std::size_t end = sql.find("*/", 2);
    return end == std::string_view::npos ? sql.size() : end + 2;
  }
  return std::isspace(static_cast<unsigned char>(sql.front())) != 0 ? 1 : 0;
}

char Escaped(char c) {
  switch (c) {
    case 't': return '\t';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'b': return '\b';
    case '0': return '\0';
    default: return c;
  }
}

// "\u0001", and the octal "\001": how Hive writes a delimiter. The bytes that it takes, 0 where it is neither.
std::size_t Numbered(std::string_view escape, std::string* text) {
  bool unicode = escape.starts_with("\\u");
  std::size_t begin = unicode ? 2 : 1, digits = unicode ? 4 : 3;
  if (escape.size() < begin + digits) return 0;
  unsigned value = 0, base = unicode ? 16 : 8;
  for (char c : escape.substr(begin, digits)) {
    unsigned digit = std::isdigit(static_cast<unsigned char>(c)) != 0 ? static_cast<unsigned>(c - '0')
                     : std::isxdigit(static_cast<unsigned char>(c)) != 0
                         ? static_cast<unsigned>(std::tolower(static_cast<unsigned char>(c)) - 'a' + 10)
                         : base;
    if (digit >= base) return 0;
    value = value * base + digit;
  }
  if (value > 127) return 0;
  *text += static_cast<char>(value);
  return begin + digits;
}

// What stands in quotes, which begin at `at`; the place behind them.
std::size_t ReadQuoted(std::string_view sql, std::size_t at, Quotes quotes, std::string* text) {
  const char quote = sql[at++];
  while (at < sql.size()) {
    if (quotes == Quotes::kHive && quote != '`' && sql[at] == '\\' && at + 1 < sql.size()) {
      if (std::size_t taken = Numbered(sql.substr(at), text); taken > 0) {
        at += taken;
        continue;
      }
      *text += Escaped(sql[at + 1]);
      at += 2;
      continue;
    }
    if (sql[at] == quote) {
      if (at + 1 >= sql.size() || sql[at + 1] != quote) return at + 1;
      ++at;
    }
    *text += sql[at++];
  }
  return at;
}

TokenKind KindOfQuote(char quote) {
  if (quote == '`') return TokenKind::kBackquoted;
  return quote == '"' ? TokenKind::kDoubleQuoted : TokenKind::kSingleQuoted;
}

}  // namespace

std::vector<Token> Tokens(std::string_view sql, Quotes quotes, std::size_t tokens_max) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < sql.size() && tokens.size() < tokens_max) {
    if (std::size_t skipped = Skipped(sql.substr(at)); skipped > 0) {
      at += skipped;
      continue;
    }
    Token token{.at = at, .end = at + 1};
    if (IsWord(sql[at])) {
      token.kind = TokenKind::kWord;
      while (token.end < sql.size() && IsWord(sql[token.end])) ++token.end;
      token.text = sql.substr(at, token.end - at);
    } else if (sql[at] == '"' || sql[at] == '`' || sql[at] == '\'') {
      token.kind = KindOfQuote(sql[at]);
      token.end = ReadQuoted(sql, at, quotes, &token.text);
    } else {
      token.text = sql.substr(at, 1);
    }
    at = token.end;
    tokens.push_back(std::move(token));
  }
  if (!tokens.empty() && tokens.back().kind == TokenKind::kSymbol && tokens.back().text == ";") tokens.pop_back();
  return tokens;
}

std::unexpected<Error> Mismatched(const std::string& what) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidRequestException", fmt::format("mismatched input: {}", what));
}

bool TokenReader::Is(std::size_t at, std::string_view word) const {
  if (at >= tokens_.size()) return false;
  const Token& token = tokens_[at];
  return (token.kind == TokenKind::kWord || token.kind == TokenKind::kSymbol) && EqualsIgnoreCase(token.text, word);
}

bool TokenReader::Take(std::string_view word) {
  if (!Is(at_, word)) return false;
  ++at_;
  return true;
}

bool TokenReader::TakeAll(std::initializer_list<std::string_view> words) {
  std::size_t at = at_;
  for (std::string_view word : words) {
    if (!Is(at++, word)) return false;
  }
  at_ = at;
  return true;
}

bool TokenReader::TakeAny(std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return Take(word); });
}

Result<void> TokenReader::Expect(std::string_view word) {
  if (!Take(word)) return Mismatched(fmt::format("{} stands where {} is expected", Here(), word));
  return {};
}

std::string TokenReader::TakeName() {
  if (done()) return {};
  TokenKind kind = tokens_[at_].kind;
  if (kind == TokenKind::kSymbol || kind == TokenKind::kSingleQuoted) return {};
  return Lower(tokens_[at_++].text);
}

Result<std::string> TokenReader::Name(std::string_view what) {
  std::string name = TakeName();
  if (name.empty()) return Mismatched(fmt::format("{} stands where {} is expected", Here(), what));
  return name;
}

bool TokenReader::AtText() const {
  return !done() && (tokens_[at_].kind == TokenKind::kSingleQuoted || tokens_[at_].kind == TokenKind::kDoubleQuoted);
}

Result<std::string> TokenReader::Text(std::string_view what) {
  if (!AtText()) return Mismatched(fmt::format("{} stands where {} in quotes is expected", Here(), what));
  return tokens_[at_++].text;
}

Result<void> TokenReader::ExpectEnd() const {
  if (!done()) return Mismatched(fmt::format("{} stands where the statement should end", Here()));
  return {};
}

std::size_t TokenReader::offset() const { return done() ? end() : tokens_[at_].at; }

bool TokenReader::Holds(std::string_view word) const {
  return std::any_of(tokens_.begin(), tokens_.end(),
                     [&](const Token& t) { return t.kind == TokenKind::kWord && EqualsIgnoreCase(t.text, word); });
}

std::string TokenReader::First() const {
  std::string words;
  for (std::size_t i = 0; i < std::min<std::size_t>(2, tokens_.size()); ++i) words += (i == 0 ? "" : " ") + tokens_[i].text;
  std::ranges::transform(words, words.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return words;
}

}  // namespace hanse::query
