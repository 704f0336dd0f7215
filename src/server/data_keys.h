#pragma once
#include <optional>

#include "gate/gate.h"
#include "keys/domain_keys.h"
#include "model/arn.h"
#include "objects/data_keys.h"

namespace hanse::server {

// objects/'s keys are keys/'s. Every principal of its account uses a domain key through S3. From another account the caller needs
// kms:Decrypt of its own on the key besides the bucket's policy, which is where the owner agrees: keys have no policies yet. Any
// thread.
class DataKeys final : public objects::DataKeys {
 public:
  DataKeys(keys::DomainKeys& keys, const gate::Gate& gate, const Clock& clock) : keys_(keys), gate_(gate), clock_(clock) {}

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
    TRY(CheckUse(tx, caller, "kms:GenerateDataKey", arn));
    return keys_.Wrap(tx, arn, data_key, context);
  }
  Result<crypto::Key> Unwrap(store::Transaction& tx, const Caller& caller, std::string_view arn, std::string_view wrapped,
                             std::string_view context) override {
    TRY(CheckUse(tx, caller, "kms:Decrypt", arn));
    return keys_.Unwrap(tx, arn, wrapped, context);
  }

 private:
  Result<void> CheckUse(store::Transaction& tx, const Caller& caller, std::string action, std::string_view arn) {
    std::optional<Arn> key = ParseArn(arn);
    if (caller.kind == CallerKind::kService || (key && key->account == caller.account)) return {};
    gate::Context as{caller, {.service = "kms", .now_ms = clock_.NowMs()}};
    // The caller's own side: asked as of a key of its own account, by way of S3.
    gate::Need need{std::move(action), std::string(arn), caller.account, {}};
    if (key) need.context["kms:viaservice"] = {"s3." + key->region + ".amazonaws.com"};
    TRY_ASSIGN(bool allowed, gate_.WouldAllow(tx, as, need));
    if (allowed) return {};
    return Fail(ErrorCode::kAccessDenied, "Access Denied");
  }

  keys::DomainKeys& keys_;
  const gate::Gate& gate_;
  const Clock& clock_;
};

}  // namespace hanse::server
