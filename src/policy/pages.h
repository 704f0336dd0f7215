#pragma once
#include <array>
#include <cassert>
#include <cstdint>
#include <memory>
#include <vector>

namespace hanse::policy {

// Makes `*shared` the only owner of its value, copied where others have it too; makes one where there is none.
template <class T>
T& Owned(std::shared_ptr<T>* shared) {
  if (!*shared) {
    *shared = std::make_shared<T>();
    return **shared;
  }
  // Counted up, not only looked at: whoever let go of it last has done so before we change it.
  const std::shared_ptr<T> counted = *shared;
  if (counted.use_count() > 2) *shared = std::make_shared<T>(*counted);
  return **shared;
}

// A sparse array by number whose copies share what neither has changed since, so that a copy costs next to nothing. Any thread may
// read a copy that nobody edits.
template <class T>
class Pages {
 public:
  static constexpr std::uint64_t kMaxNumber = std::uint64_t{1} << 36;

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
    return Owned(&Owned(&branches_[branch]).leaves[at >> 8 & 0xff]).values[at & 0xff];
  }

 private:
  struct Leaf {
    std::array<T, 256> values{};
  };
  struct Branch {
    std::array<std::shared_ptr<Leaf>, 256> leaves;
  };
  std::vector<std::shared_ptr<Branch>> branches_;
};

}  // namespace hanse::policy
