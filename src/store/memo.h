#pragma once
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/store.h"

namespace hanse::store {

// What was worked out from a transaction's answers, by a key, for as long as the store would give the same answers again. At most
// `count_max` values; all go when there are more. Any thread.
template <class T>
class Memo {
 public:
  explicit Memo(std::size_t count_max) : count_max_(count_max) {}

  // Nothing where the store has changed since, or cannot tell.
  std::shared_ptr<const T> Find(const Store& store, std::string_view key) const {
    const Known known = At(key);
    return known.value && store.Holds(*known.basis) ? known.value : nullptr;
  }
  // What the transaction itself would work out; nothing where its answers would be others, or it cannot tell.
  std::shared_ptr<const T> Find(Transaction& tx, std::string_view key) const {
    const Known known = At(key);
    return known.value && tx.Shares(*known.basis) ? known.value : nullptr;
  }

  // `basis` is that of the transaction that gave all answers; without a moment it is not kept.
  std::shared_ptr<const T> Keep(std::string_view key, T value, Basis basis) {
    Known known{std::make_shared<const T>(std::move(value)), std::make_shared<const Basis>(std::move(basis))};
    if (known.basis->moment == 0) return known.value;
    const std::lock_guard lock(mutex_);
    if (known_.size() >= count_max_) known_.clear();
    known_.insert_or_assign(std::string(key), known);
    return known.value;
  }

 private:
  struct Known {
    std::shared_ptr<const T> value;
    std::shared_ptr<const Basis> basis;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  Known At(std::string_view key) const {
    const std::lock_guard lock(mutex_);
    auto found = known_.find(key);
    return found == known_.end() ? Known() : found->second;
  }

  const std::size_t count_max_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Known, Hash, std::equal_to<>> known_;
};

}  // namespace hanse::store
