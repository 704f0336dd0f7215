#pragma once
#include "gate/gate.h"
#include "wire/organizations.h"

// The operations of Organizations that are built. All but DescribeOrganization, and reading one's own account, are the management
// account's: a member is refused, whatever its own policies say.
namespace hanse::organisation {

// Who may call: everyone in the organisation, or the management account.
enum class Audience { kMembers, kManagement };

template <class W, gate::Record kHow, Audience kWho = Audience::kManagement>
struct Operation {
  static constexpr gate::Rule kRule{"organizations", W::kName, kHow};
  using Wire = W;
  using Answer = typename W::Output;
  typename W::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const {
    return NeedsOf(kRule.name, kWho, context, tx);
  }

  static Result<std::vector<gate::Need>> NeedsOf(std::string_view name, Audience who, const gate::Context& context, store::Transaction& tx);
};

// AccessDeniedException for a member that asks for what is the management account's.
Result<std::vector<gate::Need>> NeedsOn(std::string_view name, Audience who, const gate::Context& context, store::Transaction& tx);

template <class W, gate::Record kHow, Audience kWho>
Result<std::vector<gate::Need>> Operation<W, kHow, kWho>::NeedsOf(std::string_view name, Audience who, const gate::Context& context,
                                                                  store::Transaction& tx) {
  return NeedsOn(name, who, context, tx);
}

template <class W>
using Read = Operation<W, gate::Record::kRead>;
template <class W>
using Change = Operation<W, gate::Record::kWrite>;

namespace op = wire::organizations::op;

struct CreateOrganization : Change<op::CreateOrganization> {};
struct DescribeOrganization : Operation<op::DescribeOrganization, gate::Record::kRead, Audience::kMembers> {};
struct ListRoots : Read<op::ListRoots> {};
struct CreateOrganizationalUnit : Change<op::CreateOrganizationalUnit> {};
struct DescribeOrganizationalUnit : Read<op::DescribeOrganizationalUnit> {};
struct ListOrganizationalUnitsForParent : Read<op::ListOrganizationalUnitsForParent> {};
struct UpdateOrganizationalUnit : Change<op::UpdateOrganizationalUnit> {};
struct DeleteOrganizationalUnit : Change<op::DeleteOrganizationalUnit> {};
struct CreateAccount : Change<op::CreateAccount> {};
struct DescribeCreateAccountStatus : Read<op::DescribeCreateAccountStatus> {};
struct ListCreateAccountStatus : Read<op::ListCreateAccountStatus> {};
struct ListAccounts : Read<op::ListAccounts> {};
struct ListAccountsForParent : Read<op::ListAccountsForParent> {};
struct DescribeAccount : Read<op::DescribeAccount> {};
struct MoveAccount : Change<op::MoveAccount> {};
struct ListParents : Read<op::ListParents> {};
struct ListChildren : Read<op::ListChildren> {};
struct EnableAWSServiceAccess : Change<op::EnableAWSServiceAccess> {};
struct DisableAWSServiceAccess : Change<op::DisableAWSServiceAccess> {};
struct ListAWSServiceAccessForOrganization : Read<op::ListAWSServiceAccessForOrganization> {};
struct TagResource : Change<op::TagResource> {};
struct UntagResource : Change<op::UntagResource> {};
struct ListTagsForResource : Read<op::ListTagsForResource> {};

using Operations =
    gate::List<CreateOrganization, DescribeOrganization, ListRoots, CreateOrganizationalUnit, DescribeOrganizationalUnit,
               ListOrganizationalUnitsForParent, UpdateOrganizationalUnit, DeleteOrganizationalUnit, CreateAccount,
               DescribeCreateAccountStatus, ListCreateAccountStatus, ListAccounts, ListAccountsForParent, DescribeAccount, MoveAccount,
               ListParents, ListChildren, EnableAWSServiceAccess, DisableAWSServiceAccess, ListAWSServiceAccessForOrganization, TagResource,
               UntagResource, ListTagsForResource>;

}  // namespace hanse::organisation
