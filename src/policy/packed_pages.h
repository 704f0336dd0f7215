#pragma once
#include <array>
#include <cstdint>
#include <memory>

#include "policy/dense_memory.h"
#include "policy/pages.h"

namespace hanse::policy {

// A sparse array by number, as Pages, for small values of which neighbours share a few: a group of them keeps each value once and
// half a byte for each number, so that what a million decisions read is one megabyte and not eight. A group of more values than
// that lies in plain pages. Copies share what neither has changed since; any thread may read a copy that nobody edits.
template <class T>
class PackedPages {
 public:
  static constexpr std::uint64_t kMaxNumber = Pages<T>::kMaxNumber;

  PackedPages() = default;
  explicit PackedPages(std::shared_ptr<DenseMemory> memory) : rest_(memory), memory_(std::move(memory)) {}

  // T() where it was never set.
  T Find(std::uint64_t at) const {
    const std::shared_ptr<Group>* group = groups_.Find(at / kGroup);
    if (group && *group) return (*group)->At(at % kGroup);
    const T* one = rest_.Find(at);
    return one ? *one : T();
  }

  void Set(std::uint64_t at, const T& value) {
    if (rest_.Find(at)) {
      rest_.Edit(at) = value;
      return;
    }
    std::shared_ptr<Group>& group = groups_.Edit(at / kGroup);
    if (Owned(&group, memory_).Put(at % kGroup, value)) return;
    for (std::uint64_t i = 0; i < kGroup; ++i) rest_.Edit(at / kGroup * kGroup + i) = group->At(i);
    group.reset();
    rest_.Edit(at) = value;
  }

 private:
  // Whole leaves of Pages, so that one of them there means all of the group is.
  static constexpr std::uint64_t kGroup = 512;
  static constexpr unsigned kValues = 16;

  struct alignas(64) Group {
    std::array<T, kValues> values{};
    std::array<std::uint8_t, kGroup / 2> which{};
    unsigned count = 1;  // Of values; the first is T().

    T At(std::uint64_t i) const {
      __builtin_prefetch(values.data());  // Beside the line that says which.
      return values[Which(i)];
    }
    unsigned Which(std::uint64_t i) const { return which[i / 2] >> (i % 2 * 4) & 0xf; }
    // False where there is no room for another value.
    bool Put(std::uint64_t i, const T& value) {
      unsigned at = PlaceOf(value);
      if (at == kValues) {
        DropUnused();
        at = PlaceOf(value);
      }
      if (at == kValues) return false;
      values[at] = value;
      count = at < count ? count : at + 1;
      const unsigned shift = i % 2 * 4;
      which[i / 2] = static_cast<std::uint8_t>((which[i / 2] & ~(0xf << shift)) | at << shift);
      return true;
    }
    // Where it is or would be.
    unsigned PlaceOf(const T& value) const {
      unsigned at = 0;
      while (at < count && values[at] != value) ++at;
      return at;
    }
    void DropUnused() {
      const Group before = *this;
      values = {};
      which = {};
      count = 1;
      for (std::uint64_t i = 0; i < kGroup; ++i) Put(i, before.At(i));
    }
  };

  Pages<std::shared_ptr<Group>> groups_;
  Pages<T> rest_;
  std::shared_ptr<DenseMemory> memory_;  // Of groups; empty: the heap.
};

}  // namespace hanse::policy
