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

// Without a format to be read: requests write the time several times each.
void Digits(std::string* text, int number, int width) {
  const std::size_t start = text->size();
  text->resize(start + static_cast<std::size_t>(width));
  for (std::size_t at = text->size(); at > start; number /= 10) (*text)[--at] = static_cast<char>('0' + number % 10);
}

// "2026-01-02T03:04:05", or without '-' and ':'.
std::string Written(const std::tm& t, bool punctuated) {
  std::string text;
  text.reserve(sizeof "2026-01-02T03:04:05.678Z");
  const auto mark = [&](char c) {
    if (punctuated) text.push_back(c);
  };
  const int year = t.tm_year + 1900;
  if (year < 0 || year > 9999) {
    text += fmt::format("{:04}", year);
  } else {
    Digits(&text, year, 4);
  }
  mark('-');
  Digits(&text, t.tm_mon + 1, 2);
  mark('-');
  Digits(&text, t.tm_mday, 2);
  text.push_back('T');
  Digits(&text, t.tm_hour, 2);
  mark(':');
  Digits(&text, t.tm_min, 2);
  mark(':');
  Digits(&text, t.tm_sec, 2);
  return text;
}

constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::string FormatIso8601(TimeMs at, bool milliseconds) {
  std::string text = Written(Utc(at), true);
  if (milliseconds) {
    text.push_back('.');
    Digits(&text, static_cast<int>(((at % 1000) + 1000) % 1000), 3);
  }
  text.push_back('Z');
  return text;
}

std::string FormatIso8601Basic(TimeMs at) {
  std::string text = Written(Utc(at), false);
  text.push_back('Z');
  return text;
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
