#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "policy/pages.h"

namespace hanse::policy {

// Values in order, each once, whose copies share what neither has changed since. Any thread may read a copy that nobody edits.
template <class T, class Less = std::less<>>
class Chunks {
 public:
  bool empty() const { return chunks_.empty(); }
  std::size_t size() const { return size_; }

  void Insert(T value) {
    if (chunks_.empty()) {
      chunks_.push_back(std::make_shared<Chunk>(1, std::move(value)));
      size_ = 1;
      return;
    }
    const std::size_t at = ChunkOf(value);
    const Chunk& there = *chunks_[at];
    auto place = std::lower_bound(there.begin(), there.end(), value, Less());
    if (place != there.end() && !Less()(value, *place)) return;
    const auto offset = place - there.begin();
    ++size_;
    if (there.size() < kChunkMax) {
      Chunk& chunk = Owned(&chunks_[at]);
      chunk.insert(chunk.begin() + offset, std::move(value));
      return;
    }
    // In order, as they are loaded, chunks stay full.
    const bool last = at + 1 == chunks_.size() && place == there.end();
    auto upper = std::make_shared<Chunk>();
    upper->reserve(kChunkMax);
    if (!last) {
      Chunk& lower = Owned(&chunks_[at]);
      upper->assign(lower.begin() + kChunkMax / 2, lower.end());
      lower.resize(kChunkMax / 2);
    }
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(at) + 1, upper);
    --size_;
    if (last) {
      upper->push_back(std::move(value));
      ++size_;
    } else {
      Insert(std::move(value));
    }
  }

  template <class Key>
  void Erase(const Key& key) {
    if (chunks_.empty()) return;
    const std::size_t at = ChunkOf(key);
    const Chunk& there = *chunks_[at];
    auto place = std::lower_bound(there.begin(), there.end(), key, Less());
    if (place == there.end() || Less()(key, *place)) return;
    const auto offset = place - there.begin();
    --size_;
    if (there.size() == 1) {
      chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    }
    Chunk& chunk = Owned(&chunks_[at]);
    chunk.erase(chunk.begin() + offset);
  }

  // Those after `key`, in order, while `visit` answers true.
  template <class Key, class Visit>
  void After(const Key& key, Visit visit) const {
    if (chunks_.empty()) return;
    std::size_t at = ChunkOf(key);
    auto place = std::upper_bound(chunks_[at]->begin(), chunks_[at]->end(), key, Less());
    for (auto from = place - chunks_[at]->begin(); at < chunks_.size(); ++at, from = 0) {
      for (auto one = chunks_[at]->begin() + from; one != chunks_[at]->end(); ++one) {
        if (!visit(*one)) return;
      }
    }
  }

  template <class Visit>
  void Each(Visit visit) const {
    for (const auto& chunk : chunks_) {
      for (const T& one : *chunk) visit(one);
    }
  }

  void AppendTo(std::vector<T>* all) const {
    for (const auto& chunk : chunks_) all->insert(all->end(), chunk->begin(), chunk->end());
  }

 private:
  using Chunk = std::vector<T>;
  static constexpr std::size_t kChunkMax = 256;

  // The last one that begins at or before `key`; the first where none does.
  template <class Key>
  std::size_t ChunkOf(const Key& key) const {
    auto after = std::upper_bound(chunks_.begin(), chunks_.end(), key,
                                  [](const Key& one, const std::shared_ptr<Chunk>& chunk) { return Less()(one, chunk->front()); });
    return after == chunks_.begin() ? 0 : static_cast<std::size_t>(after - chunks_.begin()) - 1;
  }

  std::vector<std::shared_ptr<Chunk>> chunks_;  // None is empty.
  std::size_t size_ = 0;
};

}  // namespace hanse::policy
