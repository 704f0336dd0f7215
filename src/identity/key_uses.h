#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace hanse::identity {

// When and where access keys were last used (GetAccessKeyLastUsed). In memory: the journal is what holds every use. At most
// kMaxKept keys, the oldest uses go first. Any thread.
class KeyUses {
 public:
  static constexpr std::size_t kMaxKept = 100'000;
  struct Use {
    TimeMs at_ms = 0;
    std::string service, region;
  };
  void Note(std::string_view access_key, Use use);
  std::optional<Use> Last(std::string_view access_key) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Use, std::less<>> uses_;
};

}  // namespace hanse::identity
