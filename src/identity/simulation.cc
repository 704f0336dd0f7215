#include "identity/simulation.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/arn.h"

namespace hanse::identity {
namespace {

constexpr std::size_t kMaxResults = 1000;

using Documents = std::optional<std::vector<std::string>>;

Result<std::vector<policy::NamedDocument>> ParseDocuments(const Documents& texts, policy::DocumentKind kind,
                                                          std::string_view name) {
  std::vector<policy::NamedDocument> documents;
  for (const std::string& text : texts.value_or(std::vector<std::string>())) {
    auto parsed = policy::ParseDocument(text, kind);
    if (!parsed) return FailAs(ErrorCode::kInvalidArgument, "InvalidInput", parsed.error().message);
    documents.push_back({fmt::format("{}.{}", name, documents.size() + 1), std::move(*parsed)});
  }
  return documents;
}

policy::Context ContextOf(const std::optional<std::vector<wire::iam::ContextEntry>>& entries) {
  policy::Context context;
  if (!entries) return context;
  for (const wire::iam::ContextEntry& entry : *entries) {
    if (!entry.context_key_name) continue;
    context[Lower(*entry.context_key_name)] = entry.context_key_values.value_or(std::vector<std::string>());
  }
  return context;
}

// The keys that the policies read and the request does not bring.
std::vector<std::string> Missing(const policy::Facts& facts, const policy::Context& context) {
  std::vector<std::string> missing;
  auto add = [&](const policy::NamedDocument& one) {
    for (std::string& key : one.document->ContextKeys()) {
      if (!context.contains(key) && std::ranges::find(missing, key) == missing.end()) missing.push_back(std::move(key));
    }
  };
  for (const policy::NamedDocument& one : facts.identity) add(one);
  if (facts.boundary) add(*facts.boundary);
  return missing;
}

struct Asked {
  std::vector<std::string> actions, resources;
  AccountId owner;
  policy::Context context;
  const policy::NamedDocument* resource_policy = nullptr;
};

std::vector<wire::iam::EvaluationResult> Evaluate(const policy::Facts& facts, const Asked& asked) {
  std::vector<wire::iam::EvaluationResult> results;
  for (const std::string& action : asked.actions) {
    for (const std::string& resource : asked.resources) {
      if (results.size() >= kMaxResults) return results;
      policy::Question question{.action = action,
                                .resource = resource,
                                .context = asked.context,
                                .owner = asked.owner,
                                .resource_policy = asked.resource_policy};
      policy::Decision decision = policy::Decide(facts, question);
      wire::iam::EvaluationResult result{.eval_action_name = action, .eval_resource_name = resource};
      result.eval_decision = decision.allowed() ? "allowed" : decision.explicit_deny() ? "explicitDeny" : "implicitDeny";
      result.matched_statements.emplace();
      for (const policy::Reason& reason : decision.reasons()) {
        if (!reason.statement.empty()) result.matched_statements->push_back({.source_policy_id = reason.policy});
      }
      result.missing_context_values = Missing(facts, asked.context);
      results.push_back(std::move(result));
    }
  }
  return results;
}

template <class In>
Result<Asked> AskedBy(const In& in, std::optional<policy::NamedDocument>* resource_policy) {
  Asked asked{.actions = in.action_names.value_or(std::vector<std::string>()),
              .resources = in.resource_arns.value_or(std::vector<std::string>{"*"}),
              .context = ContextOf(in.context_entries)};
  if (in.resource_owner) {
    // The account's number, or the ARN of its root.
    std::optional<Arn> arn = ParseArn(*in.resource_owner);
    asked.owner = arn ? arn->account : *in.resource_owner;
  }
  if (in.resource_policy) {
    auto parsed = policy::ParseDocument(*in.resource_policy, policy::DocumentKind::kResource);
    if (!parsed) return FailAs(ErrorCode::kInvalidArgument, "InvalidInput", parsed.error().message);
    *resource_policy = policy::NamedDocument{"ResourcePolicy", std::move(*parsed)};
    asked.resource_policy = &**resource_policy;
  }
  return asked;
}

Result<std::optional<policy::NamedDocument>> BoundaryIn(const Documents& texts) {
  TRY_ASSIGN(auto documents, ParseDocuments(texts, policy::DocumentKind::kBoundary, "PermissionsBoundary"));
  if (documents.empty()) return std::optional<policy::NamedDocument>();
  return std::optional(std::move(documents.front()));
}

}  // namespace

Result<std::vector<gate::Need>> SimulatePrincipalPolicy::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{.action = "iam:SimulatePrincipalPolicy", .resource = *in.policy_source_arn}};
}

Result<SimulateCustomPolicy::Answer> Simulator::Do(const gate::Authorized<SimulateCustomPolicy>& call) {
  policy::Facts facts;
  facts.caller.kind = CallerKind::kUser;
  facts.caller.account = call.caller().account;
  facts.caller.arn = facts.caller.principal_arn = call->in.caller_arn.value_or(call.caller().principal_arn);
  TRY_ASSIGN(facts.identity, ParseDocuments(call->in.policy_input_list, policy::DocumentKind::kIdentity, "PolicyInputList"));
  TRY_ASSIGN(facts.boundary, BoundaryIn(call->in.permissions_boundary_policy_input_list));
  std::optional<policy::NamedDocument> resource_policy;
  TRY_ASSIGN(Asked asked, AskedBy(call->in, &resource_policy));
  SimulateCustomPolicy::Answer answer;
  answer.evaluation_results = Evaluate(facts, asked);
  answer.is_truncated = false;
  return answer;
}

Result<SimulatePrincipalPolicy::Answer> Simulator::Do(const gate::Authorized<SimulatePrincipalPolicy>& call) {
  TRY_ASSIGN(auto principal, store::FindPrincipalByArn(call.tx(), *call->in.policy_source_arn));
  if (!principal || principal->account != call.caller().account || principal->kind == "group") {
    return FailAs(ErrorCode::kNotFound, "NoSuchEntity", fmt::format("{} cannot be found.", *call->in.policy_source_arn));
  }
  TRY_ASSIGN(Caller caller, callers_.OfUser(call.tx(), principal->id, ""));
  TRY_ASSIGN(policy::Facts facts, callers_.FactsOf(call.tx(), caller));
  facts.service_control
      .clear();  // Context of the account, not of the principal: as the service, it answers for the policies alone.
  TRY_ASSIGN(auto more, ParseDocuments(call->in.policy_input_list, policy::DocumentKind::kIdentity, "PolicyInputList"));
  facts.identity.insert(facts.identity.end(), more.begin(), more.end());
  TRY_ASSIGN(auto boundary, BoundaryIn(call->in.permissions_boundary_policy_input_list));
  if (boundary) facts.boundary = std::move(boundary);
  std::optional<policy::NamedDocument> resource_policy;
  TRY_ASSIGN(Asked asked, AskedBy(call->in, &resource_policy));
  SimulatePrincipalPolicy::Answer answer;
  answer.evaluation_results = Evaluate(facts, asked);
  answer.is_truncated = false;
  return answer;
}

}  // namespace hanse::identity
