#include "model/wrong_region.h"

#include <fmt/format.h>

namespace hanse {
namespace {

constexpr std::string_view kMalformedHeader = "AuthorizationHeaderMalformed", kExpecting = "' is wrong; expecting '";

}  // namespace

std::unexpected<Error> WrongRegion(std::string_view asked, std::string_view home) {
  return FailAs(ErrorCode::kInvalidArgument, std::string(kMalformedHeader),
                fmt::format("The authorization header is malformed; the region '{}{}{}'", asked, kExpecting, home));
}

std::string_view HomeRegionOf(const Error& error) {
  const std::size_t at = error.message.rfind(kExpecting);
  if (error.name != kMalformedHeader || at == std::string::npos) return {};
  std::string_view home = std::string_view(error.message).substr(at + kExpecting.size());
  home.remove_suffix(1);  // The quote.
  return home;
}

}  // namespace hanse
