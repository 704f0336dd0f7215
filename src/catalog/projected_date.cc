#include "catalog/projected_date.h"

#include <charconv>
#include <chrono>

#include "base/text.h"

namespace hanse::catalog {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;

// One letter group or one character of text.
struct DatePiece {
  char letter = 0;  // 0: text.
  char text = 0;
  std::size_t length = 1;
};

constexpr std::string_view kGroups[] = {"yyyy", "MM", "dd", "HH", "mm", "ss"};

// Takes the next piece off the pattern; nothing where it is not of these patterns. `quoted`: inside '…'.
std::optional<DatePiece> NextPiece(std::string_view* pattern, bool* quoted) {
  while (pattern->starts_with('\'')) {
    *quoted = !*quoted;
    pattern->remove_prefix(1);
    if (pattern->empty()) return DatePiece{.length = 0};
  }
  char c = pattern->front();
  bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (*quoted || !letter) {
    pattern->remove_prefix(1);
    return DatePiece{.text = c};
  }
  for (std::string_view group : kGroups) {
    if (!pattern->starts_with(group)) continue;
    pattern->remove_prefix(group.size());
    if (pattern->starts_with(c)) return std::nullopt;
    return DatePiece{.letter = c, .length = group.size()};
  }
  return std::nullopt;
}

std::optional<std::int64_t> Number(std::string_view text) {
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

struct CivilTime {
  std::int64_t year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
};

void Put(CivilTime* civil, char letter, std::int64_t value) {
  switch (letter) {
    case 'y': civil->year = value; break;
    case 'M': civil->month = value; break;
    case 'd': civil->day = value; break;
    case 'H': civil->hour = value; break;
    case 'm': civil->minute = value; break;
    default: civil->second = value; break;
  }
}

std::optional<std::int64_t> SecondsOf(const CivilTime& civil) {
  year_month_day date{std::chrono::year(static_cast<int>(civil.year)), std::chrono::month(static_cast<unsigned>(civil.month)),
                      std::chrono::day(static_cast<unsigned>(civil.day))};
  if (!date.ok() || civil.hour > 23 || civil.minute > 59 || civil.second > 59) return std::nullopt;
  return sys_days(date).time_since_epoch().count() * 86400LL + civil.hour * 3600 + civil.minute * 60 + civil.second;
}

year_month_day DateOf(std::int64_t seconds) { return floor<days>(sys_seconds(std::chrono::seconds(seconds))); }

std::int64_t AddMonths(std::int64_t seconds, std::int64_t count) {
  year_month_day date = DateOf(seconds) + months(count);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  std::int64_t of_day = seconds - sys_days(DateOf(seconds)).time_since_epoch().count() * 86400LL;
  return sys_days(date).time_since_epoch().count() * 86400LL + of_day;
}

}  // namespace

bool IsDatePattern(std::string_view pattern) {
  bool quoted = false;
  if (pattern.empty()) return false;
  while (!pattern.empty()) {
    if (!NextPiece(&pattern, &quoted)) return false;
  }
  return !quoted;
}

std::size_t DateLength(std::string_view pattern) {
  bool quoted = false;
  std::size_t length = 0;
  while (!pattern.empty()) {
    auto piece = NextPiece(&pattern, &quoted);
    if (!piece) return 0;
    length += piece->length;
  }
  return length;
}

std::optional<std::int64_t> ParseDate(std::string_view pattern, std::string_view text) {
  CivilTime civil;
  bool quoted = false;
  while (!pattern.empty()) {
    auto piece = NextPiece(&pattern, &quoted);
    if (!piece || text.size() < piece->length) return std::nullopt;
    if (piece->letter != 0) {
      std::string_view digits = text.substr(0, piece->length);
      auto number = digits.front() == '-' ? std::nullopt : Number(digits);
      if (!number) return std::nullopt;
      Put(&civil, piece->letter, *number);
    } else if (piece->length > 0 && text.front() != piece->text) {
      return std::nullopt;
    }
    text.remove_prefix(piece->length);
  }
  return text.empty() ? SecondsOf(civil) : std::nullopt;
}

std::int64_t TruncateDate(std::string_view pattern, std::int64_t seconds) {
  year_month_day date = DateOf(seconds);
  std::int64_t of_day = seconds - sys_days(date).time_since_epoch().count() * 86400LL;
  CivilTime whole{.year = static_cast<int>(date.year()),
                  .month = static_cast<unsigned>(date.month()),
                  .day = static_cast<unsigned>(date.day()),
                  .hour = of_day / 3600,
                  .minute = of_day / 60 % 60,
                  .second = of_day % 60};
  CivilTime told;
  bool quoted = false;
  while (!pattern.empty()) {
    auto piece = NextPiece(&pattern, &quoted);
    if (!piece) break;
    switch (piece->letter) {
      case 'y': told.year = whole.year; break;
      case 'M': told.month = whole.month; break;
      case 'd': told.day = whole.day; break;
      case 'H': told.hour = whole.hour; break;
      case 'm': told.minute = whole.minute; break;
      case 's': told.second = whole.second; break;
      default: break;
    }
  }
  return SecondsOf(told).value_or(seconds);
}

std::optional<DateStep> DateUnit(std::string_view name) {
  struct Named {
    std::string_view name;
    DateStep step;
  };
  static constexpr Named kUnits[] = {{"SECOND", {1, false}},  {"MINUTE", {60, false}},      {"HOUR", {3600, false}},
                                     {"DAY", {86400, false}}, {"WEEK", {7 * 86400, false}}, {"MONTH", {1, true}},
                                     {"YEAR", {12, true}}};
  if (name.ends_with('S') || name.ends_with('s')) name.remove_suffix(1);
  for (const Named& unit : kUnits) {
    if (EqualsIgnoreCase(unit.name, name)) return unit.step;
  }
  return std::nullopt;
}

std::optional<std::int64_t> ParseDateBound(std::string_view pattern, std::string_view text, std::int64_t now) {
  text = Trim(text);
  if (text.size() < 3 || !EqualsIgnoreCase(text.substr(0, 3), "NOW")) return ParseDate(pattern, text);
  text = Trim(text.substr(3));
  if (text.empty()) return TruncateDate(pattern, now);
  if (text.front() != '+' && text.front() != '-') return std::nullopt;
  const std::int64_t sign = text.front() == '-' ? -1 : 1;
  text = Trim(text.substr(1));
  std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  auto count = digits > 9 ? std::nullopt : Number(text.substr(0, digits));
  auto step = DateUnit(Trim(text.substr(digits)));
  if (!count || !step) return std::nullopt;
  std::int64_t by = sign * *count * step->count;
  if (step->months && (by > 120'000 || by < -120'000)) return std::nullopt;
  return TruncateDate(pattern, step->months ? AddMonths(now, by) : now + by);
}

std::int64_t MonthsBetween(std::int64_t first, std::int64_t last) {
  auto month = [](std::int64_t seconds) {
    year_month_day date = DateOf(seconds);
    return static_cast<int>(date.year()) * 12LL + static_cast<unsigned>(date.month());
  };
  return month(last) - month(first);
}

}  // namespace hanse::catalog
