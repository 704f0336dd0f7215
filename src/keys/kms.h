#pragma once
#include <optional>
#include <string>

#include "base/random.h"
#include "crypto/key.h"
#include "keys/markers.h"
#include "keys/materials.h"
#include "keys/operations.h"

namespace hanse::keys {

// KMS: keys, their names, policies and states, and what is done with them. Any thread; what it is made of outlives it.
class Kms {
 public:
  // `key` is the server's: markers are sealed under it.
  Kms(Materials& materials, const crypto::Key& key, Random& random)
      : materials_(materials), random_(random), markers_(key, random) {}

  // Keys: lifecycle.cc.
  Result<CreateKey::Answer> Do(const gate::Authorized<CreateKey>& call);
  Result<DescribeKey::Answer> Do(const gate::Authorized<DescribeKey>& call);
  Result<ListKeys::Answer> Do(const gate::Authorized<ListKeys>& call);
  Result<UpdateKeyDescription::Answer> Do(const gate::Authorized<UpdateKeyDescription>& call);
  Result<EnableKey::Answer> Do(const gate::Authorized<EnableKey>& call);
  Result<DisableKey::Answer> Do(const gate::Authorized<DisableKey>& call);
  Result<ScheduleKeyDeletion::Answer> Do(const gate::Authorized<ScheduleKeyDeletion>& call);
  Result<CancelKeyDeletion::Answer> Do(const gate::Authorized<CancelKeyDeletion>& call);

  // Tags, policies and aliases: naming.cc.
  Result<TagResource::Answer> Do(const gate::Authorized<TagResource>& call);
  Result<UntagResource::Answer> Do(const gate::Authorized<UntagResource>& call);
  Result<ListResourceTags::Answer> Do(const gate::Authorized<ListResourceTags>& call);
  Result<PutKeyPolicy::Answer> Do(const gate::Authorized<PutKeyPolicy>& call);
  Result<GetKeyPolicy::Answer> Do(const gate::Authorized<GetKeyPolicy>& call);
  Result<ListKeyPolicies::Answer> Do(const gate::Authorized<ListKeyPolicies>& call);
  Result<CreateAlias::Answer> Do(const gate::Authorized<CreateAlias>& call);
  Result<UpdateAlias::Answer> Do(const gate::Authorized<UpdateAlias>& call);
  Result<DeleteAlias::Answer> Do(const gate::Authorized<DeleteAlias>& call);
  Result<ListAliases::Answer> Do(const gate::Authorized<ListAliases>& call);

  // What is sealed: cryptography.cc.
  Result<Encrypt::Answer> Do(const gate::Authorized<Encrypt>& call);
  Result<Decrypt::Answer> Do(const gate::Authorized<Decrypt>& call);
  Result<ReEncrypt::Answer> Do(const gate::Authorized<ReEncrypt>& call);
  Result<GenerateDataKey::Answer> Do(const gate::Authorized<GenerateDataKey>& call);
  Result<GenerateDataKeyWithoutPlaintext::Answer> Do(const gate::Authorized<GenerateDataKeyWithoutPlaintext>& call);
  Result<GenerateRandom::Answer> Do(const gate::Authorized<GenerateRandom>& call);

  // Grants: granting.cc.
  Result<CreateGrant::Answer> Do(const gate::Authorized<CreateGrant>& call);
  Result<ListGrants::Answer> Do(const gate::Authorized<ListGrants>& call);
  Result<ListRetirableGrants::Answer> Do(const gate::Authorized<ListRetirableGrants>& call);
  Result<RevokeGrant::Answer> Do(const gate::Authorized<RevokeGrant>& call);
  Result<RetireGrant::Answer> Do(const gate::Authorized<RetireGrant>& call);

  // New material: rotation.cc.
  Result<EnableKeyRotation::Answer> Do(const gate::Authorized<EnableKeyRotation>& call);
  Result<DisableKeyRotation::Answer> Do(const gate::Authorized<DisableKeyRotation>& call);
  Result<GetKeyRotationStatus::Answer> Do(const gate::Authorized<GetKeyRotationStatus>& call);
  Result<RotateKeyOnDemand::Answer> Do(const gate::Authorized<RotateKeyOnDemand>& call);
  Result<ListKeyRotations::Answer> Do(const gate::Authorized<ListKeyRotations>& call);

 private:
  struct Opened {
    std::string key_arn, plaintext, material_id;
  };
  // Opens a blob, which must be of the key that was named, if one was.
  Result<Opened> Open(const gate::Call& call, const std::string& blob, const std::optional<std::string>& key,
                      const std::optional<std::map<std::string, std::string>>& context);

  Materials& materials_;
  Random& random_;
  Markers markers_;
};

// The key that a request names, in its act: NotFoundException where there is none. Noted as the resource of the record.
Result<KmsKey> Asked(const gate::Call& call, std::string_view name);
// KMSInvalidStateException where it is pending deletion.
Result<void> CheckAlive(const KmsKey& key);
// Which material it is, as answers tell it.
std::string MaterialId(std::string_view key_arn, std::int64_t version);

}  // namespace hanse::keys
