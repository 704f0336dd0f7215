#include "doors/aws/signing_keys.h"

#include "crypto/digest.h"
#include "crypto/key.h"

namespace hanse::aws {

SigningKeys::Known::Known(std::string_view secret, const crypto::SigV4Scope& scope)
    : secret(secret), signing_key(crypto::SigningKey(secret, scope)), scope(scope) {}

SigningKeys::Known::~Known() {
  crypto::Wipe(&secret);
  crypto::Wipe(&signing_key);
}

std::string SigningKeys::Of(const std::string& access_key, std::string_view secret, const crypto::SigV4Scope& scope) {
  const std::lock_guard lock(mutex_);
  if (auto found = known_.find(access_key); found != known_.end()) {
    const Known& known = found->second;
    if (known.scope == scope && crypto::SameSecret(known.secret, secret)) return known.signing_key;
    known_.erase(found);
  }
  if (known_.size() >= kCountMax) known_.clear();
  return known_.try_emplace(access_key, secret, scope).first->second.signing_key;
}

void SigningKeys::Forget(const std::string& access_key) {
  const std::lock_guard lock(mutex_);
  known_.erase(access_key);
}

std::size_t SigningKeys::count() const {
  const std::lock_guard lock(mutex_);
  return known_.size();
}

}  // namespace hanse::aws
