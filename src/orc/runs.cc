#include "orc/runs.h"

#include <algorithm>

#include "orc/protobuf.h"

namespace hanse::orc {
namespace {

constexpr int kRunMin = 3;  // What the shortest run of the first version repeats.

// Arithmetic of numbers that a file may have made to overflow.
std::int64_t Plus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

bool ByteRuns::Begin() {
  std::uint8_t control = 0;
  if (!bytes_.Next(&control)) return false;
  literal_ = control >= 128;
  left_ = literal_ ? 256 - control : control + kRunMin;
  return literal_ || bytes_.Next(&repeated_);
}

std::int64_t NumberRuns::Signed(std::uint64_t value) const { return signed_ ? UnZigZag(value) : static_cast<std::int64_t>(value); }

bool NumberRuns::Varint(std::uint64_t* value) {
  *value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    std::uint8_t byte = 0;
    if (!bytes_.Next(&byte)) return false;
    *value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return true;
  }
  return false;
}

bool NumberRuns::BigEndian(std::size_t size, std::uint64_t* value) {
  *value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    std::uint8_t byte = 0;
    if (!bytes_.Next(&byte)) return false;
    *value = (*value << 8) | byte;
  }
  return true;
}

bool NumberRuns::Packed(std::uint64_t* values, std::size_t count, unsigned bits) {
  std::uint8_t byte = 0;
  unsigned have = 0;  // Lowest bits of `byte` that are not taken yet.
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t value = 0;
    for (unsigned wanted = bits; wanted > 0;) {
      if (have == 0) {
        if (!bytes_.Next(&byte)) return false;
        have = 8;
      }
      const unsigned taken = std::min(wanted, have);
      value = (value << taken) | ((byte >> (have - taken)) & ((1u << taken) - 1));
      have -= taken;
      wanted -= taken;
    }
    values[i] = value;
  }
  return true;
}

bool NumberRuns::BeginFirst() {
  std::uint8_t control = 0;
  std::uint64_t base = 0;
  if (!bytes_.Next(&control)) return false;
  if (control < 128) {
    std::uint8_t delta = 0;
    if (!bytes_.Next(&delta) || !Varint(&base)) return false;
    size_ = static_cast<std::size_t>(control) + kRunMin;
    std::int64_t value = Signed(base);
    for (std::size_t i = 0; i < size_; ++i, value = Plus(value, static_cast<std::int8_t>(delta))) run_[i] = value;
    return true;
  }
  size_ = 256u - control;
  for (std::size_t i = 0; i < size_; ++i) {
    if (!Varint(&base)) return false;
    run_[i] = Signed(base);
  }
  return true;
}

bool NumberRuns::LengthOf(std::uint8_t first) {
  std::uint8_t second = 0;
  if (!bytes_.Next(&second)) return false;
  size_ = ((static_cast<std::size_t>(first & 1) << 8) | second) + 1;
  return true;
}

bool NumberRuns::ShortRepeat(std::uint8_t first) {
  std::uint64_t value = 0;
  if (!BigEndian(((first >> 3) & 7) + 1u, &value)) return false;
  size_ = (first & 7) + static_cast<std::size_t>(kRunMin);
  std::fill_n(run_.begin(), size_, Signed(value));
  return true;
}

bool NumberRuns::Direct(std::uint8_t first) {
  std::array<std::uint64_t, kRunMax> packed;
  if (!LengthOf(first) || !Packed(packed.data(), size_, kRunWidths[(first >> 1) & 31])) return false;
  for (std::size_t i = 0; i < size_; ++i) run_[i] = Signed(packed[i]);
  return true;
}

// Most numbers are near the base; the upper bits of the few that are not follow in a list of patches.
bool NumberRuns::Patched(std::uint8_t first) {
  std::uint8_t third = 0, fourth = 0;
  if (!LengthOf(first) || !bytes_.Next(&third) || !bytes_.Next(&fourth)) return false;
  const unsigned bits = kRunWidths[(first >> 1) & 31], patch_bits = kRunWidths[third & 31], gap_bits = (fourth >> 5) + 1u;
  const std::size_t base_bytes = (third >> 5) + 1u, patches = fourth & 31;
  std::uint64_t base = 0;
  std::array<std::uint64_t, kRunMax> packed;
  std::array<std::uint64_t, 32> list;
  const unsigned patch_width = *std::lower_bound(kRunWidths.begin(), kRunWidths.end(), std::min(gap_bits + patch_bits, 64u));
  if (gap_bits + patch_bits > 64 || !BigEndian(base_bytes, &base) || !Packed(packed.data(), size_, bits) ||
      !Packed(list.data(), patches, patch_width)) {
    return false;
  }
  const std::uint64_t sign = 0x80ull << (8 * (static_cast<unsigned>(third) >> 5));
  const std::int64_t from = (base & sign) ? -static_cast<std::int64_t>(base & ~sign) : static_cast<std::int64_t>(base);
  const std::uint64_t patch_mask = patch_bits == 64 ? ~0ull : (1ull << patch_bits) - 1;
  std::size_t at = 0;
  for (std::size_t i = 0; i < patches; ++i) {
    at += static_cast<std::size_t>(list[i] >> (patch_bits & 63));
    if (at >= size_) return false;
    if (bits < 64) packed[at] |= (list[i] & patch_mask) << bits;
  }
  for (std::size_t i = 0; i < size_; ++i) run_[i] = Plus(from, static_cast<std::int64_t>(packed[i]));
  return true;
}

bool NumberRuns::Delta(std::uint8_t first) {
  const unsigned code = (first >> 1) & 31, bits = code == 0 ? 0 : kRunWidths[code];
  std::uint64_t base = 0, step = 0;
  if (!LengthOf(first) || !Varint(&base) || !Varint(&step)) return false;
  const std::int64_t delta = UnZigZag(step);
  run_[0] = Signed(base);
  if (size_ > 1) run_[1] = Plus(run_[0], delta);
  std::array<std::uint64_t, kRunMax> packed;
  if (size_ > 2 && bits > 0 && !Packed(packed.data(), size_ - 2, bits)) return false;
  for (std::size_t i = 2; i < size_; ++i) {
    const auto more = bits == 0 ? delta : static_cast<std::int64_t>(delta < 0 ? 0 - packed[i - 2] : packed[i - 2]);
    run_[i] = Plus(run_[i - 1], more);
  }
  return true;
}

bool NumberRuns::BeginSecond() {
  std::uint8_t first = 0;
  if (!bytes_.Next(&first)) return false;
  switch (first >> 6) {
    case 0: return ShortRepeat(first);
    case 1: return Direct(first);
    case 2: return Patched(first);
    default: return Delta(first);
  }
}

bool NumberRuns::Begin() {
  at_ = 0;
  size_ = 0;
  const bool begun = second_ ? BeginSecond() : BeginFirst();
  if (!begun) size_ = 0;
  return begun;
}

bool NumberRuns::Next(std::int64_t* values, std::size_t count) {
  while (count > 0) {
    if (at_ == size_ && !Begin()) return false;
    const std::size_t taken = std::min(count, size_ - at_);
    std::copy_n(run_.data() + at_, taken, values);
    at_ += taken;
    values += taken;
    count -= taken;
  }
  return true;
}

}  // namespace hanse::orc
