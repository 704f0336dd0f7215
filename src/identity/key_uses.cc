#include "identity/key_uses.h"

#include <algorithm>

namespace hanse::identity {

void KeyUses::Note(std::string_view access_key, Use use) {
  std::lock_guard lock(mutex_);
  if (auto found = uses_.find(access_key); found != uses_.end()) {
    found->second = std::move(use);
    return;
  }
  if (uses_.size() >= kMaxKept) {
    uses_.erase(std::ranges::min_element(uses_, {}, [](const auto& one) { return one.second.at_ms; }));
  }
  uses_.emplace(access_key, std::move(use));
}

std::optional<KeyUses::Use> KeyUses::Last(std::string_view access_key) const {
  std::lock_guard lock(mutex_);
  auto found = uses_.find(access_key);
  if (found == uses_.end()) return std::nullopt;
  return found->second;
}

}  // namespace hanse::identity
