#include <fmt/format.h>

#include "base/text.h"
#include "identity/iam.h"
#include "identity/limits.h"
#include "identity/principal_names.h"
#include "policy/document.h"

// The same four operations for users, roles and groups.
namespace hanse::identity {
namespace {

std::size_t MaxChars(std::string_view kind) {
  return kind == "user" ? kMaxUserPolicyChars : kind == "role" ? kMaxRolePolicyChars : kMaxGroupPolicyChars;
}

Result<void> Put(const gate::Call& call, std::string_view kind, const std::string& owner, const std::string& name,
                 const std::string& document) {
  TRY_ASSIGN(store::Principal principal, FindNamed(call.tx(), call.caller().account, kind, owner));
  TRY(policy::ParseDocument(document, policy::DocumentKind::kIdentity));
  TRY_ASSIGN(auto others,
             call.tx().Query("SELECT document FROM iam_inline_policies WHERE principal = ? AND name <> ?", {principal.id, name}));
  std::size_t chars = CountedChars(document);
  for (const store::Row& row : others) chars += CountedChars(row.Text(0));
  if (chars > MaxChars(kind)) {
    return FailAs(ErrorCode::kLimitExceeded, "LimitExceeded",
                  fmt::format("Maximum policy size of {} bytes exceeded for {} {}", MaxChars(kind), kind, principal.name));
  }
  TRY(
      call.tx().Execute("INSERT INTO iam_inline_policies (principal, name, document) VALUES (?, ?, ?) "
                        "ON CONFLICT (principal, name) DO UPDATE SET document = excluded.document",
                        {principal.id, name, document}));
  call.NoteResource(kind == "user" ? "AWS::IAM::User" : kind == "role" ? "AWS::IAM::Role" : "AWS::IAM::Group", principal.arn);
  return {};
}

std::unexpected<Error> NoSuchPolicy(std::string_view kind, std::string_view name) {
  return FailAs(ErrorCode::kNotFound, "NoSuchEntity", fmt::format("The {} policy with name {} cannot be found.", kind, name));
}

struct Found {
  std::string owner, document;
};

Result<Found> Get(const gate::Call& call, std::string_view kind, const std::string& owner, const std::string& name) {
  TRY_ASSIGN(store::Principal principal, FindNamed(call.tx(), call.caller().account, kind, owner));
  TRY_ASSIGN(auto row,
             call.tx().Maybe("SELECT document FROM iam_inline_policies WHERE principal = ? AND name = ?", {principal.id, name}));
  if (!row) return NoSuchPolicy(kind, name);
  return Found{principal.name, PercentEncode(row->Text(0))};
}

Result<void> Delete(const gate::Call& call, std::string_view kind, const std::string& owner, const std::string& name) {
  TRY_ASSIGN(store::Principal principal, FindNamed(call.tx(), call.caller().account, kind, owner));
  TRY_ASSIGN(std::int64_t gone,
             call.tx().Execute("DELETE FROM iam_inline_policies WHERE principal = ? AND name = ?", {principal.id, name}));
  if (gone == 0) return NoSuchPolicy(kind, name);
  return {};
}

template <class Answer, class In>
Result<Answer> List(const gate::Call& call, const Pages& pages, std::string_view kind, const std::string& owner, const In& in) {
  TRY_ASSIGN(store::Principal principal, FindNamed(call.tx(), call.caller().account, kind, owner));
  TRY_ASSIGN(Pages::Page page, pages.Begin(fmt::format("InlinePolicies/{}", principal.id), in.marker, in.max_items));
  TRY_ASSIGN(auto rows,
             call.tx().Query("SELECT name FROM iam_inline_policies WHERE principal = ? AND name > ? ORDER BY name LIMIT ?",
                             {principal.id, page.after, page.limit + 1}));
  std::vector<std::string> names;
  for (const store::Row& row : rows) names.push_back(row.Text(0));
  Answer answer;
  pages.End(page, &names, [](const std::string& name) { return name; }, &answer);
  answer.policy_names = std::move(names);
  return answer;
}

}  // namespace

Result<PutUserPolicy::Answer> Iam::Do(const gate::Authorized<PutUserPolicy>& call) {
  TRY(Put(call, "user", *call->in.user_name, *call->in.policy_name, *call->in.policy_document));
  return PutUserPolicy::Answer{};
}

Result<PutRolePolicy::Answer> Iam::Do(const gate::Authorized<PutRolePolicy>& call) {
  TRY(Put(call, "role", *call->in.role_name, *call->in.policy_name, *call->in.policy_document));
  return PutRolePolicy::Answer{};
}

Result<PutGroupPolicy::Answer> Iam::Do(const gate::Authorized<PutGroupPolicy>& call) {
  TRY(Put(call, "group", *call->in.group_name, *call->in.policy_name, *call->in.policy_document));
  return PutGroupPolicy::Answer{};
}

Result<GetUserPolicy::Answer> Iam::Do(const gate::Authorized<GetUserPolicy>& call) {
  TRY_ASSIGN(Found found, Get(call, "user", *call->in.user_name, *call->in.policy_name));
  return GetUserPolicy::Answer{.user_name = found.owner, .policy_name = call->in.policy_name, .policy_document = found.document};
}

Result<GetRolePolicy::Answer> Iam::Do(const gate::Authorized<GetRolePolicy>& call) {
  TRY_ASSIGN(Found found, Get(call, "role", *call->in.role_name, *call->in.policy_name));
  return GetRolePolicy::Answer{.role_name = found.owner, .policy_name = call->in.policy_name, .policy_document = found.document};
}

Result<GetGroupPolicy::Answer> Iam::Do(const gate::Authorized<GetGroupPolicy>& call) {
  TRY_ASSIGN(Found found, Get(call, "group", *call->in.group_name, *call->in.policy_name));
  return GetGroupPolicy::Answer{.group_name = found.owner, .policy_name = call->in.policy_name, .policy_document = found.document};
}

Result<ListUserPolicies::Answer> Iam::Do(const gate::Authorized<ListUserPolicies>& call) {
  return List<ListUserPolicies::Answer>(call, pages_, "user", *call->in.user_name, call->in);
}

Result<ListRolePolicies::Answer> Iam::Do(const gate::Authorized<ListRolePolicies>& call) {
  return List<ListRolePolicies::Answer>(call, pages_, "role", *call->in.role_name, call->in);
}

Result<ListGroupPolicies::Answer> Iam::Do(const gate::Authorized<ListGroupPolicies>& call) {
  return List<ListGroupPolicies::Answer>(call, pages_, "group", *call->in.group_name, call->in);
}

Result<DeleteUserPolicy::Answer> Iam::Do(const gate::Authorized<DeleteUserPolicy>& call) {
  TRY(Delete(call, "user", *call->in.user_name, *call->in.policy_name));
  return DeleteUserPolicy::Answer{};
}

Result<DeleteRolePolicy::Answer> Iam::Do(const gate::Authorized<DeleteRolePolicy>& call) {
  TRY(Delete(call, "role", *call->in.role_name, *call->in.policy_name));
  return DeleteRolePolicy::Answer{};
}

Result<DeleteGroupPolicy::Answer> Iam::Do(const gate::Authorized<DeleteGroupPolicy>& call) {
  TRY(Delete(call, "group", *call->in.group_name, *call->in.policy_name));
  return DeleteGroupPolicy::Answer{};
}

}  // namespace hanse::identity
