#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "identity/iam.h"
#include "identity/managed.h"
#include "identity/shapes.h"

namespace hanse::identity {
namespace {

// Provided and own policies in one order: by scope, then by name.
Result<std::vector<ManagedPolicy>> AllPolicies(const gate::Call& call, const std::string& scope) {
  std::vector<ManagedPolicy> all;
  if (scope != "Local") all = ProvidedPolicies();
  if (scope != "AWS") {
    constexpr std::int64_t kMaxPolicies = 10'000;  // IAM allows an account 5,000.
    TRY_ASSIGN(auto own, ListPolicyRows(call.tx(), call.caller().account, "", kMaxPolicies));
    all.insert(all.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  }
  std::ranges::sort(all, {}, &ManagedPolicy::arn);
  return all;
}

}  // namespace

Result<ListPolicies::Answer> Iam::Do(const gate::Authorized<ListPolicies>& call) {
  const std::string scope = call->in.scope.value_or("All"), prefix = call->in.path_prefix.value_or("/");
  const std::string usage = call->in.policy_usage_filter.value_or("");
  const bool only_attached = call->in.only_attached.value_or(false);
  const std::string list = fmt::format("ListPolicies/{}/{}/{}/{}{}", call.caller().account, scope, only_attached, usage, prefix);
  TRY_ASSIGN(Pages::Page page, pages_.Begin(list, call->in.marker, call->in.max_items));
  TRY_ASSIGN(std::vector<ManagedPolicy> all, AllPolicies(call, scope));
  std::vector<ManagedPolicy> rows;
  for (ManagedPolicy& one : all) {
    if (one.arn <= page.after || !one.path.starts_with(prefix)) continue;
    if (only_attached || !usage.empty()) {
      // Provided policies are attached in every account; only the caller's own attachments count.
      TRY_ASSIGN(auto count, call.tx().One("SELECT count(*) FROM iam_attachments a JOIN principals p ON p.id = a.principal "
                                           "WHERE p.account = ? AND a.policy_arn = ? AND a.usage = ?",
                                           {call.caller().account, one.arn,
                                            std::string(usage == "PermissionsBoundary" ? "boundary" : "attached")}));
      if (count.Int(0) == 0) continue;
    }
    rows.push_back(std::move(one));
    if (rows.size() > static_cast<std::size_t>(page.limit)) break;
  }
  ListPolicies::Answer answer;
  pages_.End(page, &rows, [](const ManagedPolicy& one) { return one.arn; }, &answer);
  answer.policies.emplace();
  for (const ManagedPolicy& row : rows) {
    TRY_ASSIGN(wire::iam::Policy policy, ToPolicy(call.tx(), row, Detail::kListed));
    answer.policies->push_back(std::move(policy));
  }
  return answer;
}

Result<ListEntitiesForPolicy::Answer> Iam::Do(const gate::Authorized<ListEntitiesForPolicy>& call) {
  TRY_ASSIGN(ManagedPolicy policy, FindPolicy(call.tx(), call.caller().account, *call->in.policy_arn));
  const std::string usage = call->in.policy_usage_filter.value_or("") == "PermissionsBoundary" ? "boundary" : "attached";
  const std::string filter = call->in.entity_filter.value_or("");
  const std::string list = fmt::format("ListEntitiesForPolicy/{}/{}/{}", call.caller().account, policy.arn, usage);
  TRY_ASSIGN(Pages::Page page, pages_.Begin(list, call->in.marker, call->in.max_items));
  // A provided policy is attached in other accounts too: theirs are not shown.
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT p.kind, p.name, p.unique_id, p.path FROM iam_attachments a "
                                        "JOIN principals p ON p.id = a.principal "
                                        "WHERE a.policy_arn = ? AND a.usage = ? AND p.account = ? AND p.unique_id > ? "
                                        "ORDER BY p.unique_id LIMIT ?",
                                        {policy.arn, usage, call.caller().account, page.after, page.limit + 1}));
  ListEntitiesForPolicy::Answer answer;
  pages_.End(page, &rows, [](const store::Row& row) { return row.Text(2); }, &answer);
  answer.policy_users.emplace();
  answer.policy_roles.emplace();
  answer.policy_groups.emplace();
  for (const store::Row& row : rows) {
    const std::string &kind = row.Text(0), &name = row.Text(1), &id = row.Text(2);
    if (!row.Text(3).starts_with(call->in.path_prefix.value_or("/"))) continue;
    const bool all = filter.empty();
    if (kind == "user" && (all || filter == "User")) answer.policy_users->push_back({.user_name = name, .user_id = id});
    if (kind == "role" && (all || filter == "Role")) answer.policy_roles->push_back({.role_name = name, .role_id = id});
    if (kind == "group" && (all || filter == "Group")) answer.policy_groups->push_back({.group_name = name, .group_id = id});
  }
  return answer;
}

}  // namespace hanse::identity
