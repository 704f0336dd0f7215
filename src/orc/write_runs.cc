#include "orc/write_runs.h"

#include <algorithm>
#include <bit>

#include "orc/runs.h"

namespace hanse::orc {
namespace {

constexpr std::size_t kShortestRun = 3;

// The first two bytes of a run of the second version: its kind, the code of a width, its length.
void AppendHead(unsigned kind, unsigned width_code, std::size_t count, std::string* out) {
  const std::size_t length = count - 1;
  *out += static_cast<char>((kind << 6) | (width_code << 1) | (length >> 8));
  *out += static_cast<char>(length & 0xff);
}

}  // namespace

void AppendVarint(std::uint64_t value, std::string* out) {
  for (; value > 0x7f; value >>= 7) *out += static_cast<char>((value & 0x7f) | 0x80);
  *out += static_cast<char>(value);
}

void ByteRunsOut::Flush() {
  if (pending_.empty()) return;
  const bool same = std::ranges::all_of(pending_, [&](std::uint8_t value) { return value == pending_[0]; });
  if (same && pending_.size() >= kShortestRun) {
    bytes_ += static_cast<char>(pending_.size() - kShortestRun);
    bytes_ += static_cast<char>(pending_[0]);
  } else {
    bytes_ += static_cast<char>(256 - pending_.size());
    bytes_.append(pending_.begin(), pending_.end());
  }
  pending_.clear();
}

void NumberRunsOut::Flush() {
  if (pending_.empty()) return;
  const auto at = [&](std::size_t i) { return static_cast<std::uint64_t>(pending_[i]); };
  const std::uint64_t step = pending_.size() > 1 ? at(1) - at(0) : 0;
  bool even = pending_.size() >= kShortestRun;
  for (std::size_t i = 1; i < pending_.size() && even; ++i) even = at(i) - at(i - 1) == step;
  if (even) {
    Steps(step);
  } else {
    Direct();
  }
  pending_.clear();
}

// A first number and what is added each time.
void NumberRunsOut::Steps(std::uint64_t step) {
  AppendHead(3, 0, pending_.size(), &bytes_);
  AppendVarint(signed_ ? ZigZag(pending_[0]) : static_cast<std::uint64_t>(pending_[0]), &bytes_);
  AppendVarint(ZigZag(static_cast<std::int64_t>(step)), &bytes_);
}

void NumberRunsOut::Direct() {
  std::uint64_t all = 1;
  for (std::int64_t& value : pending_) {
    if (signed_) value = static_cast<std::int64_t>(ZigZag(value));
    all |= static_cast<std::uint64_t>(value);
  }
  const auto width = std::ranges::lower_bound(kRunWidths, static_cast<std::uint8_t>(std::bit_width(all)));
  AppendHead(1, static_cast<unsigned>(width - kRunWidths.begin()), pending_.size(), &bytes_);
  std::uint64_t byte = 0;
  unsigned bits = 0;  // In `byte`.
  for (std::int64_t value : pending_) {
    for (unsigned left = *width; left > 0;) {
      const unsigned taken = std::min(left, 8 - bits);
      left -= taken;
      byte = (byte << taken) | ((static_cast<std::uint64_t>(value) >> left) & ((1u << taken) - 1));
      bits += taken;
      if (bits == 8) bytes_ += static_cast<char>(byte & 0xff), bits = 0;
    }
  }
  if (bits > 0) bytes_ += static_cast<char>((byte << (8 - bits)) & 0xff);
}

}  // namespace hanse::orc
