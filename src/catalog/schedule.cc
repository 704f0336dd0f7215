#include "catalog/schedule.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::catalog {
namespace {

struct Range {
  std::string_view name;
  int least, most;
  std::string_view words;  // Of three letters each; the first is `least`.
};

constexpr Range kRanges[6] = {{"Minutes", 0, 59, ""},
                              {"Hours", 0, 23, ""},
                              {"Day-of-month", 1, 31, ""},
                              {"Month", 1, 12, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"},
                              {"Day-of-week", 1, 7, "SUNMONTUEWEDTHUFRISAT"},
                              {"Year", 1970, 2199, ""}};

std::unexpected<Error> Wrong(const Range& range, std::string_view text) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("Invalid value '{}' for {} of the schedule.", text, range.name));
}

Result<int> Number(const Range& range, std::string_view text) {
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    std::string word;
    for (char c : text) word += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    std::size_t at = word.size() == 3 ? range.words.find(word) : std::string_view::npos;
    if (at == std::string_view::npos || at % 3 != 0) return Wrong(range, text);
    value = range.least + static_cast<int>(at / 3);
  }
  if (value < range.least || value > range.most) return Wrong(range, text);
  return value;
}

Result<std::set<int>> Field(const Range& range, std::string_view text) {
  std::set<int> values;
  if (text == "*" || text == "?") return values;
  for (const std::string& part : Split(text, ',')) {
    std::size_t slash = part.find('/');
    std::string_view body = std::string_view(part).substr(0, slash);
    int step = 1;
    if (slash != std::string::npos) {
      std::string_view text_of_step = std::string_view(part).substr(slash + 1);
      auto [end, error] = std::from_chars(text_of_step.data(), text_of_step.data() + text_of_step.size(), step);
      if (error != std::errc() || end != text_of_step.data() + text_of_step.size() || step < 1) return Wrong(range, part);
      step = std::min(step, range.most + 1);  // Beyond the last value already, and no sum of it overflows.
    }
    std::size_t dash = body.find('-');
    int first = range.least, last = range.most;
    if (body != "*") {
      TRY_ASSIGN(first, Number(range, body.substr(0, dash)));
      last = slash == std::string::npos ? first : range.most;
      if (dash != std::string_view::npos) {
        TRY_ASSIGN(last, Number(range, body.substr(dash + 1)));
      }
    }
    if (last < first) return Wrong(range, part);
    for (int value = first; value <= last; value += step) values.insert(value);
  }
  return values;
}

}  // namespace

Result<Schedule> Schedule::Parse(std::string_view expression) {
  std::string_view text = Trim(expression);
  if (!text.starts_with("cron(") || !text.ends_with(')')) {
    return Fail(ErrorCode::kInvalidArgument, "A schedule is cron(Minutes Hours Day-of-month Month Day-of-week Year).");
  }
  std::vector<std::string> fields;
  for (std::string& field : Split(text.substr(5, text.size() - 6), ' ')) {
    if (!field.empty()) fields.push_back(std::move(field));
  }
  if (fields.size() != 6) return Fail(ErrorCode::kInvalidArgument, "A schedule has six fields.");
  Schedule schedule;
  std::set<int>* into[6] = {&schedule.minutes_, &schedule.hours_,     &schedule.days_,
                            &schedule.months_,  &schedule.week_days_, &schedule.years_};
  for (int i = 0; i < 6; ++i) {
    TRY_ASSIGN(*into[i], Field(kRanges[i], fields[static_cast<std::size_t>(i)]));
  }
  return schedule;
}

bool Schedule::Fires(TimeMs at) const {
  using namespace std::chrono;
  sys_time<milliseconds> moment{milliseconds(at)};
  auto day = floor<days>(moment);
  year_month_day date(day);
  hh_mm_ss time(floor<minutes>(moment - day));
  auto fits = [](const std::set<int>& values, int value) { return values.empty() || values.contains(value); };
  return fits(minutes_, static_cast<int>(time.minutes().count())) && fits(hours_, static_cast<int>(time.hours().count())) &&
         fits(days_, static_cast<int>(static_cast<unsigned>(date.day()))) &&
         fits(months_, static_cast<int>(static_cast<unsigned>(date.month()))) &&
         fits(week_days_, static_cast<int>(weekday(day).c_encoding()) + 1) && fits(years_, static_cast<int>(date.year()));
}

}  // namespace hanse::catalog
