#include <fmt/format.h>

#include "base/text.h"
#include "identity/iam.h"
#include "identity/limits.h"
#include "identity/managed.h"
#include "identity/shapes.h"
#include "model/ids.h"
#include "policy/document.h"

namespace hanse::identity {
namespace {

Result<void> CheckDocument(std::string_view document) {
  TRY(policy::ParseDocument(document, policy::DocumentKind::kIdentity));
  if (CountedChars(document) > kMaxManagedPolicyChars) return OverQuota("PolicySize", kMaxManagedPolicyChars);
  return {};
}

// A policy of the account's own: the provided ones are nobody's to change.
Result<ManagedPolicy> OwnPolicy(const gate::Call& call, const std::string& arn) {
  TRY_ASSIGN(ManagedPolicy policy, FindPolicy(call.tx(), call.caller().account, arn));
  if (policy.id == 0) {
    return FailAs(ErrorCode::kAccessDenied, "AccessDenied", fmt::format("Policy {} is managed by AWS and cannot be changed.", arn));
  }
  return policy;
}

Result<void> Touch(store::Transaction& tx, const ManagedPolicy& policy, TimeMs now_ms) {
  TRY(tx.Execute("UPDATE iam_policies SET default_version = ?, next_version = ?, tags = ?, updated_ms = ? WHERE id = ?",
                 {policy.default_version, policy.next_version, TagsToJson(policy.tags), now_ms, policy.id}));
  return {};
}

Result<void> InsertVersion(store::Transaction& tx, Id policy, std::int64_t version, const std::string& document, TimeMs now_ms) {
  TRY(tx.Execute("INSERT INTO iam_policy_versions (policy, version, document, created_ms) VALUES (?, ?, ?, ?)",
                 {policy, version, document, now_ms}));
  return {};
}

}  // namespace

Result<CreatePolicy::Answer> Iam::Do(const gate::Authorized<CreatePolicy>& call) {
  const std::string& document = *call->in.policy_document;
  TRY(CheckDocument(document));
  ManagedPolicy policy;
  policy.account = call.caller().account;
  policy.name = *call->in.policy_name;
  policy.path = call->in.path.value_or("/");
  policy.arn = fmt::format("arn:aws:iam::{}:policy{}{}", policy.account, policy.path, policy.name);
  policy.unique_id = NewIamId(random_, "ANPA");
  policy.description = call->in.description.value_or("");
  policy.created_ms = policy.updated_ms = call.now_ms();
  TRY(AddTags(FromTags(call->in.tags), &policy.tags));
  TRY_ASSIGN(auto taken, call.tx().Maybe("SELECT id FROM iam_policies WHERE account = ? AND name_lower = ?",
                                         {policy.account, Lower(policy.name)}));
  if (taken) {
    return FailAs(ErrorCode::kAlreadyExists, "EntityAlreadyExists",
                  fmt::format("A policy called {} already exists. Duplicate names are not allowed.", policy.name));
  }
  TRY_ASSIGN(policy.id, store::NewThing(call.tx(), "policy"));
  TRY(call.tx().Execute(
      "INSERT INTO iam_policies (id, account, name, name_lower, path, arn, unique_id, description, default_version, "
      "next_version, created_ms, updated_ms, tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {policy.id, policy.account, policy.name, Lower(policy.name), policy.path, policy.arn, policy.unique_id, policy.description,
       policy.default_version, policy.next_version, policy.created_ms, policy.updated_ms, TagsToJson(policy.tags)}));
  TRY(InsertVersion(call.tx(), policy.id, 1, document, call.now_ms()));
  call.NoteResource("AWS::IAM::ManagedPolicy", policy.arn);
  CreatePolicy::Answer answer;
  TRY_ASSIGN(answer.policy, ToPolicy(call.tx(), policy, Detail::kFull));
  return answer;
}

Result<GetPolicy::Answer> Iam::Do(const gate::Authorized<GetPolicy>& call) {
  TRY_ASSIGN(ManagedPolicy policy, FindPolicy(call.tx(), call.caller().account, *call->in.policy_arn));
  GetPolicy::Answer answer;
  TRY_ASSIGN(answer.policy, ToPolicy(call.tx(), policy, Detail::kFull));
  return answer;
}

Result<DeletePolicy::Answer> Iam::Do(const gate::Authorized<DeletePolicy>& call) {
  TRY_ASSIGN(ManagedPolicy policy, OwnPolicy(call, *call->in.policy_arn));
  TRY_ASSIGN(std::int64_t attached, UsageCount(call.tx(), policy.arn, "attached"));
  TRY_ASSIGN(std::int64_t bounding, UsageCount(call.tx(), policy.arn, "boundary"));
  if (attached + bounding > 0) return DeleteConflict("Cannot delete a policy attached to entities.");
  TRY_ASSIGN(auto versions, call.tx().One("SELECT count(*) FROM iam_policy_versions WHERE policy = ?", {policy.id}));
  if (versions.Int(0) > 1) {
    return DeleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
        "The default version is deleted with the policy.");
  }
  TRY(store::DeleteThing(call.tx(), policy.id));
  return DeletePolicy::Answer{};
}

Result<TagPolicy::Answer> Iam::Do(const gate::Authorized<TagPolicy>& call) {
  TRY_ASSIGN(ManagedPolicy policy, OwnPolicy(call, *call->in.policy_arn));
  TRY(AddTags(FromTags(call->in.tags), &policy.tags));
  TRY(Touch(call.tx(), policy, policy.updated_ms));
  return TagPolicy::Answer{};
}

Result<UntagPolicy::Answer> Iam::Do(const gate::Authorized<UntagPolicy>& call) {
  TRY_ASSIGN(ManagedPolicy policy, OwnPolicy(call, *call->in.policy_arn));
  for (const std::string& key : *call->in.tag_keys) RemoveTag(key, &policy.tags);
  TRY(Touch(call.tx(), policy, policy.updated_ms));
  return UntagPolicy::Answer{};
}

Result<ListPolicyTags::Answer> Iam::Do(const gate::Authorized<ListPolicyTags>& call) {
  TRY_ASSIGN(ManagedPolicy policy, FindPolicy(call.tx(), call.caller().account, *call->in.policy_arn));
  ListPolicyTags::Answer answer;
  answer.tags = ToTags(policy.tags);
  answer.is_truncated = false;
  return answer;
}

Result<CreatePolicyVersion::Answer> Iam::Do(const gate::Authorized<CreatePolicyVersion>& call) {
  TRY_ASSIGN(ManagedPolicy policy, OwnPolicy(call, *call->in.policy_arn));
  const std::string& document = *call->in.policy_document;
  TRY(CheckDocument(document));
  TRY_ASSIGN(auto versions, call.tx().One("SELECT count(*) FROM iam_policy_versions WHERE policy = ?", {policy.id}));
  if (versions.Int(0) >= kMaxPolicyVersions) {
    return FailAs(
        ErrorCode::kLimitExceeded, "LimitExceeded",
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.");
  }
  PolicyVersionRow version{policy.next_version++, document, call.now_ms()};
  if (call->in.set_as_default.value_or(false)) policy.default_version = version.version;
  TRY(InsertVersion(call.tx(), policy.id, version.version, document, call.now_ms()));
  TRY(Touch(call.tx(), policy, call.now_ms()));
  return CreatePolicyVersion::Answer{.policy_version = ToVersion(policy, version, Detail::kListed)};
}

Result<GetPolicyVersion::Answer> Iam::Do(const gate::Authorized<GetPolicyVersion>& call) {
  TRY_ASSIGN(ManagedPolicy policy, FindPolicy(call.tx(), call.caller().account, *call->in.policy_arn));
  TRY_ASSIGN(auto version, FindVersion(call.tx(), policy, ParseVersionName(*call->in.version_id).value_or(0)));
  if (!version) {
    return FailAs(ErrorCode::kNotFound, "NoSuchEntity",
                  fmt::format("Policy {} version {} does not exist or is not attachable.", policy.arn, *call->in.version_id));
  }
  return GetPolicyVersion::Answer{.policy_version = ToVersion(policy, *version, Detail::kFull)};
}

// At most five: one page holds them all.
Result<ListPolicyVersions::Answer> Iam::Do(const gate::Authorized<ListPolicyVersions>& call) {
  TRY_ASSIGN(ManagedPolicy policy, FindPolicy(call.tx(), call.caller().account, *call->in.policy_arn));
  ListPolicyVersions::Answer answer;
  answer.is_truncated = false;
  answer.versions.emplace();
  if (policy.id == 0) {
    answer.versions->push_back(ToVersion(policy, {policy.default_version, policy.document, policy.created_ms}, Detail::kListed));
    return answer;
  }
  TRY_ASSIGN(
      auto rows,
      call.tx().Query("SELECT version, created_ms FROM iam_policy_versions WHERE policy = ? ORDER BY version DESC", {policy.id}));
  for (const store::Row& row : rows) answer.versions->push_back(ToVersion(policy, {row.Int(0), {}, row.Int(1)}, Detail::kListed));
  return answer;
}

Result<DeletePolicyVersion::Answer> Iam::Do(const gate::Authorized<DeletePolicyVersion>& call) {
  TRY_ASSIGN(ManagedPolicy policy, OwnPolicy(call, *call->in.policy_arn));
  const std::int64_t version = ParseVersionName(*call->in.version_id).value_or(0);
  if (version == policy.default_version) return DeleteConflict("Cannot delete the default version of a policy.");
  TRY_ASSIGN(std::int64_t gone,
             call.tx().Execute("DELETE FROM iam_policy_versions WHERE policy = ? AND version = ?", {policy.id, version}));
  if (gone == 0) {
    return FailAs(ErrorCode::kNotFound, "NoSuchEntity",
                  fmt::format("Policy {} version {} does not exist.", policy.arn, *call->in.version_id));
  }
  return DeletePolicyVersion::Answer{};
}

Result<SetDefaultPolicyVersion::Answer> Iam::Do(const gate::Authorized<SetDefaultPolicyVersion>& call) {
  TRY_ASSIGN(ManagedPolicy policy, OwnPolicy(call, *call->in.policy_arn));
  TRY_ASSIGN(auto version, FindVersion(call.tx(), policy, ParseVersionName(*call->in.version_id).value_or(0)));
  if (!version) {
    return FailAs(ErrorCode::kNotFound, "NoSuchEntity",
                  fmt::format("Policy {} version {} does not exist.", policy.arn, *call->in.version_id));
  }
  policy.default_version = version->version;
  TRY(Touch(call.tx(), policy, call.now_ms()));
  return SetDefaultPolicyVersion::Answer{};
}

}  // namespace hanse::identity
