#include "secrets/sealing.h"

#include <fmt/format.h>

#include "base/text.h"
#include "crypto/aead.h"
#include "model/arn.h"

namespace hanse::secrets {
namespace {

gate::Need NeedOnSecretKey(const gate::Call& call, std::string_view action, const std::string& key_arn, const Secret& secret,
                           const SecretVersion& version) {
  std::optional<Arn> arn = ParseArn(key_arn);
  gate::Need need{.action = std::string(action), .resource = key_arn, .owner = arn ? arn->account : AccountId()};
  need.context = {{"kms:viaservice", {fmt::format("secretsmanager.{}.amazonaws.com", secret.region)}},
                  {"kms:encryptioncontext:secretarn", {secret.arn}},
                  {"kms:encryptioncontext:secretversionid", {version.version}},
                  {"kms:encryptioncontextkeys", {"SecretARN", "SecretVersionId"}},
                  {"kms:calleraccount", {call.caller().account}},
                  {"aws:viaawsservice", {"true"}}};
  return need;
}

std::string ContextOf(const Secret& secret, const SecretVersion& version) {
  return fmt::format("secret {} {}", secret.id, version.version);
}

// What is wrong with the key is told by Secrets Manager's name for it.
template <class T>
Result<T> AsOf(std::string_view name, Result<T> done) {
  if (done || done.error().code == ErrorCode::kUnavailable || done.error().code == ErrorCode::kInternal) return done;
  return FailAs(ErrorCode::kConflict, std::string(name),
                fmt::format("Secrets Manager can't use the KMS key of the secret: {}", done.error().message));
}

}  // namespace

Result<std::string> Sealing::KeyOf(const gate::Call& call, const Secret& secret) const {
  const std::string named = secret.details.kms_key_id.value_or("");
  if (named.empty()) return keys_.Domain(call.tx(), secret.account, secret.region, call.now_ms());
  TRY_ASSIGN(auto found, keys_.Find(call.tx(), named, secret.account, secret.region));
  if (found) return std::move(*found);
  return FailAs(ErrorCode::kConflict, "EncryptionFailure", fmt::format("The KMS key {} does not exist.", named));
}

Result<void> Sealing::Seal(const gate::Call& call, const Secret& secret, const SecretValue& value, SecretVersion* version) const {
  TRY_ASSIGN(version->key_arn, KeyOf(call, secret));
  TRY(call.Require(NeedOnSecretKey(call, "kms:GenerateDataKey", version->key_arn, secret, *version)));
  const std::string context = ContextOf(secret, *version);
  crypto::Key key = crypto::Key::Draw(random_);
  TRY_ASSIGN(version->wrapped_key, AsOf("EncryptionFailure", keys_.Wrap(call.tx(), version->key_arn, key, context)));
  std::string plain = std::string(1, static_cast<char>(value.kind)) + value.content;
  // The key is new and seals this once.
  version->sealed = Base64(crypto::Seal(key, std::string(crypto::kNonceBytes, '\0'), context, plain));
  crypto::Wipe(&plain);
  return {};
}

Result<SecretValue> Sealing::Open(const gate::Call& call, const Secret& secret, const SecretVersion& version) const {
  TRY(call.Require(NeedOnSecretKey(call, "kms:Decrypt", version.key_arn, secret, version)));
  const std::string context = ContextOf(secret, version);
  TRY_ASSIGN(crypto::Key key, AsOf("DecryptionFailure", keys_.Unwrap(call.tx(), version.key_arn, version.wrapped_key, context)));
  std::string bytes;
  if (!UnBase64(version.sealed, &bytes)) return Fail(ErrorCode::kInternal, "a secret's value is damaged");
  auto plain = crypto::Open(key, std::string(crypto::kNonceBytes, '\0'), context, bytes);
  if (!plain || plain->empty()) return Fail(ErrorCode::kInternal, "a secret's value is damaged");
  SecretValue value(
      plain->front() == static_cast<char>(SecretValue::Kind::kBytes) ? SecretValue::Kind::kBytes : SecretValue::Kind::kText,
      plain->substr(1));
  crypto::Wipe(&*plain);
  return value;
}

}  // namespace hanse::secrets
