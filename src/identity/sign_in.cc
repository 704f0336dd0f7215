#include "identity/sign_in.h"

#include "identity/access_keys.h"

namespace hanse::identity {

Result<gate::Authenticator::Secret> SignIn::Find(std::string_view access_key, std::string_view session_token) {
  return session_token.empty() ? FindUser(access_key) : FindSession(access_key, session_token);
}

Result<gate::Authenticator::Secret> SignIn::FindUser(std::string_view access_key) {
  if (auto known = users_.Find(store_, access_key)) return *known;
  TRY_ASSIGN(auto tx, store_.BeginRead());
  TRY_ASSIGN(auto key, FindAccessKey(*tx, access_key));
  if (!key || key->status != "Active") return InvalidToken();
  TRY_ASSIGN(Caller caller, callers_.OfUser(*tx, key->principal, access_key));
  auto secret = OpenSecret(keys_, *key);
  if (!secret) return Fail(ErrorCode::kInternal, "the secret of an access key does not open under this server's key");
  return *users_.Keep(access_key, Secret{std::move(*secret), std::move(caller)}, tx->basis());
}

Result<gate::Authenticator::Secret> SignIn::FindSession(std::string_view access_key, std::string_view session_token) {
  TRY_ASSIGN(Session session, OpenSession(sessions_, session_token));
  // A token belongs to its key: with another one it proves nothing.
  if (session.access_key != access_key) return InvalidToken();
  if (clock_.NowMs() >= session.expires_ms) {
    return FailAs(ErrorCode::kUnauthenticated, "ExpiredToken", "The security token included in the request is expired");
  }
  TRY_ASSIGN(auto tx, store_.BeginRead());
  TRY_ASSIGN(Caller caller, callers_.OfSession(*tx, session));
  return Secret{std::move(session.secret), std::move(caller)};
}

}  // namespace hanse::identity
