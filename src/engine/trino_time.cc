#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>

#include "duckdb/common/types/interval.hpp"
#include "engine/trino_function_of.h"
#include "engine/trino_functions.h"

// Trino's formats and durations (Trino: "Date and time functions and operators").
namespace hanse::engine {

namespace {

// A run of one letter of Joda's patterns as strftime's; empty where strftime has none.
std::string JodaField(char letter, std::size_t run) {
  static const std::map<char, std::string_view> kNumbers = {{'d', "%d"}, {'H', "%H"}, {'h', "%I"}, {'K', "%I"}, {'k', "%H"},
                                                            {'m', "%M"}, {'s', "%S"}, {'D', "%j"}, {'w', "%V"}, {'e', "%u"}};
  switch (letter) {
    case 'y':
    case 'Y': return run == 2 ? "%y" : "%Y";
    case 'x': return "%G";
    case 'M': return run == 1 ? "%-m" : run == 2 ? "%m" : run == 3 ? "%b" : "%B";
    case 'E': return run <= 3 ? "%a" : "%A";
    case 'a': return "%p";
    case 'S': return run == 3 ? "%g" : run == 6 ? "%f" : "";
    case 'Z': return run == 1 ? "%z" : "";
    case 'z': return run <= 3 ? "%Z" : "";
    default: break;
  }
  auto known = kNumbers.find(letter);
  if (known == kNumbers.end() || letter == 'K' || letter == 'k') return "";
  bool padded = run >= 2 && letter != 'D' ? true : run >= 3;
  if (letter == 'e' || padded) return std::string(known->second);
  return letter == 'w' ? "" : "%-" + std::string(known->second.substr(1));
}

std::string JodaFormat(std::string_view joda) {
  std::string format;
  for (std::size_t i = 0; i < joda.size();) {
    if (joda[i] == '\'') {
      std::size_t end = joda.find('\'', i + 1);
      if (end == std::string_view::npos) throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: a quote is not closed");
      format += end == i + 1 ? "'" : joda.substr(i + 1, end - i - 1);
      i = end + 1;
      continue;
    }
    std::size_t run = 1;
    while (i + run < joda.size() && joda[i + run] == joda[i]) ++run;
    bool letter = (joda[i] >= 'a' && joda[i] <= 'z') || (joda[i] >= 'A' && joda[i] <= 'Z');
    std::string field = letter ? JodaField(joda[i], run) : std::string(run, joda[i]);
    if (field.empty()) {
      throw duckdb::InvalidInputException("NOT_SUPPORTED: the pattern '%s' of a date", std::string(joda.substr(i, run)));
    }
    for (char c : field) format += letter || c != '%' ? std::string(1, c) : "%%";
    i += run;
  }
  return format;
}

std::string HumanReadableSeconds(double seconds) {
  auto left = static_cast<std::int64_t>(std::llround(std::fabs(seconds)));
  static constexpr std::pair<std::int64_t, const char*> kUnits[] = {
      {7 * 86'400, "week"}, {86'400, "day"}, {3'600, "hour"}, {60, "minute"}, {1, "second"}};
  std::string text;
  for (const auto& [size, name] : kUnits) {
    std::int64_t count = left / size;
    left %= size;
    if (count == 0) continue;
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", count, name, count == 1 ? "" : "s");
  }
  return text.empty() ? "0 seconds" : text;
}

duckdb::interval_t ParseDuration(std::string_view text) {
  static const std::map<std::string_view, double> kMicros = {{"ns", 1e-3}, {"us", 1},    {"ms", 1e3},   {"s", 1e6},
                                                             {"m", 6e7},   {"h", 3.6e9}, {"d", 8.64e10}};
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  auto known = kMicros.find(unit);
  if (error != std::errc() || known == kMicros.end() || value < 0 || value > 1e9) {
    throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: duration is not a valid data duration string: %s",
                                        std::string(text));
  }
  return duckdb::interval_t{0, 0, std::llround(value * known->second / 1000) * 1000};
}

}  // namespace

void RegisterTime(duckdb::ClientContext& context) {
  Register(context, OverloadsOf<JodaFormat>("hanse_joda_format"));
  Register(context, OverloadsOf<HumanReadableSeconds>("hanse_human_readable_seconds"));
  Register(context, OverloadsOf<ParseDuration>("hanse_parse_duration"));
}

}  // namespace hanse::engine
