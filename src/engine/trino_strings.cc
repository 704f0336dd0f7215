#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "engine/trino_function_of.h"
#include "engine/trino_functions.h"

// Trino's string functions whose answers are others than the engine's (Trino: "String functions and operators").
namespace hanse::engine {

namespace {

[[noreturn]] void BadArgument(const std::string& what) {
  throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: %s", what);
}

bool StartsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::int64_t Characters(std::string_view text) { return std::count_if(text.begin(), text.end(), StartsCharacter); }

// The byte at which the character of that number, from 0, begins; the size where there is none.
std::size_t ByteOf(std::string_view text, std::int64_t character) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (StartsCharacter(text[at]) && character-- == 0) return at;
  }
  return at;
}

std::string Part(std::string_view text, std::int64_t start, std::int64_t size) {
  if (start == 0 || size <= 0) return "";
  if (start < 0) {
    std::int64_t characters = Characters(text);
    if (-start > characters) return "";
    start += characters + 1;
  }
  std::string_view rest = text.substr(ByteOf(text, start - 1));
  return std::string(rest.substr(0, ByteOf(rest, size)));
}

std::string Substr(std::string_view text, std::int64_t start) { return Part(text, start, std::ssize(text) + 1); }

std::string Replace(std::string_view text, std::string_view search, std::string_view by) {
  std::string out;
  if (search.empty()) {
    for (char c : text) {
      if (StartsCharacter(c)) out += by;
      out += c;
    }
    return out.append(by);
  }
  std::size_t at = 0;
  for (std::size_t found = 0; (found = text.find(search, at)) != std::string_view::npos; at = found + search.size()) {
    out.append(text.substr(at, found - at)).append(by);
  }
  return out.append(text.substr(at));
}

std::string Remove(std::string_view text, std::string_view search) { return Replace(text, search, ""); }

std::vector<std::string> SplitLimited(std::string_view text, std::string_view delimiter, std::int64_t limit) {
  if (delimiter.empty()) BadArgument("The delimiter may not be the empty string");
  if (limit <= 0) BadArgument("Limit must be positive");
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (std::ssize(parts) + 1 < limit) {
    std::size_t found = text.find(delimiter, at);
    if (found == std::string_view::npos) break;
    parts.emplace_back(text.substr(at, found - at));
    at = found + delimiter.size();
  }
  parts.emplace_back(text.substr(at));
  return parts;
}

std::vector<std::string> SplitAll(std::string_view text, std::string_view delimiter) {
  return SplitLimited(text, delimiter, std::ssize(text) + 2);
}

std::optional<std::string> SplitPart(std::string_view text, std::string_view delimiter, std::int64_t index) {
  if (index <= 0) BadArgument("Index must be greater than zero");
  if (delimiter.empty()) return index > Characters(text) ? std::nullopt : std::optional(Part(text, index, 1));
  std::size_t at = 0;
  for (; index > 1; --index) {
    at = text.find(delimiter, at);
    if (at == std::string_view::npos) return std::nullopt;
    at += delimiter.size();
  }
  return std::string(text.substr(at, text.find(delimiter, at) - at));
}

std::int64_t StrposNth(std::string_view text, std::string_view search, std::int64_t instance) {
  if (instance == 0) BadArgument("'instance' must not be zero");
  if (search.empty()) return instance > 0 ? 1 : Characters(text) + 1;
  bool back = instance < 0;
  std::size_t at = back ? text.rfind(search) : text.find(search);
  for (std::int64_t left = std::abs(instance) - 1; left > 0 && at != std::string_view::npos; --left) {
    if (back && at == 0) return 0;
    at = back ? text.rfind(search, at - 1) : text.find(search, at + 1);
  }
  return at == std::string_view::npos ? 0 : Characters(text.substr(0, at)) + 1;
}

std::int64_t Strpos(std::string_view text, std::string_view search) { return StrposNth(text, search, 1); }

bool LuhnCheck(std::string_view digits) {
  if (digits.empty()) return false;
  int sum = 0;
  bool twice = false;
  for (auto c = digits.rbegin(); c != digits.rend(); ++c, twice = !twice) {
    if (*c < '0' || *c > '9') BadArgument("Input must be only digits");
    int digit = (*c - '0') * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

std::string Soundex(std::string_view text) {
  constexpr std::string_view kCodes = "01230120022455012623010202";  // Of A to Z; H and W do not part equal codes.
  std::string code;
  char last = '0';
  for (char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) BadArgument("soundex is of letters of ASCII");
    if (std::isalpha(static_cast<unsigned char>(c)) == 0) continue;
    char upper = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    char digit = kCodes[static_cast<std::size_t>(upper - 'A')];
    if (code.empty()) {
      code += upper;
    } else if (digit != '0' && digit != last) {
      code += digit;
    }
    if (upper != 'H' && upper != 'W') last = digit;
    if (code.size() == 4) break;
  }
  if (!code.empty()) code.resize(4, '0');
  return code;
}

std::string FromUtf8With(BytesView in, std::string_view replacement) {
  std::string out;
  std::string_view left = in.bytes;
  while (!left.empty()) {
    std::size_t size = 1;
    while (size < 4 && size < left.size() && !StartsCharacter(left[size])) ++size;
    bool valid = duckdb::Value::StringIsValid(left.data(), size);
    out += valid ? left.substr(0, size) : replacement;
    left.remove_prefix(valid ? size : 1);
  }
  return out;
}

std::string FromUtf8(BytesView in) { return FromUtf8With(in, "\xEF\xBF\xBD"); }

bool EndsWith(std::string_view text, std::string_view end) { return text.ends_with(end); }

std::string Cut(std::string_view text, std::int64_t size) { return std::string(text.substr(0, ByteOf(text, size))); }

std::string PaddedCut(std::string_view text, std::int64_t size) {
  std::string cut = Cut(text, size);
  return cut.append(static_cast<std::size_t>(std::max<std::int64_t>(0, size - Characters(cut))), ' ');
}

}  // namespace

void RegisterStrings(duckdb::ClientContext& context) {
  Register(context, OverloadsOf<Substr, Part>("hanse_substr"));
  Register(context, OverloadsOf<Remove, Replace>("hanse_replace"));
  Register(context, OverloadsOf<SplitAll, SplitLimited>("hanse_split"));
  Register(context, OverloadsOf<SplitPart>("hanse_split_part"));
  Register(context, OverloadsOf<Strpos, StrposNth>("hanse_strpos"));
  Register(context, OverloadsOf<LuhnCheck>("hanse_luhn_check"));
  Register(context, OverloadsOf<Soundex>("hanse_soundex"));
  Register(context, OverloadsOf<FromUtf8, FromUtf8With>("hanse_from_utf8"));
  Register(context, OverloadsOf<EndsWith>("hanse_ends_with"));
  Register(context, OverloadsOf<Cut>("hanse_cut"));
  Register(context, OverloadsOf<PaddedCut>("hanse_padded_cut"));
}

}  // namespace hanse::engine
