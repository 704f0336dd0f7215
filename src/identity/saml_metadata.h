#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace hanse::identity {

// What an identity provider says of itself (SAML 2.0 Metadata): its name, the certificates that it signs with, until when that
// holds. The dates in the certificates are not asked: here they are a form for keys and nothing more (SAML V2.0 Metadata
// Interoperability Profile, section 2.6.1; IAM User Guide, "Create a SAML identity provider": IAM does not evaluate their
// expiration).
struct SamlMetadata {
  std::string entity_id;
  std::vector<std::string> certificates;  // DER.
  TimeMs valid_until_ms = 0;
};

// InvalidInput ("Could not parse metadata", and why) for what is no EntityDescriptor of an identity provider, or is over at
// `now_ms`. A document that names no end holds for a hundred years from `now_ms`, as IAM shows it.
Result<SamlMetadata> ParseSamlMetadata(std::string_view text, TimeMs now_ms);

}  // namespace hanse::identity
