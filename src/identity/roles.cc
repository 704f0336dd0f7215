#include "identity/roles.h"

#include <fmt/format.h>

#include "base/text.h"
#include "identity/attaching.h"
#include "identity/iam.h"
#include "identity/limits.h"
#include "identity/principal_names.h"
#include "identity/service_linked_roles.h"
#include "identity/shapes.h"
#include "model/arn.h"
#include "model/ids.h"

namespace hanse::identity {
namespace {

Result<store::Principal> RoleOf(const gate::Call& call, const std::optional<std::string>& name) {
  return FindNamed(call.tx(), call.caller().account, "role", name.value_or(""));
}

// Only the service changes its own roles.
Result<store::Principal> OwnRoleOf(const gate::Call& call, const std::optional<std::string>& name) {
  TRY_ASSIGN(store::Principal role, RoleOf(call, name));
  if (role.path.starts_with(kServiceRolePath)) {
    return FailAs(
        ErrorCode::kInvalidArgument, "UnmodifiableEntity",
        fmt::format("Cannot perform the operation on the protected role '{}' - this role is only modifiable by AWS", role.name));
  }
  return role;
}

Result<void> ChangeDefinition(store::Transaction& tx, store::Principal role, const Definition& definition) {
  role.definition = definition.ToJson();
  return UpdatePrincipal(tx, role);
}

}  // namespace

Result<std::string> BindTrust(store::Transaction& tx, std::string_view document) {
  TRY(policy::ParseDocument(document, policy::DocumentKind::kTrust));
  if (CountedChars(document) > kMaxTrustChars) return OverQuota("ACLSizePerRole", kMaxTrustChars);
  return policy::BindPrincipals(document, IdOf(tx));
}

Result<store::Principal> InsertRole(store::Transaction& tx, Random& random, NewRole role, TimeMs now_ms) {
  store::Principal row{.account = role.account, .kind = "role", .name = role.name, .path = role.path};
  row.arn = RoleArn(role.account, role.path, role.name);
  row.unique_id = NewIamId(random, "AROA");
  row.created_ms = now_ms;
  TRY_ASSIGN(row.trust, BindTrust(tx, role.trust));
  row.definition = role.definition.ToJson();
  return InsertPrincipal(tx, std::move(row));
}

Result<CreateRole::Answer> Iam::Do(const gate::Authorized<CreateRole>& call) {
  NewRole role{.account = call.caller().account,
               .name = *call->in.role_name,
               .path = call->in.path.value_or("/"),
               .trust = *call->in.assume_role_policy_document};
  role.definition.description = call->in.description.value_or("");
  role.definition.max_session_s = call->in.max_session_duration.value_or(role.definition.max_session_s);
  TRY(AddTags(FromTags(call->in.tags), &role.definition.tags));
  TRY_ASSIGN(store::Principal row, InsertRole(call.tx(), random_, std::move(role), call.now_ms()));
  if (call->in.permissions_boundary) TRY(SetBoundary(call.tx(), row, call->in.permissions_boundary));
  call.NoteResource("AWS::IAM::Role", row.arn);
  CreateRole::Answer answer;
  TRY_ASSIGN(answer.role, ToRole(call.tx(), row, Detail::kFull));
  return answer;
}

Result<GetRole::Answer> Iam::Do(const gate::Authorized<GetRole>& call) {
  TRY_ASSIGN(store::Principal role, RoleOf(call, call->in.role_name));
  GetRole::Answer answer;
  TRY_ASSIGN(answer.role, ToRole(call.tx(), role, Detail::kFull));
  return answer;
}

Result<ListRoles::Answer> Iam::Do(const gate::Authorized<ListRoles>& call) {
  const std::string prefix = call->in.path_prefix.value_or("/");
  TRY_ASSIGN(Pages::Page page, pages_.Begin("ListRoles/" + call.caller().account + prefix, call->in.marker, call->in.max_items));
  TRY_ASSIGN(auto rows, ListNamed(call.tx(), call.caller().account, "role", prefix, page.after, page.limit + 1));
  ListRoles::Answer answer;
  pages_.End(page, &rows, [](const store::Principal& one) { return Lower(one.name); }, &answer);
  answer.roles.emplace();
  for (const store::Principal& row : rows) {
    TRY_ASSIGN(wire::iam::Role role, ToRole(call.tx(), row, Detail::kListed));
    answer.roles->push_back(std::move(role));
  }
  return answer;
}

Result<UpdateRole::Answer> Iam::Do(const gate::Authorized<UpdateRole>& call) {
  TRY_ASSIGN(store::Principal role, OwnRoleOf(call, call->in.role_name));
  Definition definition = Definition::FromJson(role.definition);
  definition.description = call->in.description.value_or(definition.description);
  definition.max_session_s = call->in.max_session_duration.value_or(definition.max_session_s);
  TRY(ChangeDefinition(call.tx(), std::move(role), definition));
  return UpdateRole::Answer{};
}

Result<UpdateRoleDescription::Answer> Iam::Do(const gate::Authorized<UpdateRoleDescription>& call) {
  TRY_ASSIGN(store::Principal role, OwnRoleOf(call, call->in.role_name));
  Definition definition = Definition::FromJson(role.definition);
  definition.description = call->in.description.value_or("");
  TRY(ChangeDefinition(call.tx(), role, definition));
  role.definition = definition.ToJson();
  UpdateRoleDescription::Answer answer;
  TRY_ASSIGN(answer.role, ToRole(call.tx(), role, Detail::kFull));
  return answer;
}

Result<DeleteRole::Answer> Iam::Do(const gate::Authorized<DeleteRole>& call) {
  TRY_ASSIGN(store::Principal role, OwnRoleOf(call, call->in.role_name));
  TRY(CheckBare(call.tx(), role));
  // What hangs on the role's id goes with it, in every folder: grants, memberships, its sessions.
  TRY(store::DeleteThing(call.tx(), role.id));
  call.NoteResource("AWS::IAM::Role", role.arn);
  return DeleteRole::Answer{};
}

Result<UpdateAssumeRolePolicy::Answer> Iam::Do(const gate::Authorized<UpdateAssumeRolePolicy>& call) {
  TRY_ASSIGN(store::Principal role, OwnRoleOf(call, call->in.role_name));
  TRY_ASSIGN(role.trust, BindTrust(call.tx(), *call->in.policy_document));
  TRY(UpdatePrincipal(call.tx(), role));
  call.NoteResource("AWS::IAM::Role", role.arn);
  return UpdateAssumeRolePolicy::Answer{};
}

Result<TagRole::Answer> Iam::Do(const gate::Authorized<TagRole>& call) {
  TRY_ASSIGN(store::Principal role, OwnRoleOf(call, call->in.role_name));
  Definition definition = Definition::FromJson(role.definition);
  TRY(AddTags(FromTags(call->in.tags), &definition.tags));
  TRY(ChangeDefinition(call.tx(), std::move(role), definition));
  return TagRole::Answer{};
}

Result<UntagRole::Answer> Iam::Do(const gate::Authorized<UntagRole>& call) {
  TRY_ASSIGN(store::Principal role, OwnRoleOf(call, call->in.role_name));
  Definition definition = Definition::FromJson(role.definition);
  for (const std::string& key : *call->in.tag_keys) RemoveTag(key, &definition.tags);
  TRY(ChangeDefinition(call.tx(), std::move(role), definition));
  return UntagRole::Answer{};
}

Result<ListRoleTags::Answer> Iam::Do(const gate::Authorized<ListRoleTags>& call) {
  TRY_ASSIGN(store::Principal role, RoleOf(call, call->in.role_name));
  ListRoleTags::Answer answer;
  answer.tags = ToTags(Definition::FromJson(role.definition).tags);
  answer.is_truncated = false;
  return answer;
}

}  // namespace hanse::identity
