#include <fmt/format.h>

#include "organisation/guardrails.h"
#include "organisation/organisation.h"

namespace hanse::organisation {
namespace {

constexpr std::size_t kMaxPolicyChars = 5120;

struct PolicyRow {
  std::string id, name, description, arn, content;
};

PolicyRow FullAccess() {
  return {std::string(kFullAccess), "FullAWSAccess", "Allows access to every operation", OrganizationRow{}.PolicyArn(kFullAccess),
          std::string(kFullAccessDocument)};
}

wire::organizations::PolicySummary ToSummary(const PolicyRow& row) {
  return {.id = row.id,
          .arn = row.arn,
          .name = row.name,
          .description = row.description,
          .type = std::string(kServiceControl),
          .aws_managed = row.id == kFullAccess};
}

wire::organizations::Policy ToWire(const PolicyRow& row) { return {.policy_summary = ToSummary(row), .content = row.content}; }

PolicyRow ReadPolicy(const store::Row& row) { return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4)}; }

constexpr std::string_view kPolicyColumns = "SELECT id, name, description, arn, content FROM organization_policies ";

Result<PolicyRow> FindPolicy(store::Transaction& tx, const std::string& id) {
  if (id == kFullAccess) return FullAccess();
  TRY_ASSIGN(auto row, tx.Maybe(std::string(kPolicyColumns) + "WHERE id = ?", {id}));
  if (!row)
    return Refuse(ErrorCode::kNotFound, "PolicyNotFoundException", "We can't find a policy with the PolicyId that you specified.");
  return ReadPolicy(*row);
}

Result<void> CheckKind(const std::string& kind) {
  if (kind == kServiceControl) return {};
  return Fail(ErrorCode::kUnsupported, fmt::format("Policies of type {} are not supported.", kind));
}

Result<void> CheckContent(const std::string& content) {
  auto parsed = policy::ParseDocument(content, policy::DocumentKind::kServiceControl);
  if (!parsed) return Refuse(ErrorCode::kInvalidArgument, "MalformedPolicyDocumentException", parsed.error().message);
  if (content.size() > kMaxPolicyChars) {
    return Refuse(ErrorCode::kLimitExceeded, "ConstraintViolationException",
                  fmt::format("POLICY_CONTENT_LIMIT_EXCEEDED: a policy has at most {} characters.", kMaxPolicyChars));
  }
  return {};
}

Result<void> CheckName(store::Transaction& tx, const std::string& name, const std::string& but) {
  TRY_ASSIGN(auto taken, tx.Maybe("SELECT id FROM organization_policies WHERE name = ? AND id <> ?", {name, but}));
  if (!taken && name != "FullAWSAccess") return {};
  return Refuse(ErrorCode::kAlreadyExists, "DuplicatePolicyException", "A policy with the same name already exists.");
}

std::unexpected<Error> NotOurs() {
  return Refuse(ErrorCode::kInvalidArgument, "InvalidInputException", "You can't change a policy that is managed by AWS.");
}

}  // namespace

Result<CreatePolicy::Answer> Organisation::Do(const gate::Authorized<CreatePolicy>& call) {
  TRY(CheckKind(*call->in.type));
  TRY(CheckContent(*call->in.content));
  TRY(CheckName(call.tx(), *call->in.name, ""));
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  PolicyRow policy{.id = "p-" + random_.Text(8, "abcdefghijklmnopqrstuvwxyz0123456789"),
                   .name = *call->in.name,
                   .description = call->in.description.value_or(""),
                   .content = *call->in.content};
  policy.arn = organization.PolicyArn(policy.id);
  TRY(call.tx().Execute(
      "INSERT INTO organization_policies (id, kind, name, description, arn, content, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
      {policy.id, std::string(kServiceControl), policy.name, policy.description, policy.arn, policy.content, call.now_ms()}));
  return CreatePolicy::Answer{.policy = ToWire(policy)};
}

Result<DescribePolicy::Answer> Organisation::Do(const gate::Authorized<DescribePolicy>& call) {
  TRY_ASSIGN(PolicyRow policy, FindPolicy(call.tx(), *call->in.policy_id));
  return DescribePolicy::Answer{.policy = ToWire(policy)};
}

Result<UpdatePolicy::Answer> Organisation::Do(const gate::Authorized<UpdatePolicy>& call) {
  TRY_ASSIGN(PolicyRow policy, FindPolicy(call.tx(), *call->in.policy_id));
  if (policy.id == kFullAccess) return NotOurs();
  if (call->in.content) TRY(CheckContent(*call->in.content));
  if (call->in.name) TRY(CheckName(call.tx(), *call->in.name, policy.id));
  policy.content = call->in.content.value_or(policy.content);
  policy.name = call->in.name.value_or(policy.name);
  policy.description = call->in.description.value_or(policy.description);
  TRY(call.tx().Execute("UPDATE organization_policies SET name = ?, description = ?, content = ? WHERE id = ?",
                        {policy.name, policy.description, policy.content, policy.id}));
  return UpdatePolicy::Answer{.policy = ToWire(policy)};
}

Result<DeletePolicy::Answer> Organisation::Do(const gate::Authorized<DeletePolicy>& call) {
  TRY_ASSIGN(PolicyRow policy, FindPolicy(call.tx(), *call->in.policy_id));
  if (policy.id == kFullAccess) return NotOurs();
  TRY_ASSIGN(auto target, call.tx().Maybe("SELECT target FROM organization_policy_targets WHERE policy = ? LIMIT 1", {policy.id}));
  if (target) {
    return Refuse(ErrorCode::kConflict, "PolicyInUseException",
                  "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts.");
  }
  TRY(call.tx().Execute("DELETE FROM organization_policies WHERE id = ?", {policy.id}));
  return DeletePolicy::Answer{};
}

Result<ListPolicies::Answer> Organisation::Do(const gate::Authorized<ListPolicies>& call) {
  TRY(CheckKind(*call->in.filter));
  TRY_ASSIGN(auto page, pages_.Begin("ListPolicies", call->in.next_token, call->in.max_results));
  TRY_ASSIGN(auto rows,
             call.tx().Query(std::string(kPolicyColumns) + "WHERE id > ? ORDER BY id LIMIT ?", {page.after, page.limit + 1}));
  ListPolicies::Answer answer;
  answer.next_token = pages_.End(page, &rows, [](const store::Row& row) { return row.Text(0); });
  answer.policies.emplace();
  if (page.after.empty()) answer.policies->push_back(ToSummary(FullAccess()));
  for (const store::Row& row : rows) answer.policies->push_back(ToSummary(ReadPolicy(row)));
  return answer;
}

Result<ListPoliciesForTarget::Answer> Organisation::Do(const gate::Authorized<ListPoliciesForTarget>& call) {
  TRY(CheckKind(*call->in.filter));
  const std::string& target = *call->in.target_id;
  TRY_ASSIGN(auto page, pages_.Begin("ListPoliciesForTarget/" + target, call->in.next_token, call->in.max_results));
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(auto node, FindNode(call.tx(), organization, target));
  if (!node) {
    return Refuse(ErrorCode::kNotFound, "TargetNotFoundException",
                  "We can't find a root, OU, or account with the TargetId that you specified.");
  }
  TRY_ASSIGN(
      auto rows,
      call.tx().Query("SELECT policy FROM organization_policy_targets WHERE target = ? AND policy > ? ORDER BY policy LIMIT ?",
                      {target, page.after, page.limit + 1}));
  ListPoliciesForTarget::Answer answer;
  answer.next_token = pages_.End(page, &rows, [](const store::Row& row) { return row.Text(0); });
  answer.policies.emplace();
  for (const store::Row& row : rows) {
    TRY_ASSIGN(PolicyRow policy, FindPolicy(call.tx(), row.Text(0)));
    answer.policies->push_back(ToSummary(policy));
  }
  return answer;
}

}  // namespace hanse::organisation
