#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "identity/saml_metadata.h"

namespace hanse::identity {

// What a SAML response proved, all of it from the signed bytes of its assertion (saml_signature.h).
struct SamlAssertion {
  std::string id, issuer;
  std::string subject, subject_type;  // The NameID and its format, without the common prefix.
  std::string recipient;
  TimeMs session_ends_ms = 0;                              // SessionNotOnOrAfter; 0: it names none.
  std::vector<std::pair<std::string, std::string>> roles;  // Role and provider ARN.
  std::string session_name, source_identity;
  std::vector<std::pair<std::string, std::string>> tags;  // By their keys, case aside.
  std::vector<std::string> transitive_tag_keys;
  std::string user;                 // Lake Formation's: whom grants name.
  std::vector<std::string> groups;  // Each once.
};

// Who an assertion may be meant for: AWS's own names, and those that this server was given.
using SamlAudiences = std::vector<std::string>;

// Reads and verifies the response that `base64` holds against what the provider says of itself. An assertion is good for five
// minutes from its making, and within its own conditions; within them it is good more than once, as for STS: who signs in to ten
// roles shows one assertion ten times. Source: IAM User Guide, "Configure SAML assertions for the authentication response".
// Errors: InvalidIdentityToken (kUnauthenticated), ExpiredTokenException (kUnauthenticated).
Result<SamlAssertion> ReadSamlResponse(std::string_view base64, const SamlMetadata& metadata, const SamlAudiences& audiences,
                                       TimeMs now_ms);

inline constexpr std::int64_t kRedeemWithin_ms = 300'000;  // Of its making.
inline constexpr std::int64_t kClocksDiffer_ms = 60'000;   // How far ahead a provider's clock may be.

}  // namespace hanse::identity
