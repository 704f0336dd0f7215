#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"

namespace hanse::catalog {

// Page tokens: sealed by the server, good for the same list of the same caller only; lists elsewhere were a way in. Any thread.
class Pages {
 public:
  Pages(const crypto::Key& key, Random& random) : key_(key.Derive("catalog pages")), random_(random) {}
  // `list`: what is listed ("GetTables/111111111111/us-east-1/sales"). `cursor`: where the next page begins.
  std::string Next(std::string_view list, std::string_view cursor) const;
  // The cursor, "" for the first page. kInvalidArgument for what was not sealed for this list.
  Result<std::string> Cursor(std::string_view list, const std::optional<std::string>& token) const;

 private:
  crypto::Key key_;
  Random& random_;
};

// How many a page holds: what was asked for, within 1..most.
std::size_t PageSize(const std::optional<std::int32_t>& asked, std::size_t most);

// Rows that are looked at for one page, where most of them are not the caller's to see: then a page is short, with a token.
inline constexpr std::size_t kScannedMax = 5'000;

}  // namespace hanse::catalog
