#pragma once
#include <vector>

#include "gate/wire_operation.h"
#include "keys/needs.h"
#include "wire/kms.h"

// The operations of KMS, each with its rule and what its caller needs; kms.h acts.
namespace hanse::keys {

namespace wk = wire::kms;
inline constexpr auto kRead = gate::Record::kRead;
inline constexpr auto kWrite = gate::Record::kWrite;

// On the key that the member KeyId names.
template <class W, gate::Record kHow, Reach kReach>
struct KeyOperation : gate::WireOperation<W, kHow> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const {
    TRY_ASSIGN(gate::Need need, NeedOnKey(context, tx, std::string("kms:") + std::string(W::kName), this->in.key_id.value_or(""),
                                          kReach, KeysOf(this->in)));
    return Needs{std::move(need)};
  }
};
// On no key in particular.
template <class W>
struct AccountOperation : gate::WireOperation<W, kRead> {
  Result<Needs> On(const gate::Context&, store::Transaction&) const {
    return Needs{{.action = std::string("kms:") + std::string(W::kName), .resource = "*"}};
  }
};
template <class W>
using ReadOwn = KeyOperation<W, kRead, Reach::kOwnAccount>;
template <class W>
using WriteOwn = KeyOperation<W, kWrite, Reach::kOwnAccount>;
template <class W>
using Use = KeyOperation<W, kRead, Reach::kAnyAccount>;

struct CreateKey : gate::WireOperation<wk::op::CreateKey, kWrite> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct ListKeys : AccountOperation<wk::op::ListKeys> {};
struct DescribeKey : KeyOperation<wk::op::DescribeKey, kRead, Reach::kAnyAccount> {};
struct UpdateKeyDescription : WriteOwn<wk::op::UpdateKeyDescription> {};
struct EnableKey : WriteOwn<wk::op::EnableKey> {};
struct DisableKey : WriteOwn<wk::op::DisableKey> {};
struct ScheduleKeyDeletion : WriteOwn<wk::op::ScheduleKeyDeletion> {};
struct CancelKeyDeletion : WriteOwn<wk::op::CancelKeyDeletion> {};
struct TagResource : WriteOwn<wk::op::TagResource> {};
struct UntagResource : WriteOwn<wk::op::UntagResource> {};
struct ListResourceTags : ReadOwn<wk::op::ListResourceTags> {};

struct PutKeyPolicy : WriteOwn<wk::op::PutKeyPolicy> {};
struct GetKeyPolicy : ReadOwn<wk::op::GetKeyPolicy> {};
struct ListKeyPolicies : ReadOwn<wk::op::ListKeyPolicies> {};

// Both on the alias and on the key that it names, or is to name, or named before.
struct CreateAlias : gate::WireOperation<wk::op::CreateAlias, kWrite> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct UpdateAlias : gate::WireOperation<wk::op::UpdateAlias, kWrite> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct DeleteAlias : gate::WireOperation<wk::op::DeleteAlias, kWrite> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct ListAliases : AccountOperation<wk::op::ListAliases> {};

struct Encrypt : Use<wk::op::Encrypt> {};
// On the key that is named, else on the one that the ciphertext names.
struct Decrypt : gate::WireOperation<wk::op::Decrypt, kRead> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
// kms:ReEncryptFrom on the one, kms:ReEncryptTo on the other.
struct ReEncrypt : gate::WireOperation<wk::op::ReEncrypt, kRead> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct GenerateDataKey : Use<wk::op::GenerateDataKey> {};
struct GenerateDataKeyWithoutPlaintext : Use<wk::op::GenerateDataKeyWithoutPlaintext> {};
struct GenerateRandom : AccountOperation<wk::op::GenerateRandom> {};

struct CreateGrant : gate::WireOperation<wk::op::CreateGrant, kWrite> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct ListGrants : KeyOperation<wk::op::ListGrants, kRead, Reach::kAnyAccount> {};
struct ListRetirableGrants : AccountOperation<wk::op::ListRetirableGrants> {};
struct RevokeGrant : KeyOperation<wk::op::RevokeGrant, kWrite, Reach::kAnyAccount> {};
// Who may is said by the grant itself, or by the key's policy.
struct RetireGrant : gate::WireOperation<wk::op::RetireGrant, kWrite> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};

struct EnableKeyRotation : WriteOwn<wk::op::EnableKeyRotation> {};
struct DisableKeyRotation : WriteOwn<wk::op::DisableKeyRotation> {};
struct GetKeyRotationStatus : Use<wk::op::GetKeyRotationStatus> {};
struct RotateKeyOnDemand : WriteOwn<wk::op::RotateKeyOnDemand> {};
struct ListKeyRotations : ReadOwn<wk::op::ListKeyRotations> {};

using Operations =
    gate::List<CreateKey, DescribeKey, ListKeys, UpdateKeyDescription, EnableKey, DisableKey, ScheduleKeyDeletion,
               CancelKeyDeletion, TagResource, UntagResource, ListResourceTags, PutKeyPolicy, GetKeyPolicy, ListKeyPolicies,
               CreateAlias, UpdateAlias, DeleteAlias, ListAliases, Encrypt, Decrypt, ReEncrypt, GenerateDataKey,
               GenerateDataKeyWithoutPlaintext, GenerateRandom, CreateGrant, ListGrants, ListRetirableGrants, RevokeGrant,
               RetireGrant, EnableKeyRotation, DisableKeyRotation, GetKeyRotationStatus, RotateKeyOnDemand, ListKeyRotations>;

}  // namespace hanse::keys
