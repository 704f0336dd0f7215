#pragma once
#include <string>

#include "base/text.h"
#include "catalog/connection.h"
#include "keys/domain_keys.h"
#include "keys/kms.h"

namespace hanse::server {

// Passwords of connections lie under keys/'s keys. Any thread.
class ConnectionKeys final : public catalog::ConnectionKeys {
 public:
  ConnectionKeys(keys::DomainKeys& keys, keys::Kms& kms) : keys_(keys), kms_(kms) {}

  Result<std::string> Domain(store::Transaction& tx, const AccountId& account, const std::string& region, TimeMs now_ms) override {
    TRY_ASSIGN(keys::KmsKey key, keys_.Domain(tx, account, region, now_ms));
    return key.arn;
  }
  Result<std::string> Wrap(store::Transaction& tx, const std::string& arn, const crypto::Key& key,
                           const std::string& context) override {
    return keys_.Wrap(tx, arn, key, context);
  }
  Result<crypto::Key> Unwrap(store::Transaction& tx, const std::string& arn, const std::string& wrapped,
                             const std::string& context) override {
    return keys_.Unwrap(tx, arn, wrapped, context);
  }
  Result<std::string> Encrypt(const gate::Call& call, const std::string& key_id, const std::string& text) override {
    keys::Encrypt encrypt;
    encrypt.in.key_id = key_id;
    encrypt.in.plaintext = text;
    TRY_ASSIGN(auto sealed, call.Perform(call.caller(), encrypt, kms_));
    return Base64(*sealed.ciphertext_blob);
  }

 private:
  keys::DomainKeys& keys_;
  keys::Kms& kms_;
};

}  // namespace hanse::server
