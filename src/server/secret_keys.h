#pragma once
#include <optional>
#include <string>

#include "keys/domain_keys.h"
#include "secrets/sealing.h"

namespace hanse::server {

// Values of secrets lie under keys/'s keys. Any thread.
class SecretKeys final : public secrets::SecretKeys {
 public:
  explicit SecretKeys(keys::DomainKeys& keys) : keys_(keys) {}

  Result<std::string> Domain(store::Transaction& tx, std::string_view account, std::string_view region, TimeMs now_ms) override {
    TRY_ASSIGN(keys::KmsKey key, keys_.Domain(tx, account, region, now_ms));
    return key.arn;
  }
  Result<std::optional<std::string>> Find(store::Transaction& tx, std::string_view name, std::string_view account,
                                          std::string_view region) override {
    TRY_ASSIGN(auto key, keys::FindKey(tx, name, account, region));
    if (!key) return std::optional<std::string>();
    return std::optional<std::string>(key->arn);
  }
  Result<std::string> Wrap(store::Transaction& tx, std::string_view arn, const crypto::Key& key,
                           std::string_view context) override {
    return keys_.Wrap(tx, arn, key, context);
  }
  Result<crypto::Key> Unwrap(store::Transaction& tx, std::string_view arn, std::string_view wrapped,
                             std::string_view context) override {
    return keys_.Unwrap(tx, arn, wrapped, context);
  }

 private:
  keys::DomainKeys& keys_;
};

}  // namespace hanse::server
