#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace hanse {

// ASCII only: what AWS names fold to.
std::string Lower(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);
std::string_view Trim(std::string_view text);
std::vector<std::string> Split(std::string_view text, char separator);
// Whether a list, set or array of texts has this one.
template <class Range>
bool Contains(const Range& range, std::string_view text) {
  return std::ranges::find(range, text) != std::ranges::end(range);
}
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
std::string Hex(std::string_view bytes);
// False where `hex` is not pairs of hexadecimal digits.
bool UnHex(std::string_view hex, std::string* bytes);
std::string Base64(std::string_view bytes);
// False where `text` is not base64 with its padding (RFC 4648, section 4).
bool UnBase64(std::string_view text, std::string* bytes);
// Percent-encoding of RFC 3986: all but A-Z a-z 0-9 - . _ ~ (and '/' where `keep_slash`).
std::string PercentEncode(std::string_view text, bool keep_slash = false);
// False on a broken %XX. '+' stays '+': forms decode it themselves.
bool PercentDecode(std::string_view text, std::string* decoded);
// Whether `text` matches a pattern of '*' (any run) and '?' (any one character); linear in both.
bool GlobMatches(std::string_view pattern, std::string_view text);

}  // namespace hanse
