#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hanse::policy {

enum class TokenKind { kWord, kQuoted, kString, kNumber, kSymbol, kEnd };

// One token of a row expression.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;    // kWord: lower case. kQuoted, kString: without quotes, doubled ones undone. Others: as written.
  std::size_t at = 0;  // Where it starts.
};

// The tokens of `text`, the last one kEnd. kInvalidArgument on anything that is no token of the grammar in lake_filter.h: comments,
// semicolons, parameters, operators, unclosed quotes.
Result<std::vector<Token>> Tokens(std::string_view text);

}  // namespace hanse::policy
