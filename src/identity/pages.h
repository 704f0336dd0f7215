#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"

namespace hanse::identity {

inline constexpr std::int64_t kPageDefault = 100, kPageMax = 1000;

// One page of a list that is walked in the order of its keys. A marker is sealed for one list of one account: nobody can forge one,
// or use it on another list.
class Pages {
 public:
  Pages(crypto::Key key, Random& random) : key_(key.Derive("identity/pages")), random_(random) {}

  struct Page {
    std::string purpose;
    std::string after;  // The key to go on after; "" at the start.
    std::int64_t limit = kPageDefault;
  };
  // `list` names the list and all that narrows it ("ListRoles/123456789012//team/"). ValidationError for a forged marker.
  Result<Page> Begin(std::string list, const std::optional<std::string>& marker,
                     const std::optional<std::int32_t>& max_items) const;

  // Cuts `rows` (read with a limit of page.limit + 1) to the page and fills is_truncated and marker of the answer.
  template <class Row, class KeyOf, class Answer>
  void End(const Page& page, std::vector<Row>* rows, KeyOf key_of, Answer* answer) const {
    answer->is_truncated = rows->size() > static_cast<std::size_t>(page.limit);
    if (!*answer->is_truncated) return;
    rows->erase(rows->begin() + page.limit, rows->end());
    answer->marker = Seal(page, key_of(rows->back()));
  }

 private:
  std::string Seal(const Page& page, std::string_view key) const;

  crypto::Key key_;
  Random& random_;
};

}  // namespace hanse::identity
