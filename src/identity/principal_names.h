#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "policy/principals.h"
#include "store/directory.h"

// Users, roles and groups by name, ARN and unique id, with the errors that IAM has for those that are not there.
namespace hanse::identity {

// NoSuchEntity "The user with name zoe cannot be found." `kind`: "user", "role", "group".
Result<store::Principal> FindNamed(store::Transaction& tx, std::string_view account, std::string_view kind, std::string_view name);

// In the order of names, after `after` (a name in lower case), with that prefix of paths.
Result<std::vector<store::Principal>> ListNamed(store::Transaction& tx, std::string_view account, std::string_view kind,
                                                std::string_view path_prefix, std::string_view after, std::int64_t limit);

// From the ARN of a user, role or session to AIDA…, AROA… or AROA…:SESSION; and back. For documents that are kept
// (policy/principals.h). Nothing where there is none.
policy::PrincipalLookup IdOf(store::Transaction& tx);
policy::PrincipalLookup ArnOf(store::Transaction& tx);

// Unbound documents come back percent-encoded, as IAM answers them (RFC 3986).
Result<std::string> ShownDocument(store::Transaction& tx, std::string_view kept);

// A row for a new user, role or group. EntityAlreadyExists where its name is taken, also in other letters.
Result<store::Principal> InsertPrincipal(store::Transaction& tx, store::Principal principal);
Result<void> UpdatePrincipal(store::Transaction& tx, const store::Principal& principal);

}  // namespace hanse::identity
