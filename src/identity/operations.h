#pragma once
#include "identity/operation.h"

// The operations of IAM, each with its rule and what its caller needs (operation.h); iam.h acts.
namespace hanse::identity {

namespace iam_wire = wire::iam::op;

// Users and their keys.
struct CreateUser : ChangeUser<iam_wire::CreateUser> {};
struct GetUser : OnUser<iam_wire::GetUser> {};
struct ListUsers : OnUser<iam_wire::ListUsers> {};
struct UpdateUser : ChangeUser<iam_wire::UpdateUser> {};
struct DeleteUser : ChangeUser<iam_wire::DeleteUser> {};
struct TagUser : ChangeUser<iam_wire::TagUser> {};
struct UntagUser : ChangeUser<iam_wire::UntagUser> {};
struct ListUserTags : OnUser<iam_wire::ListUserTags> {};
struct CreateAccessKey : ChangeUser<iam_wire::CreateAccessKey> {};
struct ListAccessKeys : OnUser<iam_wire::ListAccessKeys> {};
struct UpdateAccessKey : ChangeUser<iam_wire::UpdateAccessKey> {};
struct DeleteAccessKey : ChangeUser<iam_wire::DeleteAccessKey> {};
struct GetAccessKeyLastUsed : OnAccount<iam_wire::GetAccessKeyLastUsed> {};

// Roles.
struct CreateRole : ChangeRole<iam_wire::CreateRole> {};
struct GetRole : OnRole<iam_wire::GetRole> {};
struct ListRoles : OnRole<iam_wire::ListRoles> {};
struct UpdateRole : ChangeRole<iam_wire::UpdateRole> {};
struct UpdateRoleDescription : ChangeRole<iam_wire::UpdateRoleDescription> {};
struct DeleteRole : ChangeRole<iam_wire::DeleteRole> {};
struct UpdateAssumeRolePolicy : ChangeRole<iam_wire::UpdateAssumeRolePolicy> {};
struct TagRole : ChangeRole<iam_wire::TagRole> {};
struct UntagRole : ChangeRole<iam_wire::UntagRole> {};
struct ListRoleTags : OnRole<iam_wire::ListRoleTags> {};
struct DeleteServiceLinkedRole : ChangeRole<iam_wire::DeleteServiceLinkedRole> {};
struct GetServiceLinkedRoleDeletionStatus : OnAccount<iam_wire::GetServiceLinkedRoleDeletionStatus> {};
struct CreateServiceLinkedRole : ChangeAccount<iam_wire::CreateServiceLinkedRole> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Groups.
struct CreateGroup : ChangeGroup<iam_wire::CreateGroup> {};
struct GetGroup : OnGroup<iam_wire::GetGroup> {};
struct ListGroups : OnGroup<iam_wire::ListGroups> {};
struct UpdateGroup : ChangeGroup<iam_wire::UpdateGroup> {};
struct DeleteGroup : ChangeGroup<iam_wire::DeleteGroup> {};
struct AddUserToGroup : ChangeGroup<iam_wire::AddUserToGroup> {};
struct RemoveUserFromGroup : ChangeGroup<iam_wire::RemoveUserFromGroup> {};
struct ListGroupsForUser : OnUser<iam_wire::ListGroupsForUser> {};

// Policies that stand in a user, role or group.
struct PutUserPolicy : ChangeUser<iam_wire::PutUserPolicy> {};
struct GetUserPolicy : OnUser<iam_wire::GetUserPolicy> {};
struct ListUserPolicies : OnUser<iam_wire::ListUserPolicies> {};
struct DeleteUserPolicy : ChangeUser<iam_wire::DeleteUserPolicy> {};
struct PutRolePolicy : ChangeRole<iam_wire::PutRolePolicy> {};
struct GetRolePolicy : OnRole<iam_wire::GetRolePolicy> {};
struct ListRolePolicies : OnRole<iam_wire::ListRolePolicies> {};
struct DeleteRolePolicy : ChangeRole<iam_wire::DeleteRolePolicy> {};
struct PutGroupPolicy : ChangeGroup<iam_wire::PutGroupPolicy> {};
struct GetGroupPolicy : OnGroup<iam_wire::GetGroupPolicy> {};
struct ListGroupPolicies : OnGroup<iam_wire::ListGroupPolicies> {};
struct DeleteGroupPolicy : ChangeGroup<iam_wire::DeleteGroupPolicy> {};

// Managed policies and their versions.
struct CreatePolicy : ChangePolicy<iam_wire::CreatePolicy> {};
struct GetPolicy : OnPolicy<iam_wire::GetPolicy> {};
struct ListPolicies : OnPolicy<iam_wire::ListPolicies> {};
struct DeletePolicy : ChangePolicy<iam_wire::DeletePolicy> {};
struct TagPolicy : ChangePolicy<iam_wire::TagPolicy> {};
struct UntagPolicy : ChangePolicy<iam_wire::UntagPolicy> {};
struct ListPolicyTags : OnPolicy<iam_wire::ListPolicyTags> {};
struct CreatePolicyVersion : ChangePolicy<iam_wire::CreatePolicyVersion> {};
struct GetPolicyVersion : OnPolicy<iam_wire::GetPolicyVersion> {};
struct ListPolicyVersions : OnPolicy<iam_wire::ListPolicyVersions> {};
struct DeletePolicyVersion : ChangePolicy<iam_wire::DeletePolicyVersion> {};
struct SetDefaultPolicyVersion : ChangePolicy<iam_wire::SetDefaultPolicyVersion> {};
struct ListEntitiesForPolicy : OnPolicy<iam_wire::ListEntitiesForPolicy> {};

// Attachments.
struct AttachUserPolicy : ChangeUser<iam_wire::AttachUserPolicy> {};
struct DetachUserPolicy : ChangeUser<iam_wire::DetachUserPolicy> {};
struct ListAttachedUserPolicies : OnUser<iam_wire::ListAttachedUserPolicies> {};
struct AttachRolePolicy : ChangeRole<iam_wire::AttachRolePolicy> {};
struct DetachRolePolicy : ChangeRole<iam_wire::DetachRolePolicy> {};
struct ListAttachedRolePolicies : OnRole<iam_wire::ListAttachedRolePolicies> {};
struct AttachGroupPolicy : ChangeGroup<iam_wire::AttachGroupPolicy> {};
struct DetachGroupPolicy : ChangeGroup<iam_wire::DetachGroupPolicy> {};
struct ListAttachedGroupPolicies : OnGroup<iam_wire::ListAttachedGroupPolicies> {};
struct PutUserPermissionsBoundary : ChangeUser<iam_wire::PutUserPermissionsBoundary> {};
struct DeleteUserPermissionsBoundary : ChangeUser<iam_wire::DeleteUserPermissionsBoundary> {};
struct PutRolePermissionsBoundary : ChangeRole<iam_wire::PutRolePermissionsBoundary> {};
struct DeleteRolePermissionsBoundary : ChangeRole<iam_wire::DeleteRolePermissionsBoundary> {};

// The account as a whole.
struct CreateAccountAlias : ChangeAccount<iam_wire::CreateAccountAlias> {};
struct DeleteAccountAlias : ChangeAccount<iam_wire::DeleteAccountAlias> {};
struct ListAccountAliases : OnAccount<iam_wire::ListAccountAliases> {};
struct GetAccountAuthorizationDetails : OnAccount<iam_wire::GetAccountAuthorizationDetails> {};
struct GetAccountSummary : OnAccount<iam_wire::GetAccountSummary> {};

using IamOperations =
    gate::List<CreateUser, GetUser, ListUsers, UpdateUser, DeleteUser, TagUser, UntagUser, ListUserTags, CreateAccessKey,
               ListAccessKeys, UpdateAccessKey, DeleteAccessKey, GetAccessKeyLastUsed, CreateRole, GetRole, ListRoles, UpdateRole,
               UpdateRoleDescription, DeleteRole, UpdateAssumeRolePolicy, TagRole, UntagRole, ListRoleTags, DeleteServiceLinkedRole,
               GetServiceLinkedRoleDeletionStatus, CreateServiceLinkedRole, CreateGroup, GetGroup, ListGroups, UpdateGroup,
               DeleteGroup, AddUserToGroup, RemoveUserFromGroup, ListGroupsForUser, PutUserPolicy, GetUserPolicy, ListUserPolicies,
               DeleteUserPolicy, PutRolePolicy, GetRolePolicy, ListRolePolicies, DeleteRolePolicy, PutGroupPolicy, GetGroupPolicy,
               ListGroupPolicies, DeleteGroupPolicy, CreatePolicy, GetPolicy, ListPolicies, DeletePolicy, TagPolicy, UntagPolicy,
               ListPolicyTags, CreatePolicyVersion, GetPolicyVersion, ListPolicyVersions, DeletePolicyVersion,
               SetDefaultPolicyVersion, ListEntitiesForPolicy, AttachUserPolicy, DetachUserPolicy, ListAttachedUserPolicies,
               AttachRolePolicy, DetachRolePolicy, ListAttachedRolePolicies, AttachGroupPolicy, DetachGroupPolicy,
               ListAttachedGroupPolicies, PutUserPermissionsBoundary, DeleteUserPermissionsBoundary, PutRolePermissionsBoundary,
               DeleteRolePermissionsBoundary, CreateAccountAlias, DeleteAccountAlias, ListAccountAliases,
               GetAccountAuthorizationDetails, GetAccountSummary>;

}  // namespace hanse::identity
