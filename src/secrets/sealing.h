#pragma once
#include <optional>
#include <string>

#include "base/random.h"
#include "crypto/key.h"
#include "gate/gate.h"
#include "secrets/secret.h"

// THE SECURITY RULE of values: a value lies sealed under a data key of its own, which lies wrapped under the secret's KMS key (the
// account's domain key where it names none), bound to this secret and this version. Who seals needs kms:GenerateDataKey on that
// key, who opens kms:Decrypt, both through Secrets Manager, and the key must be usable: the key's policy is asked besides the
// secret's. A value is in no journal, log or error. Source: Secrets Manager User Guide, "Secret encryption and decryption".
namespace hanse::secrets {

// keys/'s keys; server/ connects them. Any thread.
class SecretKeys {
 public:
  virtual ~SecretKeys() = default;
  // The ARN of the account's domain key; `tx` must write where there is none yet.
  virtual Result<std::string> Domain(store::Transaction& tx, std::string_view account, std::string_view region, TimeMs now_ms) = 0;
  // The ARN of a key by id, ARN, alias or alias ARN; nothing where there is none.
  virtual Result<std::optional<std::string>> Find(store::Transaction& tx, std::string_view name, std::string_view account,
                                                  std::string_view region) = 0;
  // Seals or opens a data key; `context` binds it to its version.
  virtual Result<std::string> Wrap(store::Transaction& tx, std::string_view arn, const crypto::Key& key,
                                   std::string_view context) = 0;
  virtual Result<crypto::Key> Unwrap(store::Transaction& tx, std::string_view arn, std::string_view wrapped,
                                     std::string_view context) = 0;
};

// What a secret holds: text or bytes.
struct SecretValue {
  enum class Kind : char { kText = 's', kBytes = 'b' };
  Kind kind = Kind::kText;
  std::string content;

  SecretValue() = default;
  SecretValue(Kind of, std::string what) : kind(of), content(std::move(what)) {}
  SecretValue(SecretValue&&) = default;
  SecretValue& operator=(SecretValue&&) = default;
  SecretValue(const SecretValue&) = delete;
  SecretValue& operator=(const SecretValue&) = delete;
  ~SecretValue() { crypto::Wipe(&content); }
};

// Any thread; what it is given outlives it.
class Sealing {
 public:
  Sealing(SecretKeys& keys, Random& random) : keys_(keys), random_(random) {}

  // The key under which new values of the secret lie. EncryptionFailure where it is not there.
  Result<std::string> KeyOf(const gate::Call& call, const Secret& secret) const;
  // Fills in key_arn, wrapped_key and sealed.
  Result<void> Seal(const gate::Call& call, const Secret& secret, const SecretValue& value, SecretVersion* version) const;
  Result<SecretValue> Open(const gate::Call& call, const Secret& secret, const SecretVersion& version) const;

 private:
  SecretKeys& keys_;
  Random& random_;
};

}  // namespace hanse::secrets
