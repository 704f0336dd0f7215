#include "identity/new_session.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "identity/managed.h"
#include "model/arn.h"
#include "policy/document.h"

namespace hanse::identity {
namespace {

constexpr std::int64_t kSessionDefault_s = 3600;
constexpr std::size_t kMaxSessionPolicyChars = 2048, kMaxSessionPolicies = 10, kMaxTagChars = 128 + 256;

std::unexpected<Error> WrongValue(std::string why) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterValue", std::move(why));
}

}  // namespace

std::unexpected<Error> NoSuchSession(std::string why) {
  return FailAs(ErrorCode::kInvalidArgument, "ValidationError", std::move(why));
}

gate::Need NeedFor(std::string_view action, const AskedSession& asked, const AccountId& owner) {
  gate::Need need{.action = std::string(action), .resource = asked.role_arn, .owner = owner};
  auto& keys = need.context;
  if (!asked.external_id.empty()) keys["sts:externalid"] = {asked.external_id};
  keys["sts:rolesessionname"] = {asked.name};
  if (!asked.source_identity.empty()) keys["sts:sourceidentity"] = {asked.source_identity};
  for (const auto& [key, value] : asked.tags) {
    keys["aws:requesttag/" + Lower(key)] = {value};
    keys["aws:tagkeys"].push_back(key);
  }
  if (!asked.transitive_tag_keys.empty()) keys["sts:transitivetagkeys"] = asked.transitive_tag_keys;
  return need;
}

Result<std::vector<gate::Need>> NeedsFor(std::string_view action, const AskedSession& asked) {
  std::optional<Arn> arn = ParseArn(asked.role_arn);
  if (!arn || arn->service != "iam" || !arn->resource.starts_with("role/")) {
    return NoSuchSession(fmt::format("{} is invalid", asked.role_arn));
  }
  std::vector<gate::Need> needs = {NeedFor(action, asked, arn->account)};
  if (!asked.tags.empty()) needs.push_back(NeedFor("sts:TagSession", asked, arn->account));
  if (!asked.source_identity.empty()) needs.push_back(NeedFor("sts:SetSourceIdentity", asked, arn->account));
  return needs;
}

Result<void> TakeTags(const AskedSession& asked, const Caller& caller, Session* session) {
  auto added = AddTags(asked.tags, &session->tags);
  if (!added) return WrongValue(added.error().message);
  for (const auto& [key, value] : asked.tags) {
    if (key.size() + value.size() > kMaxTagChars) return NoSuchSession(fmt::format("Tag {} is too long.", key));
    for (const std::string& inherited : caller.transitive_tag_keys) {
      if (!EqualsIgnoreCase(inherited, key)) continue;
      return WrongValue(
          "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the "
          "calling session.");
    }
  }
  for (const std::string& key : asked.transitive_tag_keys) {
    const bool found = std::ranges::any_of(session->tags, [&](const auto& tag) { return EqualsIgnoreCase(tag.first, key); });
    if (!found) return WrongValue("The specified transitive tag key must be included in the requested tags.");
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

Result<std::int32_t> TakePolicies(store::Transaction& tx, const AskedSession& asked, const AccountId& account, Session* session) {
  std::size_t chars = 0;
  if (asked.policy) {
    TRY(policy::ParseDocument(*asked.policy, policy::DocumentKind::kSession));
    chars = asked.policy->size();
    session->policies.push_back(*asked.policy);
  }
  if (asked.policy_arns.size() > kMaxSessionPolicies) return NoSuchSession("The number of session policies is limited to 10.");
  for (const wire::sts::PolicyDescriptorType& one : asked.policy_arns) {
    TRY_ASSIGN(ManagedPolicy managed, FindPolicy(tx, account, one.arn.value_or("")));
    TRY_ASSIGN(std::string document, DefaultDocument(tx, managed));
    session->policies.push_back(std::move(document));
  }
  if (chars > kMaxSessionPolicyChars) {
    return FailAs(ErrorCode::kInvalidArgument, "PackedPolicyTooLarge", "The session policy is longer than 2048 characters.");
  }
  return static_cast<std::int32_t>(chars * 100 / kMaxSessionPolicyChars);
}

Result<std::int64_t> DurationOf(const AskedSession& asked, const Definition& role) {
  const std::int64_t wanted = asked.duration_s.value_or(std::min<std::int64_t>(kSessionDefault_s, role.max_session_s));
  if (wanted > role.max_session_s) {
    return NoSuchSession("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  return wanted;
}

}  // namespace hanse::identity
