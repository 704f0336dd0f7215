#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/partition_nodes.h"

namespace hanse::catalog {
namespace {

bool Digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::unexpected<Error> IsNot(std::string_view text, std::string_view what) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("{} is not {}", text, what));
}

bool IsDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  if (!Digits(text.substr(0, 4)) || !Digits(text.substr(5, 2)) || !Digits(text.substr(8, 2))) return false;
  std::string_view month = text.substr(5, 2), day = text.substr(8, 2);
  return month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

Result<KeyValue> ParseDecimal(std::string_view text) {
  std::string_view rest = text;
  bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  std::size_t point = rest.find('.');
  std::string_view whole = rest.substr(0, point);
  std::string_view fraction = point == std::string_view::npos ? std::string_view() : rest.substr(point + 1);
  bool fits =
      (Digits(whole) || (whole.empty() && !fraction.empty())) && (fraction.empty() || Digits(fraction)) && rest.size() <= 80;
  if (!fits) return IsNot(text, "a decimal");
  while (whole.starts_with('0')) whole.remove_prefix(1);
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  KeyValue value{.number = negative ? -1 : 1, .text = std::string(whole), .fraction = std::string(fraction)};
  if (whole.empty() && fraction.empty()) value.number = 0;
  return value;
}

// "2024-01-01 12:30:00[.f…]", and a day alone as its beginning; kept with nine digits of a second, so that texts compare as
// moments.
Result<KeyValue> ParseTimestamp(std::string_view text) {
  std::string full(text);
  if (full.size() == 10) full += " 00:00:00";
  bool fits = full.size() >= 19 && IsDate(std::string_view(full).substr(0, 10)) && full[10] == ' ' && full[13] == ':' &&
              full[16] == ':' && Digits(std::string_view(full).substr(11, 2)) && Digits(std::string_view(full).substr(14, 2)) &&
              Digits(std::string_view(full).substr(17, 2));
  std::string fraction = full.size() > 20 ? full.substr(20) : std::string();
  if (fits && full.size() > 19) fits = full[19] == '.' && Digits(fraction) && fraction.size() <= 9;
  if (!fits) return IsNot(text, "a timestamp");
  fraction.resize(9, '0');
  return KeyValue{.text = full.substr(0, 19) + "." + fraction};
}

int Sign(int order) { return order < 0 ? -1 : (order > 0 ? 1 : 0); }

int CompareDecimals(const KeyValue& a, const KeyValue& b) {
  if (a.number != b.number) return a.number < b.number ? -1 : 1;
  int order = 0;
  if (a.text.size() != b.text.size()) {
    order = a.text.size() < b.text.size() ? -1 : 1;
  } else {
    order = Sign(a.text.compare(b.text));
    if (order == 0) order = Sign(a.fraction.compare(b.fraction));
  }
  return a.number < 0 ? -order : order;
}

}  // namespace

Result<KeyType> ParseKeyType(std::string_view type) {
  std::string name = Lower(Trim(type.substr(0, type.find('('))));
  if (name == "string" || name == "char" || name == "varchar") return KeyType::kText;
  if (name == "int" || name == "integer" || name == "bigint" || name == "long" || name == "tinyint" || name == "smallint") {
    return KeyType::kInteger;
  }
  if (name == "decimal") return KeyType::kDecimal;
  if (name == "date") return KeyType::kDate;
  if (name == "timestamp") return KeyType::kTimestamp;
  return Fail(ErrorCode::kInvalidArgument, fmt::format("Unknown type : '{}'", name));
}

Result<KeyValue> ParseKeyValue(KeyType type, std::string_view text) {
  switch (type) {
    case KeyType::kText: return KeyValue{.text = std::string(text)};
    case KeyType::kInteger: {
      std::string_view rest = text.starts_with('+') ? text.substr(1) : text;
      KeyValue value;
      auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value.number);
      if (error != std::errc() || end != rest.data() + rest.size() || rest.empty()) return IsNot(text, "an integer");
      return value;
    }
    case KeyType::kDecimal: return ParseDecimal(text);
    case KeyType::kDate:
      if (!IsDate(text)) return IsNot(text, "a date");
      return KeyValue{.text = std::string(text)};
    case KeyType::kTimestamp: return ParseTimestamp(text);
  }
  return Fail(ErrorCode::kInternal, "unknown key type");
}

int Compare(KeyType type, const KeyValue& a, const KeyValue& b) {
  if (type == KeyType::kInteger) return a.number < b.number ? -1 : (a.number > b.number ? 1 : 0);
  if (type == KeyType::kDecimal) return CompareDecimals(a, b);
  return Sign(a.text.compare(b.text));
}

bool LikeMatches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '_' || (pattern[p] == text[t] && pattern[p] != '%'))) {
      ++p, ++t;
    } else if (p < pattern.size() && pattern[p] == '%') {
      star = p++, mark = t;
    } else if (star != std::string_view::npos) {
      p = star + 1, t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

}  // namespace hanse::catalog
