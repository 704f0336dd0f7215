#pragma once
#include <array>
#include <cassert>
#include <cstdint>
#include <memory>
#include <vector>

#include "policy/dense_memory.h"

namespace hanse::policy {

// Makes `*shared` the only owner of its value, copied where others have it too; makes one where there is none. In `memory`, else on
// the heap.
template <class T>
T& Owned(std::shared_ptr<T>* shared, const std::shared_ptr<DenseMemory>& memory = nullptr) {
  auto made = [&](const auto&... from) {
    return memory ? std::allocate_shared<T>(DenseAllocator<T>(memory), from...) : std::make_shared<T>(from...);
  };
  if (!*shared) {
    *shared = made();
    return **shared;
  }
  // Counted up, not only looked at: whoever let go of it last has done so before we change it.
  const std::shared_ptr<T> counted = *shared;
  if (counted.use_count() > 2) *shared = made(*counted);
  return **shared;
}

// A sparse array by number whose copies share what neither has changed since, so that a copy costs next to nothing. Any thread may
// read a copy that nobody edits.
template <class T>
class Pages {
 public:
  static constexpr std::uint64_t kMaxNumber = std::uint64_t{1} << 36;

  Pages() = default;
  explicit Pages(std::shared_ptr<DenseMemory> memory) : memory_(std::move(memory)) {}

  // Nothing where no neighbour of it was ever edited; else the value, as T() where it was not.
  const T* Find(std::uint64_t at) const {
    const std::uint64_t branch = at >> 16;
    if (branch >= branches_.size() || !branches_[branch]) return nullptr;
    const std::shared_ptr<Leaf>& leaf = branches_[branch]->leaves[at >> 8 & 0xff];
    return leaf ? &leaf->values[at & 0xff] : nullptr;
  }

  T& Edit(std::uint64_t at) {
    assert(at < kMaxNumber);
    const std::uint64_t branch = at >> 16;
    if (branch >= branches_.size()) branches_.resize(branch + 1);
    return Owned(&Owned(&branches_[branch]).leaves[at >> 8 & 0xff], memory_).values[at & 0xff];
  }

 private:
  struct Leaf {
    std::array<T, 256> values{};
  };
  struct Branch {
    std::array<std::shared_ptr<Leaf>, 256> leaves;
  };
  std::vector<std::shared_ptr<Branch>> branches_;
  std::shared_ptr<DenseMemory> memory_;  // Of leaves; empty: the heap.
};

}  // namespace hanse::policy
