#include "identity/attaching.h"
#include "identity/iam.h"
#include "identity/principal_names.h"
#include "identity/shapes.h"

// The same operations for users, roles and groups.
namespace hanse::identity {
namespace {

Result<void> AttachTo(const gate::Call& call, std::string_view kind, const std::string& name, const std::string& policy_arn) {
  TRY_ASSIGN(store::Principal principal, FindNamed(call.tx(), call.caller().account, kind, name));
  return Attach(call.tx(), principal, policy_arn);
}

Result<void> DetachFrom(const gate::Call& call, std::string_view kind, const std::string& name, const std::string& policy_arn) {
  TRY_ASSIGN(store::Principal principal, FindNamed(call.tx(), call.caller().account, kind, name));
  return Detach(call.tx(), principal, policy_arn);
}

Result<void> Bound(const gate::Call& call, std::string_view kind, const std::string& name,
                   const std::optional<std::string>& policy_arn) {
  TRY_ASSIGN(store::Principal principal, FindNamed(call.tx(), call.caller().account, kind, name));
  return SetBoundary(call.tx(), principal, policy_arn);
}

// At most ten: one page holds them all.
template <class Answer>
Result<Answer> ListOn(const gate::Call& call, std::string_view kind, const std::string& name,
                      const std::optional<std::string>& path_prefix) {
  TRY_ASSIGN(store::Principal principal, FindNamed(call.tx(), call.caller().account, kind, name));
  Answer answer;
  TRY_ASSIGN(answer.attached_policies, AttachedTo(call.tx(), principal));
  std::erase_if(*answer.attached_policies, [&](const wire::iam::AttachedPolicy& one) {
    const std::string& arn = *one.policy_arn;
    return !std::string_view(arn).substr(arn.find('/')).starts_with(path_prefix.value_or("/"));
  });
  answer.is_truncated = false;
  return answer;
}

}  // namespace

Result<AttachUserPolicy::Answer> Iam::Do(const gate::Authorized<AttachUserPolicy>& call) {
  TRY(AttachTo(call, "user", *call->in.user_name, *call->in.policy_arn));
  return AttachUserPolicy::Answer{};
}

Result<AttachRolePolicy::Answer> Iam::Do(const gate::Authorized<AttachRolePolicy>& call) {
  TRY(AttachTo(call, "role", *call->in.role_name, *call->in.policy_arn));
  return AttachRolePolicy::Answer{};
}

Result<AttachGroupPolicy::Answer> Iam::Do(const gate::Authorized<AttachGroupPolicy>& call) {
  TRY(AttachTo(call, "group", *call->in.group_name, *call->in.policy_arn));
  return AttachGroupPolicy::Answer{};
}

Result<DetachUserPolicy::Answer> Iam::Do(const gate::Authorized<DetachUserPolicy>& call) {
  TRY(DetachFrom(call, "user", *call->in.user_name, *call->in.policy_arn));
  return DetachUserPolicy::Answer{};
}

Result<DetachRolePolicy::Answer> Iam::Do(const gate::Authorized<DetachRolePolicy>& call) {
  TRY(DetachFrom(call, "role", *call->in.role_name, *call->in.policy_arn));
  return DetachRolePolicy::Answer{};
}

Result<DetachGroupPolicy::Answer> Iam::Do(const gate::Authorized<DetachGroupPolicy>& call) {
  TRY(DetachFrom(call, "group", *call->in.group_name, *call->in.policy_arn));
  return DetachGroupPolicy::Answer{};
}

Result<ListAttachedUserPolicies::Answer> Iam::Do(const gate::Authorized<ListAttachedUserPolicies>& call) {
  return ListOn<ListAttachedUserPolicies::Answer>(call, "user", *call->in.user_name, call->in.path_prefix);
}

Result<ListAttachedRolePolicies::Answer> Iam::Do(const gate::Authorized<ListAttachedRolePolicies>& call) {
  return ListOn<ListAttachedRolePolicies::Answer>(call, "role", *call->in.role_name, call->in.path_prefix);
}

Result<ListAttachedGroupPolicies::Answer> Iam::Do(const gate::Authorized<ListAttachedGroupPolicies>& call) {
  return ListOn<ListAttachedGroupPolicies::Answer>(call, "group", *call->in.group_name, call->in.path_prefix);
}

Result<PutUserPermissionsBoundary::Answer> Iam::Do(const gate::Authorized<PutUserPermissionsBoundary>& call) {
  TRY(Bound(call, "user", *call->in.user_name, *call->in.permissions_boundary));
  return PutUserPermissionsBoundary::Answer{};
}

Result<PutRolePermissionsBoundary::Answer> Iam::Do(const gate::Authorized<PutRolePermissionsBoundary>& call) {
  TRY(Bound(call, "role", *call->in.role_name, *call->in.permissions_boundary));
  return PutRolePermissionsBoundary::Answer{};
}

Result<DeleteUserPermissionsBoundary::Answer> Iam::Do(const gate::Authorized<DeleteUserPermissionsBoundary>& call) {
  TRY(Bound(call, "user", *call->in.user_name, std::nullopt));
  return DeleteUserPermissionsBoundary::Answer{};
}

Result<DeleteRolePermissionsBoundary::Answer> Iam::Do(const gate::Authorized<DeleteRolePermissionsBoundary>& call) {
  TRY(Bound(call, "role", *call->in.role_name, std::nullopt));
  return DeleteRolePermissionsBoundary::Answer{};
}

}  // namespace hanse::identity
