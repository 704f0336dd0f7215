#include "base/clock.h"

#include <ctime>

#include <fmt/format.h>

namespace hanse {
namespace {

std::tm Utc(TimeMs at) {
  std::time_t seconds = at >= 0 ? at / 1000 : -((-at + 999) / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::string FormatIso8601(TimeMs at, bool milliseconds) {
  std::tm t = Utc(at);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
  if (milliseconds) text += fmt::format(".{:03}", ((at % 1000) + 1000) % 1000);
  return text + "Z";
}

std::string FormatIso8601Basic(TimeMs at) {
  std::tm t = Utc(at);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

std::string FormatHttpDate(TimeMs at) {
  std::tm t = Utc(at);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[t.tm_wday], t.tm_mday, kMonths[t.tm_mon], t.tm_year + 1900,
                     t.tm_hour, t.tm_min, t.tm_sec);
}

bool ParseTime(const std::string& text, TimeMs* at) {
  std::int64_t fraction_ms = 0;
  for (const char* form : {"%Y-%m-%dT%H:%M:%S", "%Y%m%dT%H%M%S", "%a, %d %b %Y %H:%M:%S", "%Y-%m-%d"}) {
    std::tm parts{};
    const char* rest = strptime(text.c_str(), form, &parts);
    if (rest == nullptr) continue;
    if (*rest == '.') {
      std::int64_t scale = 100;
      for (++rest; *rest >= '0' && *rest <= '9'; ++rest, scale /= 10) fraction_ms += (*rest - '0') * scale;
    }
    std::string tail = rest;
    if (!tail.empty() && tail != "Z" && tail != " GMT" && tail != "+00:00") continue;
    *at = static_cast<TimeMs>(timegm(&parts)) * 1000 + fraction_ms;
    return true;
  }
  return false;
}

}  // namespace hanse
