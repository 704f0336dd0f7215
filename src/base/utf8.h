#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace hanse {

// How many bytes the UTF-8 character at the start of `text` has (RFC 3629: shortest form, no surrogate, at most U+10FFFF); 0 where
// there is none. Pure.
std::size_t Utf8Bytes(std::string_view text);
// Whether the whole of `text` is UTF-8; zero bytes are.
bool IsUtf8(std::string_view text);

// How many bytes at the start of `text` a JSON string holds as they are: ASCII from the space on, but for '"' and '\\'. Eight at a
// time: each byte that is none of them leaves its highest bit, and what borrows or carries make of the bytes above the first one
// is of no account.
inline std::size_t PlainBytes(std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t quote = word ^ (kOnes * '"'), backslash = word ^ (kOnes * '\\');
    const std::uint64_t other = (word | (word - kOnes * ' ') | (quote - kOnes) | (backslash - kOnes)) & kHighs;
    if (other != 0) return at + static_cast<std::size_t>(std::countr_zero(other)) / 8;
  }
  for (; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') break;
  }
  return at;
}

}  // namespace hanse
