#pragma once
#include <optional>
#include <string>

#include "keys/domain_keys.h"
#include "objects/data_keys.h"
#include "secrets/sealing.h"

namespace hanse::server {

// keys/'s keys as other folders ask for them. Any thread.
template <class Interface>
class WrappingKeys : public Interface {
 public:
  explicit WrappingKeys(keys::DomainKeys& keys) : keys_(keys) {}

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
  Result<std::string> Wrap(store::Transaction& tx, std::string_view arn, const crypto::Key& data_key,
                           std::string_view context) override {
    return keys_.Wrap(tx, arn, data_key, context);
  }
  Result<crypto::Key> Unwrap(store::Transaction& tx, std::string_view arn, std::string_view wrapped,
                             std::string_view context) override {
    return keys_.Unwrap(tx, arn, wrapped, context);
  }

 private:
  keys::DomainKeys& keys_;
};

// Of the values of secrets.
using SecretKeys = WrappingKeys<secrets::SecretKeys>;

// Of the bytes of objects; S3 tells KMS's errors by their names with "KMS." before them.
class DataKeys final : public WrappingKeys<objects::DataKeys> {
 public:
  using WrappingKeys::WrappingKeys;

  Result<std::string> Wrap(store::Transaction& tx, std::string_view arn, const crypto::Key& data_key,
                           std::string_view context) override {
    return AsOfS3(WrappingKeys::Wrap(tx, arn, data_key, context));
  }
  Result<crypto::Key> Unwrap(store::Transaction& tx, std::string_view arn, std::string_view wrapped,
                             std::string_view context) override {
    return AsOfS3(WrappingKeys::Unwrap(tx, arn, wrapped, context));
  }

 private:
  template <class T>
  static Result<T> AsOfS3(Result<T> done) {
    if (!done && !done.error().name.empty()) done.error().name = "KMS." + done.error().name;
    return done;
  }
};

}  // namespace hanse::server
