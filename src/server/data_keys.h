#pragma once
#include <optional>

#include "keys/domain_keys.h"
#include "model/arn.h"
#include "objects/data_keys.h"

namespace hanse::server {

// objects/'s keys are keys/'s. Any thread.
class DataKeys final : public objects::DataKeys {
 public:
  explicit DataKeys(keys::DomainKeys& keys) : keys_(keys) {}

  Result<std::string> Domain(store::Transaction& tx, std::string_view account, std::string_view region, TimeMs now_ms) override {
    TRY_ASSIGN(keys::DomainKey key, keys_.Domain(tx, account, region, now_ms));
    return key.arn;
  }
  Result<std::optional<std::string>> Find(store::Transaction& tx, std::string_view name, std::string_view account,
                                          std::string_view region) override {
    TRY_ASSIGN(auto key, keys_.Find(tx, name, account, region));
    if (!key) return std::optional<std::string>();
    return std::optional<std::string>(key->arn);
  }
  Result<std::string> Wrap(store::Transaction& tx, const Caller& caller, std::string_view arn, const crypto::Key& data_key,
                           std::string_view context) override {
    TRY(CheckUse(caller, arn));
    return keys_.Wrap(tx, arn, data_key, context);
  }
  Result<crypto::Key> Unwrap(store::Transaction& tx, const Caller& caller, std::string_view arn, std::string_view wrapped,
                             std::string_view context) override {
    TRY(CheckUse(caller, arn));
    return keys_.Unwrap(tx, arn, wrapped, context);
  }

 private:
  // Every principal of its account uses a domain key through S3; from another account the key's own policy would have to say so.
  static Result<void> CheckUse(const Caller& caller, std::string_view arn) {
    std::optional<Arn> key = ParseArn(arn);
    if (caller.kind == CallerKind::kService || (key && key->account == caller.account)) return {};
    return Fail(ErrorCode::kAccessDenied, "Access Denied");
  }

  keys::DomainKeys& keys_;
};

}  // namespace hanse::server
