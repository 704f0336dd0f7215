#include <fmt/format.h>

#include "organisation/guardrails.h"
#include "organisation/organisation.h"

namespace hanse::organisation {
namespace {

constexpr std::int64_t kMaxPoliciesPerTarget = 5;

std::unexpected<Error> NotFound(std::string name, std::string_view what) {
  return Refuse(ErrorCode::kNotFound, std::move(name), fmt::format("We can't find {} with the id that you specified.", what));
}

Result<void> CheckPolicy(store::Transaction& tx, const std::string& id) {
  if (id == kFullAccess) return {};
  TRY_ASSIGN(auto row, tx.Maybe("SELECT id FROM organization_policies WHERE id = ?", {id}));
  if (!row) return NotFound("PolicyNotFoundException", "a policy");
  return {};
}

Result<Node> TargetOf(store::Transaction& tx, const std::string& policy, const std::string& target) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(tx));
  TRY(CheckPolicy(tx, policy));
  TRY_ASSIGN(auto node, FindNode(tx, organization, target));
  if (!node) return NotFound("TargetNotFoundException", "a root, OU, or account");
  TRY_ASSIGN(bool enabled, GuardrailsEnabled(tx, organization));
  if (!enabled) {
    return Refuse(ErrorCode::kConflict, "PolicyTypeNotEnabledException", "The specified policy type isn't enabled in this root.");
  }
  return *std::move(node);
}

Result<void> CheckRoot(const OrganizationRow& organization, const std::string& root, const std::string& kind) {
  if (root != organization.root) return NotFound("RootNotFoundException", "a root");
  if (kind == kServiceControl) return {};
  return Fail(ErrorCode::kUnsupported, fmt::format("Policies of type {} are not supported.", kind));
}

}  // namespace

Result<EnablePolicyType::Answer> Organisation::Do(const gate::Authorized<EnablePolicyType>& call) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY(CheckRoot(organization, *call->in.root_id, *call->in.policy_type));
  TRY_ASSIGN(bool enabled, GuardrailsEnabled(call.tx(), organization));
  if (enabled) {
    return Refuse(ErrorCode::kConflict, "PolicyTypeAlreadyEnabledException",
                  "The specified policy type is already enabled in the specified root.");
  }
  TRY(call.tx().Execute("INSERT INTO organization_policy_types (root, kind) VALUES (?, ?)",
                        {organization.root, std::string(kServiceControl)}));
  TRY(
      call.tx().Execute("INSERT INTO organization_policy_targets (target, policy) SELECT root, ? FROM organizations "
                        "UNION ALL SELECT id, ? FROM organizational_units UNION ALL SELECT account, ? FROM accounts",
                        {std::string(kFullAccess), std::string(kFullAccess), std::string(kFullAccess)}));
  EnablePolicyType::Answer answer;
  TRY_ASSIGN(answer.root, RootOf(call.tx(), organization));
  return answer;
}

Result<DisablePolicyType::Answer> Organisation::Do(const gate::Authorized<DisablePolicyType>& call) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY(CheckRoot(organization, *call->in.root_id, *call->in.policy_type));
  TRY_ASSIGN(bool enabled, GuardrailsEnabled(call.tx(), organization));
  if (!enabled) {
    return Refuse(ErrorCode::kConflict, "PolicyTypeNotEnabledException", "The specified policy type isn't enabled in this root.");
  }
  TRY(call.tx().Execute("DELETE FROM organization_policy_types WHERE root = ? AND kind = ?",
                        {organization.root, std::string(kServiceControl)}));
  TRY(call.tx().Execute("DELETE FROM organization_policy_targets"));
  DisablePolicyType::Answer answer;
  TRY_ASSIGN(answer.root, RootOf(call.tx(), organization));
  return answer;
}

Result<AttachPolicy::Answer> Organisation::Do(const gate::Authorized<AttachPolicy>& call) {
  const std::string &policy = *call->in.policy_id, &target = *call->in.target_id;
  TRY_ASSIGN(Node node, TargetOf(call.tx(), policy, target));
  TRY_ASSIGN(auto there,
             call.tx().Maybe("SELECT policy FROM organization_policy_targets WHERE target = ? AND policy = ?", {target, policy}));
  if (there) {
    return Refuse(ErrorCode::kAlreadyExists, "DuplicatePolicyAttachmentException",
                  "The selected policy is already attached to the specified target.");
  }
  TRY_ASSIGN(auto count, call.tx().One("SELECT count(*) FROM organization_policy_targets WHERE target = ?", {target}));
  if (count.Int(0) >= kMaxPoliciesPerTarget) {
    return Refuse(
        ErrorCode::kLimitExceeded, "ConstraintViolationException",
        fmt::format("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED: a target has at most {} policies.", kMaxPoliciesPerTarget));
  }
  TRY(call.tx().Execute("INSERT INTO organization_policy_targets (target, policy) VALUES (?, ?)", {target, policy}));
  call.NoteResource("AWS::Organizations::Policy", policy);
  return AttachPolicy::Answer{};
}

Result<DetachPolicy::Answer> Organisation::Do(const gate::Authorized<DetachPolicy>& call) {
  const std::string &policy = *call->in.policy_id, &target = *call->in.target_id;
  TRY_ASSIGN(Node node, TargetOf(call.tx(), policy, target));
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT policy FROM organization_policy_targets WHERE target = ?", {target}));
  bool attached = false;
  for (const store::Row& row : rows) attached = attached || row.Text(0) == policy;
  if (!attached) {
    return Refuse(ErrorCode::kNotFound, "PolicyNotAttachedException",
                  "The policy isn't attached to the specified target in the specified root.");
  }
  // Without any policy a target would be shut: one must stay.
  if (rows.size() == 1) {
    return Refuse(ErrorCode::kConflict, "ConstraintViolationException",
                  "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED: at least one policy must stay attached.");
  }
  TRY(call.tx().Execute("DELETE FROM organization_policy_targets WHERE target = ? AND policy = ?", {target, policy}));
  return DetachPolicy::Answer{};
}

Result<ListTargetsForPolicy::Answer> Organisation::Do(const gate::Authorized<ListTargetsForPolicy>& call) {
  const std::string& policy = *call->in.policy_id;
  TRY_ASSIGN(auto page, pages_.Begin("ListTargetsForPolicy/" + policy, call->in.next_token, call->in.max_results));
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY(CheckPolicy(call.tx(), policy));
  TRY_ASSIGN(
      auto rows,
      call.tx().Query("SELECT target FROM organization_policy_targets WHERE policy = ? AND target > ? ORDER BY target LIMIT ?",
                      {policy, page.after, page.limit + 1}));
  ListTargetsForPolicy::Answer answer;
  answer.next_token = pages_.End(page, &rows, [](const store::Row& row) { return row.Text(0); });
  answer.targets.emplace();
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto node, FindNode(call.tx(), organization, row.Text(0)));
    if (!node) continue;
    answer.targets->push_back(
        {.target_id = node->id, .arn = node->arn, .name = node->name, .type = std::string(WireName(node->kind))});
  }
  return answer;
}

}  // namespace hanse::organisation
