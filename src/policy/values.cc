#include "policy/values.h"

#include <arpa/inet.h>

#include <charconv>
#include <cmath>
#include <string>

#include "base/clock.h"
#include "base/text.h"

namespace hanse::policy {
namespace {

// "+02:00", "-0330" at the end of a time; the minutes to subtract, and where it starts.
std::optional<int> OffsetMinutes(std::string_view text, std::size_t* at) {
  std::size_t sign = text.find_last_of("+-");
  if (sign == std::string_view::npos || text.find('T') == std::string_view::npos || sign < text.find('T')) return std::nullopt;
  std::string digits;
  for (char c : text.substr(sign + 1)) {
    if (c >= '0' && c <= '9')
      digits.push_back(c);
    else if (c != ':')
      return std::nullopt;
  }
  if (digits.size() != 4) return std::nullopt;
  int hours = (digits[0] - '0') * 10 + digits[1] - '0', minutes = (digits[2] - '0') * 10 + digits[3] - '0';
  if (hours > 14 || minutes > 59) return std::nullopt;
  *at = sign;
  return (text[sign] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

std::optional<double> ParseNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<double> ParseMoment(std::string_view text) {
  if (text.find_first_not_of("0123456789.") == std::string_view::npos) {
    std::optional<double> seconds = ParseNumber(text);
    if (!seconds) return std::nullopt;
    return *seconds * 1000;
  }
  std::size_t at = 0;
  std::optional<int> offset = OffsetMinutes(text, &at);
  std::string utc = offset ? std::string(text.substr(0, at)) + "Z" : std::string(text);
  if (utc.find('T') == std::string::npos) utc += "T00:00:00Z";
  TimeMs moment = 0;
  if (!ParseTime(utc, &moment) && !(utc.size() == 17 && ParseTime(utc.substr(0, 16) + ":00Z", &moment))) return std::nullopt;
  return static_cast<double>(moment) - offset.value_or(0) * 60'000.0;
}

std::optional<double> ParseTruth(std::string_view text) {
  if (EqualsIgnoreCase(text, "true")) return 1;
  if (EqualsIgnoreCase(text, "false")) return 0;
  return std::nullopt;
}

std::optional<IpNetwork> ParseIpNetwork(std::string_view text) {
  std::size_t slash = text.find('/');
  std::string address(text.substr(0, slash));
  IpNetwork made;
  int bits_max = 128;
  std::uint8_t four[4];
  if (inet_pton(AF_INET, address.c_str(), four) == 1) {
    made.address[10] = made.address[11] = 0xFF;
    for (int i = 0; i < 4; ++i) made.address[12 + i] = four[i];
    bits_max = 32;
  } else if (inet_pton(AF_INET6, address.c_str(), made.address.data()) != 1) {
    return std::nullopt;
  }
  if (slash != std::string_view::npos) {
    std::string_view width = text.substr(slash + 1);
    int bits = 0;
    auto [end, error] = std::from_chars(width.data(), width.data() + width.size(), bits);
    if (error != std::errc() || end != width.data() + width.size() || bits < 0 || bits > bits_max) return std::nullopt;
    made.bits = bits + (128 - bits_max);
  }
  return made;
}

}  // namespace hanse::policy
