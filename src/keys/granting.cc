#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "keys/errors.h"
#include "keys/grants.h"
#include "keys/kms.h"

// Grants come and go. Source: KMS API Reference; what they give: grants.h.
namespace hanse::keys {
namespace {

constexpr std::int64_t kGrantsShown = 50;
constexpr std::size_t kGrantIdBytes = 32;
// Those of a symmetric key.
constexpr std::array<std::string_view, 9> kGrantable = {
    "Encrypt",     "Decrypt",     "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo",
    "CreateGrant", "RetireGrant", "DescribeKey"};

Refusal NoSuchGrant(std::string_view id) {
  return Refuse(ErrorCode::kNotFound, "NotFoundException", fmt::format("Grant ID {} not found", id));
}

Result<void> CheckGrant(const wk::CreateGrantRequest& in) {
  if (in.grantee_service_principal || in.retiring_service_principal) return NotBuilt("A grant to a service");
  if (in.constraints && in.constraints->source_arn) return NotBuilt("The constraint SourceArn");
  if (!in.grantee_principal) return Invalid("GranteePrincipal is required.");
  if (in.operations->empty()) return Invalid("Operations must name at least one.");
  for (const std::string& one : *in.operations) {
    if (!Contains(kGrantable, one)) return Invalid(fmt::format("Operation {} is not one of a symmetric key.", one));
  }
  if (in.constraints && in.constraints->encryption_context_equals && in.constraints->encryption_context_subset) {
    return Invalid("EncryptionContextSubset and EncryptionContextEquals cannot be used together.");
  }
  return {};
}

template <class In>
Result<void> CheckNoDryRun(const In& in) {
  if (!in.dry_run.value_or(false)) return {};
  return Refuse(ErrorCode::kConflict, "DryRunOperationException",
                "The request would have succeeded, but the DryRun option is set.");
}

Result<wk::GrantListEntry> Told(store::Transaction& tx, const KeyGrant& grant) {
  wk::GrantListEntry shown = grant.told;
  TRY_ASSIGN(shown.grantee_principal, ShownPrincipal(tx, grant.grantee));
  if (!grant.retiring.empty()) {
    TRY_ASSIGN(shown.retiring_principal, ShownPrincipal(tx, grant.retiring));
  }
  shown.grant_id = grant.id;
  shown.creation_date = wire::Timestamp{grant.created_ms};
  return shown;
}

// Which grant a request is to retire.
Result<GrantToken> ToRetire(const wk::RetireGrantRequest& in) {
  if (in.grant_token) return ReadGrantToken(*in.grant_token);
  if (in.key_id && in.grant_id) return GrantToken{*in.key_id, *in.grant_id};
  return Invalid("Either GrantToken, or KeyId and GrantId are required.");
}

}  // namespace

Result<Needs> CreateGrant::On(const gate::Context& context, store::Transaction& tx) const {
  ConditionKeys keys;
  keys["kms:grantoperations"] = in.operations.value_or(std::vector<std::string>());
  keys["kms:grantisforawsresource"] = {"false"};
  if (in.grantee_principal) keys["kms:granteeprincipal"] = {*in.grantee_principal};
  if (in.retiring_principal) keys["kms:retiringprincipal"] = {*in.retiring_principal};
  if (in.constraints) {
    const bool equals = in.constraints->encryption_context_equals.has_value();
    keys["kms:grantconstrainttype"] = {equals ? "EncryptionContextEquals" : "EncryptionContextSubset"};
    AddEncryptionContext(equals ? in.constraints->encryption_context_equals : in.constraints->encryption_context_subset, &keys);
  }
  TRY_ASSIGN(gate::Need need, NeedOnKey(context, tx, "kms:CreateGrant", *in.key_id, Reach::kAnyAccount, std::move(keys)));
  return Needs{std::move(need)};
}

Result<Needs> RetireGrant::On(const gate::Context& context, store::Transaction& tx) const {
  TRY_ASSIGN(GrantToken grant, ToRetire(in));
  TRY_ASSIGN(gate::Need need,
             NeedOnKey(context, tx, "kms:RetireGrant", grant.key_arn, Reach::kAnyAccount, {{"kms:grantid", {grant.grant_id}}}));
  return Needs{std::move(need)};
}

Result<CreateGrant::Answer> Kms::Do(const gate::Authorized<CreateGrant>& call) {
  const wk::CreateGrantRequest& in = call->in;
  TRY(CheckGrant(in));
  TRY_ASSIGN(KmsKey key, Asked(call, *in.key_id));
  TRY(CheckUsable(key.state, key.arn));
  KeyGrant grant{
      .key = key.id, .id = Hex(random_.Bytes(kGrantIdBytes)), .grantee = {}, .retiring = {}, .created_ms = call.now_ms()};
  TRY_ASSIGN(grant.grantee, KeptPrincipal(call.tx(), *in.grantee_principal));
  if (in.retiring_principal) {
    TRY_ASSIGN(grant.retiring, KeptPrincipal(call.tx(), *in.retiring_principal));
  }
  TRY(CheckNoDryRun(in));
  grant.told = {.key_id = key.arn, .name = in.name, .issuing_account = call.caller().account};
  grant.told.operations = in.operations;
  grant.told.constraints = in.constraints;
  // The same request twice, by its name, is one grant.
  if (in.name) {
    TRY_ASSIGN(auto others, GrantsOf(call.tx(), key.id, grant.grantee, "", kGrantsShown * 1000));
    for (const KeyGrant& other : others) {
      if (other.told == grant.told && other.retiring == grant.retiring) {
        return CreateGrant::Answer{.grant_token = WriteGrantToken({key.arn, other.id}), .grant_id = other.id};
      }
    }
  }
  TRY(InsertGrant(call.tx(), grant));
  return CreateGrant::Answer{.grant_token = WriteGrantToken({key.arn, grant.id}), .grant_id = grant.id};
}

Result<ListGrants::Answer> Kms::Do(const gate::Authorized<ListGrants>& call) {
  const wk::ListGrantsRequest& in = call->in;
  if (in.grantee_service_principal) return NotBuilt("A grant to a service");
  TRY_ASSIGN(KmsKey key, Asked(call, *in.key_id));
  std::string grantee;
  if (in.grantee_principal) {
    TRY_ASSIGN(grantee, KeptPrincipal(call.tx(), *in.grantee_principal));
  }
  TRY_ASSIGN(auto page, markers_.Begin(fmt::format("ListGrants {} {}", key.arn, grantee), in.marker, in.limit, kGrantsShown));
  TRY_ASSIGN(auto grants, GrantsOf(call.tx(), key.id, grantee, page.after, page.limit + 1));
  ListGrants::Answer answer;
  markers_.End(page, &grants, [](const KeyGrant& grant) { return grant.id; }, &answer);
  if (in.grant_id) std::erase_if(grants, [&](const KeyGrant& grant) { return grant.id != *in.grant_id; });
  answer.grants.emplace();
  for (const KeyGrant& grant : grants) {
    TRY_ASSIGN(auto told, Told(call.tx(), grant));
    answer.grants->push_back(std::move(told));
  }
  return answer;
}

Result<ListRetirableGrants::Answer> Kms::Do(const gate::Authorized<ListRetirableGrants>& call) {
  const wk::ListRetirableGrantsRequest& in = call->in;
  if (in.retiring_service_principal) return NotBuilt("A grant to a service");
  if (!in.retiring_principal) return Invalid("RetiringPrincipal is required.");
  TRY_ASSIGN(std::string retiring, KeptPrincipal(call.tx(), *in.retiring_principal));
  TRY_ASSIGN(auto page, markers_.Begin("ListRetirableGrants " + retiring, in.marker, in.limit, kGrantsShown));
  TRY_ASSIGN(auto grants, GrantsToRetire(call.tx(), retiring, page.after, page.limit + 1));
  ListRetirableGrants::Answer answer;
  markers_.End(page, &grants, [](const KeyGrant& grant) { return grant.id; }, &answer);
  answer.grants.emplace();
  for (const KeyGrant& grant : grants) {
    TRY_ASSIGN(auto told, Told(call.tx(), grant));
    answer.grants->push_back(std::move(told));
  }
  return answer;
}

Result<RevokeGrant::Answer> Kms::Do(const gate::Authorized<RevokeGrant>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY_ASSIGN(auto grant, FindGrant(call.tx(), key.id, *call->in.grant_id));
  if (!grant) return NoSuchGrant(*call->in.grant_id);
  TRY(CheckNoDryRun(call->in));
  TRY(DeleteGrant(call.tx(), *grant));
  return RevokeGrant::Answer{};
}

Result<RetireGrant::Answer> Kms::Do(const gate::Authorized<RetireGrant>& call) {
  TRY_ASSIGN(GrantToken named, ToRetire(call->in));
  TRY_ASSIGN(KmsKey key, Asked(call, named.key_arn));
  TRY_ASSIGN(auto grant, FindGrant(call.tx(), key.id, named.grant_id));
  if (!grant) return NoSuchGrant(named.grant_id);
  TRY(CheckNoDryRun(call->in));
  TRY(DeleteGrant(call.tx(), *grant));
  return RetireGrant::Answer{};
}

}  // namespace hanse::keys
