#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "identity/iam.h"
#include "identity/limits.h"
#include "identity/managed.h"
#include "identity/principal_names.h"
#include "identity/shapes.h"

namespace hanse::identity {
namespace {

Result<std::int64_t> Count(const gate::Call& call, std::string_view sql) {
  TRY_ASSIGN(auto row, call.tx().One(sql, {call.caller().account}));
  return row.Int(0);
}

// What is told of users, roles and groups alike, as far as each has it. `inline_list`: the member of `shown` that its kind calls by
// a name of its own.
template <class Shown, class InlineList>
Result<void> Describe(store::Transaction& tx, const store::Principal& row, Shown* shown, InlineList* inline_list) {
  shown->path = row.path;
  shown->arn = row.arn;
  shown->create_date = wire::Timestamp{row.created_ms};
  TRY_ASSIGN(*inline_list, InlineOf(tx, row.id));
  TRY_ASSIGN(shown->attached_managed_policies, AttachedTo(tx, row));
  if constexpr (requires { shown->permissions_boundary; }) {
    TRY_ASSIGN(shown->permissions_boundary, BoundaryOf(tx, row.id));
  }
  if constexpr (requires { shown->tags; }) shown->tags = ToTags(Definition::FromJson(row.definition).tags);
  return {};
}

Result<wire::iam::UserDetail> DetailOfUser(store::Transaction& tx, const store::Principal& row) {
  wire::iam::UserDetail user{.user_name = row.name, .user_id = row.unique_id};
  TRY(Describe(tx, row, &user, &user.user_policy_list));
  TRY_ASSIGN(auto groups,
             tx.Query("SELECT p.name FROM iam_group_members m JOIN principals p ON p.id = m.group_id WHERE m.user_id = ? "
                      "ORDER BY p.name",
                      {row.id}));
  user.group_list.emplace();
  for (const store::Row& group : groups) user.group_list->push_back(group.Text(0));
  return user;
}

Result<wire::iam::RoleDetail> DetailOfRole(store::Transaction& tx, const store::Principal& row) {
  wire::iam::RoleDetail role{.role_name = row.name, .role_id = row.unique_id};
  TRY(Describe(tx, row, &role, &role.role_policy_list));
  TRY_ASSIGN(role.assume_role_policy_document, ShownDocument(tx, row.trust));
  role.instance_profile_list.emplace();
  role.role_last_used.emplace();
  return role;
}

Result<wire::iam::GroupDetail> DetailOfGroup(store::Transaction& tx, const store::Principal& row) {
  wire::iam::GroupDetail group{.group_name = row.name, .group_id = row.unique_id};
  TRY(Describe(tx, row, &group, &group.group_policy_list));
  return group;
}

Result<wire::iam::ManagedPolicyDetail> DetailOfPolicy(store::Transaction& tx, const ManagedPolicy& row) {
  TRY_ASSIGN(wire::iam::Policy shown, ToPolicy(tx, row, Detail::kFull));
  wire::iam::ManagedPolicyDetail policy{.policy_name = shown.policy_name,
                                        .policy_id = shown.policy_id,
                                        .arn = shown.arn,
                                        .path = shown.path,
                                        .default_version_id = shown.default_version_id,
                                        .attachment_count = shown.attachment_count,
                                        .permissions_boundary_usage_count = shown.permissions_boundary_usage_count,
                                        .is_attachable = shown.is_attachable,
                                        .description = shown.description,
                                        .create_date = shown.create_date,
                                        .update_date = shown.update_date};
  TRY_ASSIGN(auto version, FindVersion(tx, row, row.default_version));
  policy.policy_version_list.emplace();
  if (version) policy.policy_version_list->push_back(ToVersion(row, *version, Detail::kFull));
  return policy;
}

constexpr std::string_view kKinds[] = {"user", "role", "group", "policy"};
constexpr std::string_view kFilters[] = {"User", "Role", "Group", "LocalManagedPolicy"};

}  // namespace

Result<CreateAccountAlias::Answer> Iam::Do(const gate::Authorized<CreateAccountAlias>& call) {
  const std::string& alias = *call->in.account_alias;
  TRY_ASSIGN(auto taken, call.tx().Maybe("SELECT account FROM iam_account_aliases WHERE alias = ?", {alias}));
  if (taken && taken->Text(0) != call.caller().account) {
    return FailAs(ErrorCode::kAlreadyExists, "EntityAlreadyExists", fmt::format("The account alias {} already exists.", alias));
  }
  TRY(
      call.tx().Execute("INSERT INTO iam_account_aliases (account, alias) VALUES (?, ?) "
                        "ON CONFLICT (account) DO UPDATE SET alias = excluded.alias",
                        {call.caller().account, alias}));
  return CreateAccountAlias::Answer{};
}

Result<DeleteAccountAlias::Answer> Iam::Do(const gate::Authorized<DeleteAccountAlias>& call) {
  TRY_ASSIGN(std::int64_t gone, call.tx().Execute("DELETE FROM iam_account_aliases WHERE account = ? AND alias = ?",
                                                  {call.caller().account, *call->in.account_alias}));
  if (gone == 0) {
    return FailAs(ErrorCode::kNotFound, "NoSuchEntity",
                  fmt::format("The account alias with name {} cannot be found.", *call->in.account_alias));
  }
  return DeleteAccountAlias::Answer{};
}

Result<ListAccountAliases::Answer> Iam::Do(const gate::Authorized<ListAccountAliases>& call) {
  TRY_ASSIGN(auto row, call.tx().Maybe("SELECT alias FROM iam_account_aliases WHERE account = ?", {call.caller().account}));
  ListAccountAliases::Answer answer;
  answer.account_aliases.emplace();
  if (row) answer.account_aliases->push_back(row->Text(0));
  answer.is_truncated = false;
  return answer;
}

// Users, roles, groups and policies in one walk: the marker says in which of them it stands, and after which name.
Result<GetAccountAuthorizationDetails::Answer> Iam::Do(const gate::Authorized<GetAccountAuthorizationDetails>& call) {
  const std::vector<std::string> filter = call->in.filter.value_or(std::vector<std::string>());
  const std::string list = fmt::format("GetAccountAuthorizationDetails/{}/{}", call.caller().account, Join(filter, ","));
  TRY_ASSIGN(Pages::Page page, pages_.Begin(list, call->in.marker, call->in.max_items));
  std::size_t first = page.after.empty() ? 0 : static_cast<std::size_t>(page.after[0] - '0');
  std::string after = page.after.empty() ? "" : page.after.substr(1);

  GetAccountAuthorizationDetails::Answer answer;
  answer.user_detail_list.emplace();
  answer.role_detail_list.emplace();
  answer.group_detail_list.emplace();
  answer.policies.emplace();
  std::vector<std::string> keys;  // Of what was read, one more than the page holds.
  const auto full = [&] { return keys.size() >= static_cast<std::size_t>(page.limit); };
  for (std::size_t at = first; at < std::size(kKinds) && keys.size() <= static_cast<std::size_t>(page.limit); ++at, after.clear()) {
    if (!filter.empty() && std::ranges::find(filter, kFilters[at]) == filter.end()) continue;
    const std::int64_t rest = page.limit + 1 - static_cast<std::int64_t>(keys.size());
    auto key_of = [&](const std::string& name) { return std::string(1, static_cast<char>('0' + at)) + Lower(name); };
    if (kKinds[at] == "policy") {
      TRY_ASSIGN(auto rows, ListPolicyRows(call.tx(), call.caller().account, after, rest));
      for (const ManagedPolicy& row : rows) {
        if (!full()) {
          TRY_ASSIGN(auto detail, DetailOfPolicy(call.tx(), row));
          answer.policies->push_back(std::move(detail));
        }
        keys.push_back(key_of(row.name));
      }
      continue;
    }
    TRY_ASSIGN(auto rows, ListNamed(call.tx(), call.caller().account, kKinds[at], "/", after, rest));
    for (const store::Principal& row : rows) {
      if (!full() && at == 0) {
        TRY_ASSIGN(auto detail, DetailOfUser(call.tx(), row));
        answer.user_detail_list->push_back(std::move(detail));
      } else if (!full() && at == 1) {
        TRY_ASSIGN(auto detail, DetailOfRole(call.tx(), row));
        answer.role_detail_list->push_back(std::move(detail));
      } else if (!full()) {
        TRY_ASSIGN(auto detail, DetailOfGroup(call.tx(), row));
        answer.group_detail_list->push_back(std::move(detail));
      }
      keys.push_back(key_of(row.name));
    }
  }
  pages_.End(page, &keys, [](const std::string& key) { return key; }, &answer);
  return answer;
}

Result<GetAccountSummary::Answer> Iam::Do(const gate::Authorized<GetAccountSummary>& call) {
  GetAccountSummary::Answer answer;
  answer.summary_map.emplace();
  auto& map = *answer.summary_map;
  const std::pair<const char*, std::string_view> counts[] = {
      {"Users", "SELECT count(*) FROM principals WHERE kind = 'user' AND account = ?"},
      {"Roles", "SELECT count(*) FROM principals WHERE kind = 'role' AND account = ?"},
      {"Groups", "SELECT count(*) FROM principals WHERE kind = 'group' AND account = ?"},
      {"Policies", "SELECT count(*) FROM iam_policies WHERE account = ?"}};
  for (const auto& [name, sql] : counts) {
    TRY_ASSIGN(std::int64_t count, Count(call, sql));
    map[name] = static_cast<std::int32_t>(count);
  }
  map["AccessKeysPerUserQuota"] = kMaxAccessKeys;
  map["GroupsPerUserQuota"] = kMaxGroupsPerUser;
  map["AttachedPoliciesPerUserQuota"] = map["AttachedPoliciesPerRoleQuota"] = map["AttachedPoliciesPerGroupQuota"] =
      kMaxAttachedPolicies;
  map["VersionsPerPolicyQuota"] = kMaxPolicyVersions;
  map["PolicySizeQuota"] = kMaxManagedPolicyChars;
  map["UserPolicySizeQuota"] = kMaxUserPolicyChars;
  map["GroupPolicySizeQuota"] = kMaxGroupPolicyChars;
  map["AssumeRolePolicySizeQuota"] = kMaxTrustChars;
  map["AccountAccessKeysPresent"] = 0;
  return answer;
}

}  // namespace hanse::identity
