#include "audit/json_text.h"

#include "base/utf8.h"

namespace hanse::audit {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

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
  for (std::size_t i = PlainBytes(text); i < text.size(); i += PlainBytes(text.substr(i))) {
    auto c = static_cast<unsigned char>(text[i]);
    std::size_t size = Utf8Bytes(text.substr(i));
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
