#pragma once
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "crypto/sigv4.h"

namespace hanse::aws {

// The signing keys that requests were checked with last, one an access key: four HMACs are worked out once a day, region and
// service. The secret is asked for at each request all the same, and a signing key serves only where it was made of that very
// secret; with a credential that is refused goes its signing key. At most kCountMax; all go when there are more. Any thread.
class SigningKeys {
 public:
  static constexpr std::size_t kCountMax = 1024;

  SigningKeys() = default;
  SigningKeys(const SigningKeys&) = delete;
  SigningKeys& operator=(const SigningKeys&) = delete;

  // crypto::SigningKey(secret, scope), which its holder wipes.
  std::string Of(const std::string& access_key, std::string_view secret, const crypto::SigV4Scope& scope);
  void Forget(const std::string& access_key);
  std::size_t count() const;

 private:
  struct Known {
    std::string secret, signing_key;
    crypto::SigV4Scope scope;
    Known(std::string_view secret, const crypto::SigV4Scope& scope);
    Known(const Known&) = delete;
    Known& operator=(const Known&) = delete;
    ~Known();
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Known> known_;
};

}  // namespace hanse::aws
