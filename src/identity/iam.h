#pragma once
#include "base/clock.h"
#include "base/random.h"
#include "crypto/key.h"
#include "identity/key_uses.h"
#include "identity/operations.h"
#include "identity/pages.h"

namespace hanse::identity {

// Users, roles, groups, policies: what IAM keeps, in store::Principal's rows and the tables of 0002_identity.sql. Any thread; what
// it is made of outlives it.
class Iam {
 public:
  struct Parts {
    crypto::Key key;  // The server's; secrets of access keys are sealed under it.
    Random& random;
    KeyUses& uses;
  };
  explicit Iam(Parts parts)
      : key_(parts.key.Derive("identity/access-keys")), random_(parts.random), uses_(parts.uses), pages_(parts.key, parts.random) {}

  // Users and their keys.
  Result<CreateUser::Answer> Do(const gate::Authorized<CreateUser>& call);
  Result<GetUser::Answer> Do(const gate::Authorized<GetUser>& call);
  Result<ListUsers::Answer> Do(const gate::Authorized<ListUsers>& call);
  Result<UpdateUser::Answer> Do(const gate::Authorized<UpdateUser>& call);
  Result<DeleteUser::Answer> Do(const gate::Authorized<DeleteUser>& call);
  Result<TagUser::Answer> Do(const gate::Authorized<TagUser>& call);
  Result<UntagUser::Answer> Do(const gate::Authorized<UntagUser>& call);
  Result<ListUserTags::Answer> Do(const gate::Authorized<ListUserTags>& call);
  Result<CreateAccessKey::Answer> Do(const gate::Authorized<CreateAccessKey>& call);
  Result<ListAccessKeys::Answer> Do(const gate::Authorized<ListAccessKeys>& call);
  Result<UpdateAccessKey::Answer> Do(const gate::Authorized<UpdateAccessKey>& call);
  Result<DeleteAccessKey::Answer> Do(const gate::Authorized<DeleteAccessKey>& call);
  Result<GetAccessKeyLastUsed::Answer> Do(const gate::Authorized<GetAccessKeyLastUsed>& call);

  // Roles.
  Result<CreateRole::Answer> Do(const gate::Authorized<CreateRole>& call);
  Result<GetRole::Answer> Do(const gate::Authorized<GetRole>& call);
  Result<ListRoles::Answer> Do(const gate::Authorized<ListRoles>& call);
  Result<UpdateRole::Answer> Do(const gate::Authorized<UpdateRole>& call);
  Result<UpdateRoleDescription::Answer> Do(const gate::Authorized<UpdateRoleDescription>& call);
  Result<DeleteRole::Answer> Do(const gate::Authorized<DeleteRole>& call);
  Result<UpdateAssumeRolePolicy::Answer> Do(const gate::Authorized<UpdateAssumeRolePolicy>& call);
  Result<TagRole::Answer> Do(const gate::Authorized<TagRole>& call);
  Result<UntagRole::Answer> Do(const gate::Authorized<UntagRole>& call);
  Result<ListRoleTags::Answer> Do(const gate::Authorized<ListRoleTags>& call);
  Result<DeleteServiceLinkedRole::Answer> Do(const gate::Authorized<DeleteServiceLinkedRole>& call);
  Result<GetServiceLinkedRoleDeletionStatus::Answer> Do(const gate::Authorized<GetServiceLinkedRoleDeletionStatus>& call);
  Result<CreateServiceLinkedRole::Answer> Do(const gate::Authorized<CreateServiceLinkedRole>& call);

  // Groups.
  Result<CreateGroup::Answer> Do(const gate::Authorized<CreateGroup>& call);
  Result<GetGroup::Answer> Do(const gate::Authorized<GetGroup>& call);
  Result<ListGroups::Answer> Do(const gate::Authorized<ListGroups>& call);
  Result<UpdateGroup::Answer> Do(const gate::Authorized<UpdateGroup>& call);
  Result<DeleteGroup::Answer> Do(const gate::Authorized<DeleteGroup>& call);
  Result<AddUserToGroup::Answer> Do(const gate::Authorized<AddUserToGroup>& call);
  Result<RemoveUserFromGroup::Answer> Do(const gate::Authorized<RemoveUserFromGroup>& call);
  Result<ListGroupsForUser::Answer> Do(const gate::Authorized<ListGroupsForUser>& call);

  // Policies that stand in a user, role or group.
  Result<PutUserPolicy::Answer> Do(const gate::Authorized<PutUserPolicy>& call);
  Result<GetUserPolicy::Answer> Do(const gate::Authorized<GetUserPolicy>& call);
  Result<ListUserPolicies::Answer> Do(const gate::Authorized<ListUserPolicies>& call);
  Result<DeleteUserPolicy::Answer> Do(const gate::Authorized<DeleteUserPolicy>& call);
  Result<PutRolePolicy::Answer> Do(const gate::Authorized<PutRolePolicy>& call);
  Result<GetRolePolicy::Answer> Do(const gate::Authorized<GetRolePolicy>& call);
  Result<ListRolePolicies::Answer> Do(const gate::Authorized<ListRolePolicies>& call);
  Result<DeleteRolePolicy::Answer> Do(const gate::Authorized<DeleteRolePolicy>& call);
  Result<PutGroupPolicy::Answer> Do(const gate::Authorized<PutGroupPolicy>& call);
  Result<GetGroupPolicy::Answer> Do(const gate::Authorized<GetGroupPolicy>& call);
  Result<ListGroupPolicies::Answer> Do(const gate::Authorized<ListGroupPolicies>& call);
  Result<DeleteGroupPolicy::Answer> Do(const gate::Authorized<DeleteGroupPolicy>& call);

  // Managed policies and their versions.
  Result<CreatePolicy::Answer> Do(const gate::Authorized<CreatePolicy>& call);
  Result<GetPolicy::Answer> Do(const gate::Authorized<GetPolicy>& call);
  Result<ListPolicies::Answer> Do(const gate::Authorized<ListPolicies>& call);
  Result<DeletePolicy::Answer> Do(const gate::Authorized<DeletePolicy>& call);
  Result<TagPolicy::Answer> Do(const gate::Authorized<TagPolicy>& call);
  Result<UntagPolicy::Answer> Do(const gate::Authorized<UntagPolicy>& call);
  Result<ListPolicyTags::Answer> Do(const gate::Authorized<ListPolicyTags>& call);
  Result<CreatePolicyVersion::Answer> Do(const gate::Authorized<CreatePolicyVersion>& call);
  Result<GetPolicyVersion::Answer> Do(const gate::Authorized<GetPolicyVersion>& call);
  Result<ListPolicyVersions::Answer> Do(const gate::Authorized<ListPolicyVersions>& call);
  Result<DeletePolicyVersion::Answer> Do(const gate::Authorized<DeletePolicyVersion>& call);
  Result<SetDefaultPolicyVersion::Answer> Do(const gate::Authorized<SetDefaultPolicyVersion>& call);
  Result<ListEntitiesForPolicy::Answer> Do(const gate::Authorized<ListEntitiesForPolicy>& call);

  // Attachments.
  Result<AttachUserPolicy::Answer> Do(const gate::Authorized<AttachUserPolicy>& call);
  Result<DetachUserPolicy::Answer> Do(const gate::Authorized<DetachUserPolicy>& call);
  Result<ListAttachedUserPolicies::Answer> Do(const gate::Authorized<ListAttachedUserPolicies>& call);
  Result<AttachRolePolicy::Answer> Do(const gate::Authorized<AttachRolePolicy>& call);
  Result<DetachRolePolicy::Answer> Do(const gate::Authorized<DetachRolePolicy>& call);
  Result<ListAttachedRolePolicies::Answer> Do(const gate::Authorized<ListAttachedRolePolicies>& call);
  Result<AttachGroupPolicy::Answer> Do(const gate::Authorized<AttachGroupPolicy>& call);
  Result<DetachGroupPolicy::Answer> Do(const gate::Authorized<DetachGroupPolicy>& call);
  Result<ListAttachedGroupPolicies::Answer> Do(const gate::Authorized<ListAttachedGroupPolicies>& call);
  Result<PutUserPermissionsBoundary::Answer> Do(const gate::Authorized<PutUserPermissionsBoundary>& call);
  Result<DeleteUserPermissionsBoundary::Answer> Do(const gate::Authorized<DeleteUserPermissionsBoundary>& call);
  Result<PutRolePermissionsBoundary::Answer> Do(const gate::Authorized<PutRolePermissionsBoundary>& call);
  Result<DeleteRolePermissionsBoundary::Answer> Do(const gate::Authorized<DeleteRolePermissionsBoundary>& call);

  // SAML identity providers.
  Result<CreateSAMLProvider::Answer> Do(const gate::Authorized<CreateSAMLProvider>& call);
  Result<GetSAMLProvider::Answer> Do(const gate::Authorized<GetSAMLProvider>& call);
  Result<ListSAMLProviders::Answer> Do(const gate::Authorized<ListSAMLProviders>& call);
  Result<UpdateSAMLProvider::Answer> Do(const gate::Authorized<UpdateSAMLProvider>& call);
  Result<DeleteSAMLProvider::Answer> Do(const gate::Authorized<DeleteSAMLProvider>& call);
  Result<TagSAMLProvider::Answer> Do(const gate::Authorized<TagSAMLProvider>& call);
  Result<UntagSAMLProvider::Answer> Do(const gate::Authorized<UntagSAMLProvider>& call);
  Result<ListSAMLProviderTags::Answer> Do(const gate::Authorized<ListSAMLProviderTags>& call);

  // The account as a whole.
  Result<CreateAccountAlias::Answer> Do(const gate::Authorized<CreateAccountAlias>& call);
  Result<DeleteAccountAlias::Answer> Do(const gate::Authorized<DeleteAccountAlias>& call);
  Result<ListAccountAliases::Answer> Do(const gate::Authorized<ListAccountAliases>& call);
  Result<GetAccountAuthorizationDetails::Answer> Do(const gate::Authorized<GetAccountAuthorizationDetails>& call);
  Result<GetAccountSummary::Answer> Do(const gate::Authorized<GetAccountSummary>& call);

 private:
  crypto::Key key_;
  Random& random_;
  KeyUses& uses_;
  Pages pages_;
};

}  // namespace hanse::identity
