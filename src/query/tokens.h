#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hanse::query {

enum class TokenKind { kWord, kBackquoted, kDoubleQuoted, kSingleQuoted, kSymbol };

struct Token {
  TokenKind kind = TokenKind::kSymbol;
  std::string text;             // As it is written, without its quotes; a symbol is one character.
  std::size_t at = 0, end = 0;  // Bytes of the statement.
};

// Trino doubles a quote inside quotes; Hive, whose DDL Athena speaks, also writes a backslash before it (Athena User Guide, "DDL").
enum class Quotes { kTrino, kHive };

// The words, names, strings and symbols of a statement without comments and spaces, and without a semicolon at the end; at most
// `tokens_max`, what follows is not looked at. What is not ended ends with the text. Pure.
std::vector<Token> Tokens(std::string_view sql, Quotes quotes, std::size_t tokens_max = 4096);

std::unexpected<Error> Mismatched(const std::string& what);

// Reads tokens one after the other.
class TokenReader {
 public:
  explicit TokenReader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  // A bare word or a symbol.
  bool Take(std::string_view word);
  // All of them or none.
  bool TakeAll(std::initializer_list<std::string_view> words);
  bool TakeAny(std::initializer_list<std::string_view> words);
  Result<void> Expect(std::string_view word);

  // A name, in lower case; empty where none stands here.
  std::string TakeName();
  Result<std::string> Name(std::string_view what);
  // Text in single or double quotes.
  Result<std::string> Text(std::string_view what);
  bool AtText() const;

  bool done() const { return at_ >= tokens_.size(); }
  // The next token as it stands in the statement; nullptr at the end.
  const Token* Next() const { return done() ? nullptr : &tokens_[at_]; }
  void Skip() { ++at_; }
  Result<void> ExpectEnd() const;
  // Where the next token begins, in bytes; the end of the last one where there is none.
  std::size_t offset() const;
  // Where the last token ends.
  std::size_t end() const { return tokens_.empty() ? 0 : tokens_.back().end; }
  bool Holds(std::string_view word) const;
  // The first two words, upper case.
  std::string First() const;
  // The next token as it is written, for messages.
  std::string Here() const { return done() ? "the end" : tokens_[at_].text; }

 private:
  bool Is(std::size_t at, std::string_view word) const;

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace hanse::query
