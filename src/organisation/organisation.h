#pragma once
#include <string>

#include "base/random.h"
#include "crypto/key.h"
#include "organisation/next_tokens.h"
#include "organisation/operations.h"
#include "organisation/rows.h"

namespace hanse::organisation {

// What a new account gets besides its row, in the transaction that makes it: the administrator's role, the domain key. server/
// connects it to identity/ and keys/. The organisation's service role acts: the caller needs CreateAccount alone.
class Baseline {
 public:
  virtual ~Baseline() = default;
  virtual Result<void> Lay(store::Transaction& tx, const AccountId& account, const std::string& admin_role,
                           const AccountId& management_account, TimeMs now_ms) = 0;
};

// The one organisation of this server: its tree, its accounts, its guardrails. Any thread; what it is made of outlives it.
class Organisation {
 public:
  struct Parts {
    crypto::Key key;  // The server's; page tokens are sealed under it.
    Random& random;
    Baseline& baseline;
  };
  explicit Organisation(Parts parts) : random_(parts.random), baseline_(parts.baseline), pages_(parts.key, parts.random) {}

  // First start: the organisation with its root and management account. Does nothing where there is one already.
  Result<void> Found(store::Transaction& tx, const AccountId& management_account, TimeMs now_ms);

  // The organisation, its services, its tags.
  Result<CreateOrganization::Answer> Do(const gate::Authorized<CreateOrganization>& call);
  Result<DescribeOrganization::Answer> Do(const gate::Authorized<DescribeOrganization>& call);
  Result<ListRoots::Answer> Do(const gate::Authorized<ListRoots>& call);
  Result<EnableAWSServiceAccess::Answer> Do(const gate::Authorized<EnableAWSServiceAccess>& call);
  Result<DisableAWSServiceAccess::Answer> Do(const gate::Authorized<DisableAWSServiceAccess>& call);
  Result<ListAWSServiceAccessForOrganization::Answer> Do(const gate::Authorized<ListAWSServiceAccessForOrganization>& call);
  Result<TagResource::Answer> Do(const gate::Authorized<TagResource>& call);
  Result<UntagResource::Answer> Do(const gate::Authorized<UntagResource>& call);
  Result<ListTagsForResource::Answer> Do(const gate::Authorized<ListTagsForResource>& call);

  // The tree.
  Result<CreateOrganizationalUnit::Answer> Do(const gate::Authorized<CreateOrganizationalUnit>& call);
  Result<DescribeOrganizationalUnit::Answer> Do(const gate::Authorized<DescribeOrganizationalUnit>& call);
  Result<ListOrganizationalUnitsForParent::Answer> Do(const gate::Authorized<ListOrganizationalUnitsForParent>& call);
  Result<UpdateOrganizationalUnit::Answer> Do(const gate::Authorized<UpdateOrganizationalUnit>& call);
  Result<DeleteOrganizationalUnit::Answer> Do(const gate::Authorized<DeleteOrganizationalUnit>& call);
  Result<ListParents::Answer> Do(const gate::Authorized<ListParents>& call);
  Result<ListChildren::Answer> Do(const gate::Authorized<ListChildren>& call);

  // Accounts.
  Result<CreateAccount::Answer> Do(const gate::Authorized<CreateAccount>& call);
  Result<DescribeCreateAccountStatus::Answer> Do(const gate::Authorized<DescribeCreateAccountStatus>& call);
  Result<ListCreateAccountStatus::Answer> Do(const gate::Authorized<ListCreateAccountStatus>& call);
  Result<ListAccounts::Answer> Do(const gate::Authorized<ListAccounts>& call);
  Result<ListAccountsForParent::Answer> Do(const gate::Authorized<ListAccountsForParent>& call);
  Result<DescribeAccount::Answer> Do(const gate::Authorized<DescribeAccount>& call);
  Result<MoveAccount::Answer> Do(const gate::Authorized<MoveAccount>& call);
  Result<CloseAccount::Answer> Do(const gate::Authorized<CloseAccount>& call);
  Result<RemoveAccountFromOrganization::Answer> Do(const gate::Authorized<RemoveAccountFromOrganization>& call);
  Result<LeaveOrganization::Answer> Do(const gate::Authorized<LeaveOrganization>& call);

  // Guardrails.
  Result<EnablePolicyType::Answer> Do(const gate::Authorized<EnablePolicyType>& call);
  Result<DisablePolicyType::Answer> Do(const gate::Authorized<DisablePolicyType>& call);
  Result<CreatePolicy::Answer> Do(const gate::Authorized<CreatePolicy>& call);
  Result<DescribePolicy::Answer> Do(const gate::Authorized<DescribePolicy>& call);
  Result<UpdatePolicy::Answer> Do(const gate::Authorized<UpdatePolicy>& call);
  Result<DeletePolicy::Answer> Do(const gate::Authorized<DeletePolicy>& call);
  Result<ListPolicies::Answer> Do(const gate::Authorized<ListPolicies>& call);
  Result<AttachPolicy::Answer> Do(const gate::Authorized<AttachPolicy>& call);
  Result<DetachPolicy::Answer> Do(const gate::Authorized<DetachPolicy>& call);
  Result<ListPoliciesForTarget::Answer> Do(const gate::Authorized<ListPoliciesForTarget>& call);
  Result<ListTargetsForPolicy::Answer> Do(const gate::Authorized<ListTargetsForPolicy>& call);

  // Delegation.
  Result<RegisterDelegatedAdministrator::Answer> Do(const gate::Authorized<RegisterDelegatedAdministrator>& call);
  Result<DeregisterDelegatedAdministrator::Answer> Do(const gate::Authorized<DeregisterDelegatedAdministrator>& call);
  Result<ListDelegatedAdministrators::Answer> Do(const gate::Authorized<ListDelegatedAdministrators>& call);
  Result<ListDelegatedServicesForAccount::Answer> Do(const gate::Authorized<ListDelegatedServicesForAccount>& call);

 private:
  Result<wire::organizations::Root> RootOf(store::Transaction& tx, const OrganizationRow& organization);

  Random& random_;
  Baseline& baseline_;
  NextTokens pages_;
};

}  // namespace hanse::organisation
