#include "engine/meter.h"

#include <algorithm>

namespace hanse::engine {

bool Meter::Add(std::uint64_t object, std::uint64_t offset, std::uint64_t bytes) {
  if (bytes == 0) return !exceeded_;
  std::lock_guard lock(mutex_);
  auto& ranges = read_[object];
  std::uint64_t begin = offset, end = offset + bytes, known = 0;
  auto at = ranges.upper_bound(begin);
  if (at != ranges.begin() && std::prev(at)->second >= begin) --at;
  while (at != ranges.end() && at->first <= end) {
    std::uint64_t from = std::max(at->first, offset), to = std::min(at->second, offset + bytes);
    if (to > from) known += to - from;
    begin = std::min(begin, at->first);
    end = std::max(end, at->second);
    at = ranges.erase(at);
  }
  ranges[begin] = end;
  bytes_ += bytes - known;
  if (bytes_max_ != 0 && bytes_ > bytes_max_) exceeded_ = true;
  return !exceeded_;
}

}  // namespace hanse::engine
