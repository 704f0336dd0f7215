#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"

namespace hanse::organisation {

inline constexpr std::int64_t kPageMax = 20;

// Pages of lists that are walked in the order of a key. A token is sealed for one list: nobody can forge one. Any thread.
class NextTokens {
 public:
  NextTokens(const crypto::Key& key, Random& random) : key_(key.Derive("organisation/pages")), random_(random) {}

  struct Page {
    std::string list, after;
    std::int64_t limit = kPageMax;
  };
  // `list`: its name and all that narrows it. InvalidInputException for a forged token.
  Result<Page> Begin(std::string list, const std::optional<std::string>& token,
                     const std::optional<std::int32_t>& max_results = {}) const;

  // Cuts rows that were read with page.limit + 1; the token for the rest, if there is more.
  template <class Row, class KeyOf>
  std::optional<std::string> End(const Page& page, std::vector<Row>* rows, KeyOf key_of) const {
    if (rows->size() <= static_cast<std::size_t>(page.limit)) return std::nullopt;
    rows->erase(rows->begin() + page.limit, rows->end());
    return Seal(page, key_of(rows->back()));
  }

 private:
  std::string Seal(const Page& page, std::string_view key) const;

  crypto::Key key_;
  Random& random_;
};

}  // namespace hanse::organisation
