#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// The values of conditions that are not plain text. Nothing where the text is none. Pure.
namespace hanse::policy {

std::optional<double> ParseNumber(std::string_view text);
// ISO 8601 with "Z" or an offset, a date alone, or seconds since 1970; in milliseconds.
std::optional<double> ParseMoment(std::string_view text);
// "true" is 1, "false" is 0, in any case.
std::optional<double> ParseTruth(std::string_view text);

struct IpNetwork {
  std::array<std::uint8_t, 16> address{};  // IPv4 as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2).
  int bits = 128;
};
// "203.0.113.7", "203.0.113.0/24", "2001:db8::/32".
std::optional<IpNetwork> ParseIpNetwork(std::string_view text);

}  // namespace hanse::policy
