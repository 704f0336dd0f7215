#include <fmt/format.h>

#include "base/text.h"
#include "identity/definition.h"
#include "identity/managed.h"
#include "identity/sts.h"
#include "model/arn.h"
#include "policy/document.h"
#include "store/directory.h"
#include "wire/json.h"

// AssumeRole. Source: STS API Reference; IAM User Guide, "Passing session tags in AWS STS", "role chaining".
namespace hanse::identity {
namespace {

constexpr std::int64_t kSessionDefault_s = 3600, kChainMax_s = 3600;
constexpr std::size_t kMaxSessionPolicyChars = 2048, kMaxSessionPolicies = 10, kMaxTagChars = 128 + 256;

std::unexpected<Error> Invalid(std::string why) { return FailAs(ErrorCode::kInvalidArgument, "ValidationError", std::move(why)); }

bool Chains(const Caller& caller) { return caller.kind == CallerKind::kSession; }

gate::Need NeedFor(std::string_view action, const AssumeRole& op, const AccountId& owner) {
  gate::Need need{.action = std::string(action), .resource = *op.in.role_arn, .owner = owner};
  auto& keys = need.context;
  if (op.in.external_id) keys["sts:externalid"] = {*op.in.external_id};
  keys["sts:rolesessionname"] = {*op.in.role_session_name};
  if (op.in.source_identity) keys["sts:sourceidentity"] = {*op.in.source_identity};
  for (const wire::sts::Tag& tag : op.in.tags.value_or(std::vector<wire::sts::Tag>())) {
    keys["aws:requesttag/" + Lower(*tag.key)] = {*tag.value};
    keys["aws:tagkeys"].push_back(*tag.key);
  }
  if (op.in.transitive_tag_keys && !op.in.transitive_tag_keys->empty()) keys["sts:transitivetagkeys"] = *op.in.transitive_tag_keys;
  return need;
}

// The tags that the session has: those of the request, and what the caller's own session passes on.
Result<void> TakeTags(const AssumeRole& op, const Caller& caller, Session* session) {
  std::vector<std::pair<std::string, std::string>> given;
  for (const wire::sts::Tag& tag : op.in.tags.value_or(std::vector<wire::sts::Tag>())) given.emplace_back(*tag.key, *tag.value);
  auto added = AddTags(given, &session->tags);
  if (!added) return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterValue", added.error().message);
  for (const auto& [key, value] : given) {
    if (key.size() + value.size() > kMaxTagChars) return Invalid(fmt::format("Tag {} is too long.", key));
    for (const std::string& inherited : caller.transitive_tag_keys) {
      if (!EqualsIgnoreCase(inherited, key)) continue;
      return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterValue",
                    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the "
                    "calling session.");
    }
  }
  for (const std::string& key : op.in.transitive_tag_keys.value_or(std::vector<std::string>())) {
    bool found = false;
    for (const auto& [name, value] : session->tags) found = found || EqualsIgnoreCase(name, key);
    if (!found) {
      return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterValue",
                    "The specified transitive tag key must be included in the requested tags.");
    }
    session->transitive_tag_keys.push_back(key);
  }
  for (const std::string& key : caller.transitive_tag_keys) {
    for (const auto& [name, value] : caller.session_tags) {
      if (EqualsIgnoreCase(name, key)) session->tags[name] = value;
    }
    session->transitive_tag_keys.push_back(key);
  }
  return {};
}

// Returns how much of the room for session policies is used, in per cent.
Result<std::int32_t> TakePolicies(store::Transaction& tx, const AssumeRole& op, const AccountId& account, Session* session) {
  std::size_t chars = 0;
  if (op.in.policy) {
    TRY(policy::ParseDocument(*op.in.policy, policy::DocumentKind::kSession));
    chars = op.in.policy->size();
    session->policies.push_back(*op.in.policy);
  }
  const auto arns = op.in.policy_arns.value_or(std::vector<wire::sts::PolicyDescriptorType>());
  if (arns.size() > kMaxSessionPolicies) return Invalid("The number of session policies is limited to 10.");
  for (const wire::sts::PolicyDescriptorType& one : arns) {
    TRY_ASSIGN(ManagedPolicy managed, FindPolicy(tx, account, one.arn.value_or("")));
    TRY_ASSIGN(std::string document, DefaultDocument(tx, managed));
    session->policies.push_back(std::move(document));
  }
  if (chars > kMaxSessionPolicyChars) {
    return FailAs(ErrorCode::kInvalidArgument, "PackedPolicyTooLarge", "The session policy is longer than 2048 characters.");
  }
  return static_cast<std::int32_t>(chars * 100 / kMaxSessionPolicyChars);
}

Result<std::int64_t> DurationOf(const AssumeRole& op, const Caller& caller, const Definition& role) {
  const std::int64_t asked = op.in.duration_seconds.value_or(std::min<std::int64_t>(kSessionDefault_s, role.max_session_s));
  if (asked > role.max_session_s) return Invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  if (Chains(caller) && asked > kChainMax_s) {
    return Invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
  }
  return asked;
}

// The same event in the account whose role it is, where its administrators look for it (CloudTrail User Guide, sharedEventID).
void RecordForOwner(const gate::Authorized<AssumeRole>& call, const store::Principal& role) {
  if (role.account == call.caller().account) return;
  audit::Event copy = call.NewEvent();
  copy.shared_event_id = call.NewEvent().id;
  copy.identity = audit::ForeignIdentityJson(call.caller());
  copy.request = wire::ToRecord(call->in);
  copy.recipient_account = role.account;
  copy.resources = {{"AWS::IAM::Role", role.arn}};
  copy.username.clear();
  copy.access_key.clear();
  call.AlsoRecord(std::move(copy));
}

}  // namespace

Result<std::vector<gate::Need>> AssumeRole::On(const gate::Context& context, store::Transaction&) const {
  std::optional<Arn> arn = ParseArn(*in.role_arn);
  if (!arn || arn->service != "iam" || !arn->resource.starts_with("role/"))
    return Invalid(fmt::format("{} is invalid", *in.role_arn));
  std::vector<gate::Need> needs = {NeedFor("sts:AssumeRole", *this, arn->account)};
  if (in.tags && !in.tags->empty()) needs.push_back(NeedFor("sts:TagSession", *this, arn->account));
  if (in.source_identity || !context.caller.source_identity.empty()) {
    gate::Need need = NeedFor("sts:SetSourceIdentity", *this, arn->account);
    if (!in.source_identity) need.context["sts:sourceidentity"] = {context.caller.source_identity};
    needs.push_back(std::move(need));
  }
  return needs;
}

Result<AssumeRole::Answer> Sts::Do(const gate::Authorized<AssumeRole>& call) {
  const Caller& caller = call.caller();
  if (caller.kind == CallerKind::kRoot) return Fail(ErrorCode::kAccessDenied, "Roles may not be assumed by root accounts.");
  if (call->in.serial_number || call->in.token_code || call->in.provided_contexts) {
    return Fail(ErrorCode::kAccessDenied, "MultiFactorAuthentication failed: no such device.");
  }
  TRY_ASSIGN(auto role, store::FindPrincipalByArn(call.tx(), *call->in.role_arn));
  if (!role) return Fail(ErrorCode::kAccessDenied, "not allowed");
  if (!caller.source_identity.empty() && call->in.source_identity.value_or(caller.source_identity) != caller.source_identity) {
    return Fail(ErrorCode::kAccessDenied, "The source identity of a session cannot be changed on its way.");
  }
  TRY_ASSIGN(std::int64_t duration_s, DurationOf(call.op(), caller, Definition::FromJson(role->definition)));
  Session session{.kind = SessionKind::kRole,
                  .account = role->account,
                  .principal = role->id,
                  .unique_id = role->unique_id,
                  .name = *call->in.role_session_name};
  session.source_identity = call->in.source_identity.value_or(caller.source_identity);
  TRY(TakeTags(call.op(), caller, &session));
  TRY_ASSIGN(std::int32_t packed, TakePolicies(call.tx(), call.op(), role->account, &session));

  call.NoteResource("AWS::IAM::Role", role->arn);
  RecordForOwner(call, *role);
  AssumeRole::Answer answer;
  answer.assumed_role_user = wire::sts::AssumedRoleUser{.assumed_role_id = fmt::format("{}:{}", role->unique_id, session.name),
                                                        .arn = AssumedRoleArn(role->account, role->name, session.name)};
  if (!session.source_identity.empty()) answer.source_identity = session.source_identity;
  if (!session.policies.empty() || !session.tags.empty()) answer.packed_policy_size = packed;
  answer.credentials = Issue(std::move(session), call.now_ms(), duration_s);
  return answer;
}

}  // namespace hanse::identity
