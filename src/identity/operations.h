#pragma once
#include "identity/operation.h"

// The operations of IAM, each with its rule and what its caller needs (operation.h); iam.h acts.
namespace hanse::identity {

namespace iam_wire = wire::iam::op;

// Users and their keys.
struct CreateUser : UserOperation<iam_wire::CreateUser, gate::Record::kWrite> {};
struct GetUser : UserOperation<iam_wire::GetUser, gate::Record::kRead> {};
struct ListUsers : UserOperation<iam_wire::ListUsers, gate::Record::kRead> {};
struct UpdateUser : UserOperation<iam_wire::UpdateUser, gate::Record::kWrite> {};
struct DeleteUser : UserOperation<iam_wire::DeleteUser, gate::Record::kWrite> {};
struct TagUser : UserOperation<iam_wire::TagUser, gate::Record::kWrite> {};
struct UntagUser : UserOperation<iam_wire::UntagUser, gate::Record::kWrite> {};
struct ListUserTags : UserOperation<iam_wire::ListUserTags, gate::Record::kRead> {};
struct CreateAccessKey : UserOperation<iam_wire::CreateAccessKey, gate::Record::kWrite> {};
struct ListAccessKeys : UserOperation<iam_wire::ListAccessKeys, gate::Record::kRead> {};
struct UpdateAccessKey : UserOperation<iam_wire::UpdateAccessKey, gate::Record::kWrite> {};
struct DeleteAccessKey : UserOperation<iam_wire::DeleteAccessKey, gate::Record::kWrite> {};
struct GetAccessKeyLastUsed : AccountOperation<iam_wire::GetAccessKeyLastUsed, gate::Record::kRead> {};

// Roles.
struct CreateRole : RoleOperation<iam_wire::CreateRole, gate::Record::kWrite> {};
struct GetRole : RoleOperation<iam_wire::GetRole, gate::Record::kRead> {};
struct ListRoles : RoleOperation<iam_wire::ListRoles, gate::Record::kRead> {};
struct UpdateRole : RoleOperation<iam_wire::UpdateRole, gate::Record::kWrite> {};
struct UpdateRoleDescription : RoleOperation<iam_wire::UpdateRoleDescription, gate::Record::kWrite> {};
struct DeleteRole : RoleOperation<iam_wire::DeleteRole, gate::Record::kWrite> {};
struct UpdateAssumeRolePolicy : RoleOperation<iam_wire::UpdateAssumeRolePolicy, gate::Record::kWrite> {};
struct TagRole : RoleOperation<iam_wire::TagRole, gate::Record::kWrite> {};
struct UntagRole : RoleOperation<iam_wire::UntagRole, gate::Record::kWrite> {};
struct ListRoleTags : RoleOperation<iam_wire::ListRoleTags, gate::Record::kRead> {};
struct DeleteServiceLinkedRole : RoleOperation<iam_wire::DeleteServiceLinkedRole, gate::Record::kWrite> {};
struct GetServiceLinkedRoleDeletionStatus : AccountOperation<iam_wire::GetServiceLinkedRoleDeletionStatus, gate::Record::kRead> {};
struct CreateServiceLinkedRole : AccountOperation<iam_wire::CreateServiceLinkedRole, gate::Record::kWrite> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Groups.
struct CreateGroup : GroupOperation<iam_wire::CreateGroup, gate::Record::kWrite> {};
struct GetGroup : GroupOperation<iam_wire::GetGroup, gate::Record::kRead> {};
struct ListGroups : GroupOperation<iam_wire::ListGroups, gate::Record::kRead> {};
struct UpdateGroup : GroupOperation<iam_wire::UpdateGroup, gate::Record::kWrite> {};
struct DeleteGroup : GroupOperation<iam_wire::DeleteGroup, gate::Record::kWrite> {};
struct AddUserToGroup : GroupOperation<iam_wire::AddUserToGroup, gate::Record::kWrite> {};
struct RemoveUserFromGroup : GroupOperation<iam_wire::RemoveUserFromGroup, gate::Record::kWrite> {};
struct ListGroupsForUser : UserOperation<iam_wire::ListGroupsForUser, gate::Record::kRead> {};

// Policies that stand in a user, role or group.
struct PutUserPolicy : UserOperation<iam_wire::PutUserPolicy, gate::Record::kWrite> {};
struct GetUserPolicy : UserOperation<iam_wire::GetUserPolicy, gate::Record::kRead> {};
struct ListUserPolicies : UserOperation<iam_wire::ListUserPolicies, gate::Record::kRead> {};
struct DeleteUserPolicy : UserOperation<iam_wire::DeleteUserPolicy, gate::Record::kWrite> {};
struct PutRolePolicy : RoleOperation<iam_wire::PutRolePolicy, gate::Record::kWrite> {};
struct GetRolePolicy : RoleOperation<iam_wire::GetRolePolicy, gate::Record::kRead> {};
struct ListRolePolicies : RoleOperation<iam_wire::ListRolePolicies, gate::Record::kRead> {};
struct DeleteRolePolicy : RoleOperation<iam_wire::DeleteRolePolicy, gate::Record::kWrite> {};
struct PutGroupPolicy : GroupOperation<iam_wire::PutGroupPolicy, gate::Record::kWrite> {};
struct GetGroupPolicy : GroupOperation<iam_wire::GetGroupPolicy, gate::Record::kRead> {};
struct ListGroupPolicies : GroupOperation<iam_wire::ListGroupPolicies, gate::Record::kRead> {};
struct DeleteGroupPolicy : GroupOperation<iam_wire::DeleteGroupPolicy, gate::Record::kWrite> {};

// Managed policies and their versions.
struct CreatePolicy : PolicyOperation<iam_wire::CreatePolicy, gate::Record::kWrite> {};
struct GetPolicy : PolicyOperation<iam_wire::GetPolicy, gate::Record::kRead> {};
struct ListPolicies : PolicyOperation<iam_wire::ListPolicies, gate::Record::kRead> {};
struct DeletePolicy : PolicyOperation<iam_wire::DeletePolicy, gate::Record::kWrite> {};
struct TagPolicy : PolicyOperation<iam_wire::TagPolicy, gate::Record::kWrite> {};
struct UntagPolicy : PolicyOperation<iam_wire::UntagPolicy, gate::Record::kWrite> {};
struct ListPolicyTags : PolicyOperation<iam_wire::ListPolicyTags, gate::Record::kRead> {};
struct CreatePolicyVersion : PolicyOperation<iam_wire::CreatePolicyVersion, gate::Record::kWrite> {};
struct GetPolicyVersion : PolicyOperation<iam_wire::GetPolicyVersion, gate::Record::kRead> {};
struct ListPolicyVersions : PolicyOperation<iam_wire::ListPolicyVersions, gate::Record::kRead> {};
struct DeletePolicyVersion : PolicyOperation<iam_wire::DeletePolicyVersion, gate::Record::kWrite> {};
struct SetDefaultPolicyVersion : PolicyOperation<iam_wire::SetDefaultPolicyVersion, gate::Record::kWrite> {};
struct ListEntitiesForPolicy : PolicyOperation<iam_wire::ListEntitiesForPolicy, gate::Record::kRead> {};

// Attachments.
struct AttachUserPolicy : UserOperation<iam_wire::AttachUserPolicy, gate::Record::kWrite> {};
struct DetachUserPolicy : UserOperation<iam_wire::DetachUserPolicy, gate::Record::kWrite> {};
struct ListAttachedUserPolicies : UserOperation<iam_wire::ListAttachedUserPolicies, gate::Record::kRead> {};
struct AttachRolePolicy : RoleOperation<iam_wire::AttachRolePolicy, gate::Record::kWrite> {};
struct DetachRolePolicy : RoleOperation<iam_wire::DetachRolePolicy, gate::Record::kWrite> {};
struct ListAttachedRolePolicies : RoleOperation<iam_wire::ListAttachedRolePolicies, gate::Record::kRead> {};
struct AttachGroupPolicy : GroupOperation<iam_wire::AttachGroupPolicy, gate::Record::kWrite> {};
struct DetachGroupPolicy : GroupOperation<iam_wire::DetachGroupPolicy, gate::Record::kWrite> {};
struct ListAttachedGroupPolicies : GroupOperation<iam_wire::ListAttachedGroupPolicies, gate::Record::kRead> {};
struct PutUserPermissionsBoundary : UserOperation<iam_wire::PutUserPermissionsBoundary, gate::Record::kWrite> {};
struct DeleteUserPermissionsBoundary : UserOperation<iam_wire::DeleteUserPermissionsBoundary, gate::Record::kWrite> {};
struct PutRolePermissionsBoundary : RoleOperation<iam_wire::PutRolePermissionsBoundary, gate::Record::kWrite> {};
struct DeleteRolePermissionsBoundary : RoleOperation<iam_wire::DeleteRolePermissionsBoundary, gate::Record::kWrite> {};

// SAML identity providers.
struct CreateSAMLProvider : SamlProviderOperation<iam_wire::CreateSAMLProvider, gate::Record::kWrite> {
  std::string Parameters() const;
};
struct GetSAMLProvider : SamlProviderOperation<iam_wire::GetSAMLProvider, gate::Record::kRead> {};
struct ListSAMLProviders : AccountOperation<iam_wire::ListSAMLProviders, gate::Record::kRead> {};
struct UpdateSAMLProvider : SamlProviderOperation<iam_wire::UpdateSAMLProvider, gate::Record::kWrite> {
  std::string Parameters() const;
};
struct DeleteSAMLProvider : SamlProviderOperation<iam_wire::DeleteSAMLProvider, gate::Record::kWrite> {};
struct TagSAMLProvider : SamlProviderOperation<iam_wire::TagSAMLProvider, gate::Record::kWrite> {};
struct UntagSAMLProvider : SamlProviderOperation<iam_wire::UntagSAMLProvider, gate::Record::kWrite> {};
struct ListSAMLProviderTags : SamlProviderOperation<iam_wire::ListSAMLProviderTags, gate::Record::kRead> {};

// The account as a whole.
struct CreateAccountAlias : AccountOperation<iam_wire::CreateAccountAlias, gate::Record::kWrite> {};
struct DeleteAccountAlias : AccountOperation<iam_wire::DeleteAccountAlias, gate::Record::kWrite> {};
struct ListAccountAliases : AccountOperation<iam_wire::ListAccountAliases, gate::Record::kRead> {};
struct GetAccountAuthorizationDetails : AccountOperation<iam_wire::GetAccountAuthorizationDetails, gate::Record::kRead> {};
struct GetAccountSummary : AccountOperation<iam_wire::GetAccountSummary, gate::Record::kRead> {};

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
               DeleteRolePermissionsBoundary, CreateSAMLProvider, GetSAMLProvider, ListSAMLProviders, UpdateSAMLProvider,
               DeleteSAMLProvider, TagSAMLProvider, UntagSAMLProvider, ListSAMLProviderTags, CreateAccountAlias, DeleteAccountAlias,
               ListAccountAliases, GetAccountAuthorizationDetails, GetAccountSummary>;

}  // namespace hanse::identity
