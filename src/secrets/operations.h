#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "gate/wire_operation.h"
#include "secrets/secret.h"

// The operations of Secrets Manager, each with its rule and what its caller needs; secrets.h acts. Source: Service Authorization
// Reference, "Actions, resources, and condition keys for AWS Secrets Manager".
namespace hanse::secrets {

using Needs = std::vector<gate::Need>;
using ConditionKeys = std::map<std::string, std::vector<std::string>>;

// The need for `action` on the secret that a request calls `id`; where there is none, on what it would be. A refusal repeats `id`
// alone, so that nobody tells missing from forbidden by it.
Result<gate::Need> NeedOnSecret(const gate::Context& context, store::Transaction& tx, std::string_view action,
                                const std::string& id, ConditionKeys keys = {});

// The request's own condition keys: whichever the input has.
template <class In>
ConditionKeys KeysOf(const In& in) {
  ConditionKeys keys;
  [[maybe_unused]] auto truth = [](bool value) { return std::vector<std::string>{value ? "true" : "false"}; };
  if constexpr (requires { in.name; }) keys["secretsmanager:name"] = {in.name.value_or("")};
  if constexpr (requires { in.description; }) {
    if (in.description) keys["secretsmanager:description"] = {*in.description};
  }
  if constexpr (requires { in.kms_key_id; }) {
    if (in.kms_key_id) keys["secretsmanager:kmskeyid"] = {*in.kms_key_id};
  }
  if constexpr (requires { in.version_id; }) {
    if (in.version_id) keys["secretsmanager:versionid"] = {*in.version_id};
  }
  if constexpr (requires { in.version_stage; }) {
    keys["secretsmanager:versionstage"] = {std::string(in.version_stage.value_or(std::string(kCurrent)))};
  }
  if constexpr (requires { in.recovery_window_in_days; }) {
    if (in.recovery_window_in_days) {
      keys["secretsmanager:recoverywindowindays"] = {std::to_string(*in.recovery_window_in_days)};
    }
    keys["secretsmanager:forcedeletewithoutrecovery"] = truth(in.force_delete_without_recovery.value_or(false));
  }
  if constexpr (requires { in.block_public_policy; }) {
    keys["secretsmanager:blockpublicpolicy"] = truth(in.block_public_policy.value_or(false));
  }
  if constexpr (requires { in.tags->front().key; }) {
    if (in.tags) {
      for (const ws::Tag& tag : *in.tags) {
        keys["aws:requesttag/" + Lower(tag.key.value_or(""))] = {tag.value.value_or("")};
        keys["aws:tagkeys"].push_back(tag.key.value_or(""));
      }
    }
  }
  if constexpr (requires { in.tag_keys->front(); }) {
    if (in.tag_keys) keys["aws:tagkeys"] = *in.tag_keys;
  }
  return keys;
}

// On the secret that the member SecretId names.
template <class W, gate::Record kHow>
struct SecretOperation : gate::WireOperation<W, kHow> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const {
    TRY_ASSIGN(gate::Need need, NeedOnSecret(context, tx, std::string("secretsmanager:") + std::string(W::kName),
                                             this->in.secret_id.value_or(""), KeysOf(this->in)));
    return Needs{std::move(need)};
  }
};
// On no secret in particular.
template <class W>
struct AccountOperation : gate::WireOperation<W, gate::Record::kRead> {
  Result<Needs> On(const gate::Context&, store::Transaction&) const {
    return Needs{{.action = std::string("secretsmanager:") + std::string(W::kName), .resource = "*"}};
  }
};
template <class W>
using ReadSecret = SecretOperation<W, gate::Record::kRead>;
template <class W>
using WriteSecret = SecretOperation<W, gate::Record::kWrite>;

struct CreateSecret : gate::WireOperation<ws::op::CreateSecret, gate::Record::kWrite> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct DescribeSecret : ReadSecret<ws::op::DescribeSecret> {};
struct UpdateSecret : WriteSecret<ws::op::UpdateSecret> {};
struct DeleteSecret : WriteSecret<ws::op::DeleteSecret> {};
struct RestoreSecret : WriteSecret<ws::op::RestoreSecret> {};
struct ListSecrets : AccountOperation<ws::op::ListSecrets> {};

// Values: their readers are on disk before their answers are out.
struct GetSecretValue : SecretOperation<ws::op::GetSecretValue, gate::Record::kDataAccess> {};
struct BatchGetSecretValue : gate::WireOperation<ws::op::BatchGetSecretValue, gate::Record::kDataAccess> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct PutSecretValue : WriteSecret<ws::op::PutSecretValue> {};
struct UpdateSecretVersionStage : WriteSecret<ws::op::UpdateSecretVersionStage> {};
struct ListSecretVersionIds : ReadSecret<ws::op::ListSecretVersionIds> {};
struct GetRandomPassword : AccountOperation<ws::op::GetRandomPassword> {};

struct PutResourcePolicy : WriteSecret<ws::op::PutResourcePolicy> {};
struct GetResourcePolicy : ReadSecret<ws::op::GetResourcePolicy> {};
struct DeleteResourcePolicy : WriteSecret<ws::op::DeleteResourcePolicy> {};
struct ValidateResourcePolicy : gate::WireOperation<ws::op::ValidateResourcePolicy, gate::Record::kWrite> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct TagResource : WriteSecret<ws::op::TagResource> {};
struct UntagResource : WriteSecret<ws::op::UntagResource> {};

// There is no function here that rotates: nothing is turned on, so nothing is ever to be turned off.
struct RotateSecret : WriteSecret<ws::op::RotateSecret> {};
struct CancelRotateSecret : WriteSecret<ws::op::CancelRotateSecret> {};

using Operations = gate::List<CreateSecret, DescribeSecret, UpdateSecret, DeleteSecret, RestoreSecret, ListSecrets, GetSecretValue,
                              BatchGetSecretValue, PutSecretValue, UpdateSecretVersionStage, ListSecretVersionIds,
                              GetRandomPassword, PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy, ValidateResourcePolicy,
                              TagResource, UntagResource, RotateSecret, CancelRotateSecret>;

}  // namespace hanse::secrets
