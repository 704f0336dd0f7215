#pragma once
#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/operation.h"

namespace hanse::query {

template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next_token;
};

// A token is the number of items that went before: the caller's own list again, so that a forged one shows nothing new.
inline Result<std::int64_t> Offset(const std::optional<std::string>& token) {
  std::int64_t offset = 0;
  if (!token) return offset;
  auto [end, error] = std::from_chars(token->data(), token->data() + token->size(), offset);
  if (error != std::errc() || end != token->data() + token->size() || offset < 0)
    return Invalid("NextToken is none of this operation's.");
  return offset;
}

template <class T>
Result<Page<T>> PageOf(const std::vector<T>& all, const std::optional<std::string>& token, std::int64_t size) {
  TRY_ASSIGN(std::int64_t offset, Offset(token));
  auto count = static_cast<std::int64_t>(all.size());
  auto begin = std::min(offset, count), end = std::min(begin + size, count);
  Page<T> page{{all.begin() + begin, all.begin() + end}, {}};
  if (end < count) page.next_token = std::to_string(end);
  return page;
}

}  // namespace hanse::query
