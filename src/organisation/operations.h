#pragma once
#include <optional>
#include <string>
#include <vector>

#include "gate/wire_operation.h"
#include "wire/organizations.h"

// The operations of Organizations, each with its rule and what its caller needs; organisation.h acts.
namespace hanse::organisation {

// Who may call at all, whatever its policies say (Organizations User Guide): a member does not rule the organisation.
enum class Authority {
  kManagement,  // The management account.
  kReader,      // It, or a delegated administrator.
  kMember,      // Every account of the organisation.
};

// AccessDeniedException where the caller's account has not that authority; then the need for `action` on the thing of that id.
Result<std::vector<gate::Need>> NeedAs(Authority authority, const gate::Context& context, store::Transaction& tx,
                                       std::string action, const std::optional<std::string>& target,
                                       const std::optional<std::string>& service);

// Finds what an operation is about: the members that may name it, by order of precedence.
template <class In>
std::optional<std::string> TargetOf(const In& in) {
  return gate::FirstOf(
      in, [](const auto& i) -> decltype(i.account_id) { return i.account_id; },
      [](const auto& i) -> decltype(i.organizational_unit_id) { return i.organizational_unit_id; },
      [](const auto& i) -> decltype(i.parent_id) { return i.parent_id; },
      [](const auto& i) -> decltype(i.child_id) { return i.child_id; },
      [](const auto& i) -> decltype(i.target_id) { return i.target_id; },
      [](const auto& i) -> decltype(i.root_id) { return i.root_id; },
      [](const auto& i) -> decltype(i.resource_id) { return i.resource_id; },
      [](const auto& i) -> decltype(i.policy_id) { return i.policy_id; });
}

template <class W, gate::Record kHow, Authority kAuthority>
struct OrganizationOperation : gate::WireOperation<W, kHow> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const {
    auto service = gate::FirstOf(this->in, [](const auto& in) -> decltype(in.service_principal) { return in.service_principal; });
    return NeedAs(kAuthority, context, tx, std::string("organizations:") + std::string(W::kName), TargetOf(this->in), service);
  }
};
template <class W>
using Rule = OrganizationOperation<W, gate::Record::kWrite, Authority::kManagement>;
template <class W>
using Read = OrganizationOperation<W, gate::Record::kRead, Authority::kReader>;

namespace org_wire = wire::organizations::op;

// The organisation, its services, its tags.
struct CreateOrganization : OrganizationOperation<org_wire::CreateOrganization, gate::Record::kWrite, Authority::kMember> {};
struct DescribeOrganization : OrganizationOperation<org_wire::DescribeOrganization, gate::Record::kRead, Authority::kMember> {};
struct ListRoots : Read<org_wire::ListRoots> {};
struct EnableAWSServiceAccess : Rule<org_wire::EnableAWSServiceAccess> {};
struct DisableAWSServiceAccess : Rule<org_wire::DisableAWSServiceAccess> {};
struct ListAWSServiceAccessForOrganization : Read<org_wire::ListAWSServiceAccessForOrganization> {};
struct TagResource : Rule<org_wire::TagResource> {};
struct UntagResource : Rule<org_wire::UntagResource> {};
struct ListTagsForResource : Read<org_wire::ListTagsForResource> {};

// The tree.
struct CreateOrganizationalUnit : Rule<org_wire::CreateOrganizationalUnit> {};
struct DescribeOrganizationalUnit : Read<org_wire::DescribeOrganizationalUnit> {};
struct ListOrganizationalUnitsForParent : Read<org_wire::ListOrganizationalUnitsForParent> {};
struct UpdateOrganizationalUnit : Rule<org_wire::UpdateOrganizationalUnit> {};
struct DeleteOrganizationalUnit : Rule<org_wire::DeleteOrganizationalUnit> {};
struct ListParents : Read<org_wire::ListParents> {};
struct ListChildren : Read<org_wire::ListChildren> {};

// Accounts.
struct CreateAccount : Rule<org_wire::CreateAccount> {};
struct DescribeCreateAccountStatus : Read<org_wire::DescribeCreateAccountStatus> {};
struct ListCreateAccountStatus : Read<org_wire::ListCreateAccountStatus> {};
struct ListAccounts : Read<org_wire::ListAccounts> {};
struct ListAccountsForParent : Read<org_wire::ListAccountsForParent> {};
struct DescribeAccount : Read<org_wire::DescribeAccount> {};
struct MoveAccount : Rule<org_wire::MoveAccount> {};
struct CloseAccount : Rule<org_wire::CloseAccount> {};
struct RemoveAccountFromOrganization : Rule<org_wire::RemoveAccountFromOrganization> {};
struct LeaveOrganization : OrganizationOperation<org_wire::LeaveOrganization, gate::Record::kWrite, Authority::kMember> {};

// Guardrails.
struct EnablePolicyType : Rule<org_wire::EnablePolicyType> {};
struct DisablePolicyType : Rule<org_wire::DisablePolicyType> {};
struct CreatePolicy : Rule<org_wire::CreatePolicy> {};
struct DescribePolicy : Read<org_wire::DescribePolicy> {};
struct UpdatePolicy : Rule<org_wire::UpdatePolicy> {};
struct DeletePolicy : Rule<org_wire::DeletePolicy> {};
struct ListPolicies : Read<org_wire::ListPolicies> {};
struct AttachPolicy : Rule<org_wire::AttachPolicy> {};
struct DetachPolicy : Rule<org_wire::DetachPolicy> {};
struct ListPoliciesForTarget : Read<org_wire::ListPoliciesForTarget> {};
struct ListTargetsForPolicy : Read<org_wire::ListTargetsForPolicy> {};

// Delegation.
struct RegisterDelegatedAdministrator : Rule<org_wire::RegisterDelegatedAdministrator> {};
struct DeregisterDelegatedAdministrator : Rule<org_wire::DeregisterDelegatedAdministrator> {};
struct ListDelegatedAdministrators : Read<org_wire::ListDelegatedAdministrators> {};
struct ListDelegatedServicesForAccount : Read<org_wire::ListDelegatedServicesForAccount> {};

using Operations =
    gate::List<CreateOrganization, DescribeOrganization, ListRoots, EnableAWSServiceAccess, DisableAWSServiceAccess,
               ListAWSServiceAccessForOrganization, TagResource, UntagResource, ListTagsForResource, CreateOrganizationalUnit,
               DescribeOrganizationalUnit, ListOrganizationalUnitsForParent, UpdateOrganizationalUnit, DeleteOrganizationalUnit,
               ListParents, ListChildren, CreateAccount, DescribeCreateAccountStatus, ListCreateAccountStatus, ListAccounts,
               ListAccountsForParent, DescribeAccount, MoveAccount, CloseAccount, RemoveAccountFromOrganization, LeaveOrganization,
               EnablePolicyType, DisablePolicyType, CreatePolicy, DescribePolicy, UpdatePolicy, DeletePolicy, ListPolicies,
               AttachPolicy, DetachPolicy, ListPoliciesForTarget, ListTargetsForPolicy, RegisterDelegatedAdministrator,
               DeregisterDelegatedAdministrator, ListDelegatedAdministrators, ListDelegatedServicesForAccount>;

}  // namespace hanse::organisation
