#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "objects/version.h"
#include "store/store.h"

namespace hanse::objects {

inline constexpr std::int32_t kPageMax = 1000;

// What a listing asks for. Keys come in the order of their bytes; those that hold the delimiter after the prefix are told once, as
// the group up to the delimiter's end.
struct ListingQuestion {
  std::string prefix, delimiter;
  std::string after;  // Only keys and groups after this one: a key (then after it) or a group (then after all its keys).
  Id below = 0;       // Versions: of the key `after`, those older than this id come first.
  std::int32_t limit = kPageMax;
};

struct Listing {
  struct Entry {
    std::string group;  // A common prefix; else `version` is told.
    Version version;
    bool latest = false;  // Versions: the newest of its key.
  };
  std::vector<Entry> entries;  // Keys and groups, in order.
  bool truncated = false;
};

enum class ListingOf { kVisible, kAllVersions };
Result<Listing> ListKeys(store::Transaction& tx, Id bucket, ListingOf what, const ListingQuestion& question);

}  // namespace hanse::objects
