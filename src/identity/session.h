#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "crypto/key.h"
#include "model/caller.h"

namespace hanse::identity {

enum class SessionKind { kRole, kUser, kFederated };

// What a session token holds. The server keeps nothing of a session: its user or role is looked up at every request, so that what
// is deleted or changed counts at once.
struct Session {
  SessionKind kind = SessionKind::kRole;
  std::string access_key, secret;
  AccountId account;
  Id principal = 0;       // Of the role, or of the user behind it.
  std::string unique_id;  // Of the same; a check that the row is still the one that was meant.
  std::string name;       // RoleSessionName, or the federated user's.
  TimeMs issued_ms = 0, expires_ms = 0;
  std::string source_identity;
  std::map<std::string, std::string> tags;
  std::vector<std::string> transitive_tag_keys;
  std::vector<std::string> policies;  // Documents that narrow it.
  // Of credentials that were vended for data (Caller::vended): whose reading they serve, without its key and policies.
  std::shared_ptr<const Session> reader;
  std::string grounds;
  std::shared_ptr<const SamlUser> saml;  // Of one that began with an assertion. Its provider is looked up again, as the role is.
};

// `key`: the server's, derived for "identity/sessions".
std::string SealSession(const crypto::Key& key, Random& random, const Session& session);
// kUnauthenticated (InvalidClientTokenId) for what this server did not seal.
Result<Session> OpenSession(const crypto::Key& key, std::string_view token);

// A document that leaves nothing.
inline constexpr std::string_view kNothingLeft =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":"*","Resource":"*"}]})";

// "The security token included in the request is invalid."
std::unexpected<Error> InvalidToken();

}  // namespace hanse::identity
