#include <fmt/format.h>

#include "identity/definition.h"
#include "identity/new_session.h"
#include "identity/sts.h"
#include "model/arn.h"
#include "store/directory.h"
#include "wire/json.h"

// AssumeRole. Source: STS API Reference; IAM User Guide, "Passing session tags in AWS STS", "role chaining".
namespace hanse::identity {
namespace {

constexpr std::int64_t kChainMax_s = 3600;

AskedSession AskedBy(const AssumeRole& op) {
  AskedSession asked{.role_arn = *op.in.role_arn,
                     .name = *op.in.role_session_name,
                     .source_identity = op.in.source_identity.value_or(""),
                     .external_id = op.in.external_id.value_or(""),
                     .transitive_tag_keys = op.in.transitive_tag_keys.value_or(std::vector<std::string>()),
                     .policy = op.in.policy,
                     .policy_arns = op.in.policy_arns.value_or(std::vector<wire::sts::PolicyDescriptorType>()),
                     .duration_s = op.in.duration_seconds};
  for (const wire::sts::Tag& tag : op.in.tags.value_or(std::vector<wire::sts::Tag>()))
    asked.tags.emplace_back(*tag.key, *tag.value);
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
  AskedSession asked = AskedBy(*this);
  TRY_ASSIGN(std::vector<gate::Need> needs, NeedsFor("sts:AssumeRole", asked));
  if (asked.source_identity.empty() && !context.caller.source_identity.empty()) {
    asked.source_identity = context.caller.source_identity;
    needs.push_back(NeedFor("sts:SetSourceIdentity", asked, needs.front().owner));
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
  const AskedSession asked = AskedBy(call.op());
  TRY_ASSIGN(std::int64_t duration_s, DurationOf(asked, Definition::FromJson(role->definition)));
  if (caller.kind == CallerKind::kSession && duration_s > kChainMax_s) {
    return NoSuchSession("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
  }
  Session session{.kind = SessionKind::kRole,
                  .account = role->account,
                  .principal = role->id,
                  .unique_id = role->unique_id,
                  .name = *call->in.role_session_name};
  session.source_identity = call->in.source_identity.value_or(caller.source_identity);
  TRY(TakeTags(asked, caller, &session));
  TRY_ASSIGN(std::int32_t packed, TakePolicies(call.tx(), asked, role->account, &session));

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
