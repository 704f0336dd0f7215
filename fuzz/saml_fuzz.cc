// A SAML document: as a response to be verified with a provider's key that nobody else has, and as a provider's metadata. Nothing
// is ever proven; whatever is refused says why.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "identity/saml_assertion.h"
#include "identity/saml_lab.h"

namespace {

constexpr hanse::TimeMs kNow = 1'767'323'045'000;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const hanse::identity::SamlLab provider;
  static const auto known = hanse::identity::ParseSamlMetadata(provider.Metadata(), kNow);
  if (!known) std::abort();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto read = hanse::identity::ReadSamlResponse(hanse::Base64(text), *known, {}, kNow);
  if (read || read.error().message.empty() || read.error().code != hanse::ErrorCode::kUnauthenticated) std::abort();
  const auto metadata = hanse::identity::ParseSamlMetadata(text, kNow);
  if (metadata ? metadata->certificates.empty() : metadata.error().message.empty()) std::abort();
  return 0;
}
