#pragma once
#include <string>
#include <vector>

#include "base/random.h"
#include "crypto/key.h"
#include "secrets/operations.h"
#include "secrets/sealing.h"

namespace hanse::secrets {

// Secrets Manager: secrets, the versions of their values and the labels of those. Source: Secrets Manager API Reference and User
// Guide. Any thread; what it is made of outlives it.
class Secrets {
 public:
  // `key` is the server's: page tokens are sealed under it.
  Secrets(SecretKeys& keys, const crypto::Key& key, Random& random)
      : sealing_(keys, random), random_(random), key_(key.Derive("secrets pages")) {}

  // Secrets: lifecycle.cc.
  Result<CreateSecret::Answer> Do(const gate::Authorized<CreateSecret>& call) const;
  Result<DescribeSecret::Answer> Do(const gate::Authorized<DescribeSecret>& call) const;
  Result<UpdateSecret::Answer> Do(const gate::Authorized<UpdateSecret>& call) const;
  Result<DeleteSecret::Answer> Do(const gate::Authorized<DeleteSecret>& call) const;
  Result<RestoreSecret::Answer> Do(const gate::Authorized<RestoreSecret>& call) const;
  Result<RotateSecret::Answer> Do(const gate::Authorized<RotateSecret>& call) const;
  Result<CancelRotateSecret::Answer> Do(const gate::Authorized<CancelRotateSecret>& call) const;

  // Values: values.cc.
  Result<GetSecretValue::Answer> Do(const gate::Authorized<GetSecretValue>& call) const;
  Result<BatchGetSecretValue::Answer> Do(const gate::Authorized<BatchGetSecretValue>& call) const;
  Result<PutSecretValue::Answer> Do(const gate::Authorized<PutSecretValue>& call) const;
  Result<UpdateSecretVersionStage::Answer> Do(const gate::Authorized<UpdateSecretVersionStage>& call) const;
  Result<ListSecretVersionIds::Answer> Do(const gate::Authorized<ListSecretVersionIds>& call) const;

  // Lists: listing.cc.
  Result<ListSecrets::Answer> Do(const gate::Authorized<ListSecrets>& call) const;

  // Policies and tags: naming.cc. Passwords: password.cc.
  Result<PutResourcePolicy::Answer> Do(const gate::Authorized<PutResourcePolicy>& call) const;
  Result<GetResourcePolicy::Answer> Do(const gate::Authorized<GetResourcePolicy>& call) const;
  Result<DeleteResourcePolicy::Answer> Do(const gate::Authorized<DeleteResourcePolicy>& call) const;
  Result<ValidateResourcePolicy::Answer> Do(const gate::Authorized<ValidateResourcePolicy>& call) const;
  Result<TagResource::Answer> Do(const gate::Authorized<TagResource>& call) const;
  Result<UntagResource::Answer> Do(const gate::Authorized<UntagResource>& call) const;
  Result<GetRandomPassword::Answer> Do(const gate::Authorized<GetRandomPassword>& call) const;

 private:
  struct NewVersion {
    std::string id;  // The request's token, or one that is drawn.
    std::vector<std::string> stages;
  };
  // Adds the version and moves its labels; where the same request came before, leaves it at that. ResourceExistsException where
  // the id is another value's.
  Result<SecretVersion> Add(const gate::Call& call, const Secret& secret, NewVersion wanted, const SecretValue& value) const;
  // CreateSecret of a name that is taken: the same request once more, or ResourceExistsException.
  Result<CreateSecret::Answer> Again(const gate::Call& call, const Secret& secret, const std::optional<std::string>& token,
                                     const std::optional<SecretValue>& value) const;
  // Seals all that have labels anew, under the key that the secret names now.
  Result<void> SealAnew(const gate::Call& call, const Secret& secret) const;
  Result<GetSecretValue::Answer> Read(const gate::Call& call, const Secret& secret, const std::optional<std::string>& version_id,
                                      const std::optional<std::string>& stage) const;
  Result<void> AddToBatch(const gate::Call& call, const std::string& id, BatchGetSecretValue::Answer* answer) const;
  // The next secrets that fit, with the token of the page after it.
  struct Listed {
    std::vector<Secret> secrets;
    std::optional<std::string> next_token;
  };
  template <class Input>
  Result<Listed> NextPage(const gate::Call& call, const Input& in, Order order, bool deleted_too) const;

  Sealing sealing_;
  Random& random_;
  crypto::Key key_;
};

// The secret that a request names: ResourceNotFoundException where there is none.
Result<Secret> Asked(const gate::Call& call, const std::optional<std::string>& id);
// The same; InvalidRequestException where it was deleted.
Result<Secret> AskedAlive(const gate::Call& call, const std::optional<std::string>& id);
// Adds tags over those that are there; InvalidParameterException for one that is not to be given.
Result<void> AddTags(const std::vector<ws::Tag>& more, std::optional<std::vector<ws::Tag>>* tags);
// Nothing where the input has no value; InvalidParameterException where it has two.
template <class In>
Result<std::optional<SecretValue>> ValueOf(const In& in) {
  if (in.secret_string && in.secret_binary) {
    return Fail(ErrorCode::kInvalidArgument, "You can't specify both a binary secret value and a string secret value.");
  }
  std::optional<SecretValue> value;
  if (in.secret_string) value.emplace(SecretValue::Kind::kText, *in.secret_string);
  if (in.secret_binary) value.emplace(SecretValue::Kind::kBytes, *in.secret_binary);
  return value;
}

}  // namespace hanse::secrets
