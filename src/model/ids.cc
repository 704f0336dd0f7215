#include "model/ids.h"

#include <fmt/format.h>

namespace hanse {
namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kLowerDigits = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kDigits = "0123456789";

}  // namespace

std::string NewIamId(Random& random, std::string_view prefix) {
  // Access key ids are 20 characters in all, the ids of users, roles, groups and policies 21.
  bool key = prefix == "AKIA" || prefix == "ASIA";
  return std::string(prefix) + random.Text(key ? 16 : 17, kBase32);
}

std::string NewAccessKeySecret(Random& random) {
  return random.Text(40, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
}

std::string NewOrganizationId(Random& random) { return "o-" + random.Text(10, kLowerDigits); }

std::string NewRootId(Random& random) { return "r-" + random.Text(4, kLowerDigits); }

std::string NewUnitId(Random& random, std::string_view root_id) {
  return fmt::format("ou-{}-{}", root_id.substr(2), random.Text(8, kLowerDigits));
}

std::string NewCreateAccountRequestId(Random& random) { return "car-" + random.Text(32, "abcdef0123456789"); }

std::string NewAccountId(Random& random) { return random.Text(1, kDigits.substr(1)) + random.Text(11, kDigits); }

std::string NewRequestId(Random& random) { return random.Uuid(); }

}  // namespace hanse
