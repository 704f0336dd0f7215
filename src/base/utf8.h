#pragma once
#include <cstddef>
#include <string_view>

namespace hanse {

// How many bytes the UTF-8 character at the start of `text` has (RFC 3629: shortest form, no surrogate, at most U+10FFFF); 0 where
// there is none. Pure.
std::size_t Utf8Bytes(std::string_view text);
// Whether the whole of `text` is UTF-8; zero bytes are.
bool IsUtf8(std::string_view text);

}  // namespace hanse
