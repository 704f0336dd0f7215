#pragma once
#include "base/clock.h"
#include "crypto/key.h"
#include "gate/sources.h"
#include "identity/callers.h"
#include "store/memo.h"
#include "store/store.h"

namespace hanse::identity {

// From an access key and, for sessions, a token to the secret that the signature is checked with, and to who it is. Any thread.
// Errors, all kUnauthenticated: InvalidClientTokenId (unknown, switched off, foreign, forged, its owner gone), ExpiredToken.
class SignIn final : public gate::Authenticator {
 public:
  SignIn(store::Store& store, const crypto::Key& key, const Clock& clock, const Callers& callers)
      : store_(store),
        keys_(key.Derive("identity/access-keys")),
        sessions_(key.Derive("identity/sessions")),
        clock_(clock),
        callers_(callers) {}

  Result<Secret> Find(std::string_view access_key, std::string_view session_token) override;

 private:
  static constexpr std::size_t kUsersRememberedMax = 4096;

  Result<Secret> FindUser(std::string_view access_key);
  Result<Secret> FindSession(std::string_view access_key, std::string_view session_token);

  store::Store& store_;
  crypto::Key keys_, sessions_;
  const Clock& clock_;
  const Callers& callers_;
  store::Memo<Secret> users_{kUsersRememberedMax};  // By access key.
};

}  // namespace hanse::identity
