#include "audit/json_text.h"

#include <cstdint>

namespace hanse::audit {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// How many bytes the UTF-8 character at the start of `text` has (RFC 3629); 0 where it is none.
std::size_t CharacterBytes(std::string_view text) {
  auto first = static_cast<unsigned char>(text[0]);
  std::size_t size = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (!Continues(text[i])) return 0;
  }
  if (size < 3) return size;
  auto second = static_cast<unsigned char>(text[1]);
  bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  bool outside = (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90);  // Surrogates; beyond U+10FFFF.
  return overlong || outside ? 0 : size;
}

void AppendEscaped(std::string* out, unsigned char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  switch (c) {
    case '"': *out += "\\\""; break;
    case '\\': *out += "\\\\"; break;
    case '\n': *out += "\\n"; break;
    case '\r': *out += "\\r"; break;
    case '\t': *out += "\\t"; break;
    default: *out += {'\\', 'u', '0', '0', kDigits[c >> 4], kDigits[c & 15]};
  }
}

}  // namespace

void AppendJsonString(std::string* out, std::string_view text) {
  out->push_back('"');
  std::size_t plain = 0;  // Start of the run that needs no change.
  for (std::size_t i = 0; i < text.size();) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
      ++i;
      continue;
    }
    std::size_t size = CharacterBytes(text.substr(i));
    if (size > 1) {
      i += size;
      continue;
    }
    out->append(text, plain, i - plain);
    if (size == 0) {
      *out += kReplacement;
    } else {
      AppendEscaped(out, c);
    }
    plain = ++i;
  }
  out->append(text, plain);
  out->push_back('"');
}

}  // namespace hanse::audit
