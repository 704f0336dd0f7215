#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

// A policy names principals by ARN; what it means is the user or role that had this ARN when the policy was written. So the
// documents that are kept name unique ids instead (AIDA…, AROA…, AROA…:SESSION), and a namesake made later is somebody else
// (IAM User Guide, "AWS JSON policy elements: Principal"). ARNs of what is gone come back as ids.
namespace hanse::policy {

inline constexpr std::string_view kSamlProviderIdPrefix = "SAMLP";  // Of the unique ids of SAML providers.

// From an ARN to its unique id, or back; nothing where there is no such principal. One that knows users and roles alone is enough:
// a session is asked for by its role (by name, at path "/").
using PrincipalLookup = std::function<Result<std::optional<std::string>>(std::string_view)>;

// The document with the ARNs of users, roles, sessions and SAML providers as unique ids. kInvalidArgument (MalformedPolicyDocument)
// "Invalid principal in policy: …" where one does not exist. Accounts, services, "*" and ids stay.
Result<std::string> BindPrincipals(std::string_view document, const PrincipalLookup& id_of);

// The document as it is shown: the ids of what still exists as ARNs.
Result<std::string> ShowPrincipals(std::string_view document, const PrincipalLookup& arn_of);

}  // namespace hanse::policy
