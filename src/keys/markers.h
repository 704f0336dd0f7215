#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"

namespace hanse::keys {

// Pages of lists that are walked in the order of a key. A marker is sealed for one list: nobody can forge one. Any thread.
class Markers {
 public:
  Markers(const crypto::Key& key, Random& random) : key_(key.Derive("keys/markers")), random_(random) {}

  struct Page {
    std::string list, after;
    std::int64_t limit = 0;
  };
  // `list`: its name and all that narrows it. InvalidMarkerException for a forged marker.
  Result<Page> Begin(std::string list, const std::optional<std::string>& marker, const std::optional<std::int32_t>& limit,
                     std::int64_t limit_default) const;

  // Cuts rows that were read with page.limit + 1, and says in the answer whether there are more.
  template <class Row, class KeyOf, class Answer>
  void End(const Page& page, std::vector<Row>* rows, KeyOf key_of, Answer* answer) const {
    answer->truncated = rows->size() > static_cast<std::size_t>(page.limit);
    if (!*answer->truncated) return;
    rows->erase(rows->begin() + page.limit, rows->end());
    answer->next_marker = Seal(page, key_of(rows->back()));
  }

 private:
  std::string Seal(const Page& page, std::string_view key) const;

  crypto::Key key_;
  Random& random_;
};

}  // namespace hanse::keys
