#include "objects/utf8.h"

#include <cstdint>
#include <optional>

namespace hanse::objects {
namespace {

constexpr std::uint32_t kLast = 0x10ffff, kSurrogatesFirst = 0xd800, kSurrogatesLast = 0xdfff;

std::string Encode(std::uint32_t point) {
  auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xc0 | point >> 6), byte(0x80 | (point & 63))};
  if (point < 0x10000) return {byte(0xe0 | point >> 12), byte(0x80 | (point >> 6 & 63)), byte(0x80 | (point & 63))};
  return {byte(0xf0 | point >> 18), byte(0x80 | (point >> 12 & 63)), byte(0x80 | (point >> 6 & 63)), byte(0x80 | (point & 63))};
}

// Takes one code point off the front; nothing where there is none: overlong, a surrogate, cut or too high.
std::optional<std::uint32_t> Take(std::string_view* text) {
  auto first = static_cast<unsigned char>(text->front());
  std::size_t size = first < 0x80 ? 1 : (first >> 5) == 6 ? 2 : (first >> 4) == 14 ? 3 : (first >> 3) == 30 ? 4 : 0;
  if (size == 0 || text->size() < size) return std::nullopt;
  std::uint32_t point = size == 1 ? first : first & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    auto next = static_cast<unsigned char>((*text)[i]);
    if ((next >> 6) != 2) return std::nullopt;
    point = point << 6 | (next & 63);
  }
  if (point > kLast || (point >= kSurrogatesFirst && point <= kSurrogatesLast) || Encode(point).size() != size) return std::nullopt;
  text->remove_prefix(size);
  return point;
}

}  // namespace

std::string AfterAllWith(std::string_view prefix) {
  while (!prefix.empty()) {
    std::size_t at = prefix.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(prefix[at]) >> 6) == 2) --at;
    std::string_view last = prefix.substr(at);
    std::optional<std::uint32_t> point = Take(&last);
    if (!point) return {};
    prefix = prefix.substr(0, at);
    if (*point == kLast) continue;  // Nothing comes after it: the one before it counts up.
    return std::string(prefix) + Encode(*point + 1 == kSurrogatesFirst ? kSurrogatesLast + 1 : *point + 1);
  }
  return {};
}

}  // namespace hanse::objects
