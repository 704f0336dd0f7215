#pragma once
#include "base/random.h"
#include "governance/operation.h"
#include "wire/ram.h"

// Which permission a resource share has for which type of resource, and what RAM says of the resources that an account shares
// (lakeformation.md, sections 5.2 and 5.8).
namespace hanse::governance {

struct AssociateResourceSharePermission : Writes<wire::ram::op::AssociateResourceSharePermission> {};
struct DisassociateResourceSharePermission : Writes<wire::ram::op::DisassociateResourceSharePermission> {};
struct ListResourceSharePermissions : Reads<wire::ram::op::ListResourceSharePermissions> {};
struct ListPermissionAssociations : Reads<wire::ram::op::ListPermissionAssociations> {};
struct ReplacePermissionAssociations : Writes<wire::ram::op::ReplacePermissionAssociations> {};
struct ListReplacePermissionAssociationsWork : Reads<wire::ram::op::ListReplacePermissionAssociationsWork> {};
struct PromoteResourceShareCreatedFromPolicy : Writes<wire::ram::op::PromoteResourceShareCreatedFromPolicy> {};
struct GetSharedResourcePolicies : Reads<wire::ram::op::GetResourcePolicies> {};
struct ListSourceAssociations : Reads<wire::ram::op::ListSourceAssociations> {};

// Any thread.
class SharePermissions {
 public:
  explicit SharePermissions(Random& random) : random_(random) {}
  Result<AssociateResourceSharePermission::Answer> Do(const gate::Authorized<AssociateResourceSharePermission>& call);
  Result<DisassociateResourceSharePermission::Answer> Do(const gate::Authorized<DisassociateResourceSharePermission>& call);
  Result<ListResourceSharePermissions::Answer> Do(const gate::Authorized<ListResourceSharePermissions>& call);
  Result<ListPermissionAssociations::Answer> Do(const gate::Authorized<ListPermissionAssociations>& call);
  Result<ReplacePermissionAssociations::Answer> Do(const gate::Authorized<ReplacePermissionAssociations>& call);
  Result<ListReplacePermissionAssociationsWork::Answer> Do(const gate::Authorized<ListReplacePermissionAssociationsWork>& call);
  Result<PromoteResourceShareCreatedFromPolicy::Answer> Do(const gate::Authorized<PromoteResourceShareCreatedFromPolicy>& call);
  Result<GetSharedResourcePolicies::Answer> Do(const gate::Authorized<GetSharedResourcePolicies>& call);
  Result<ListSourceAssociations::Answer> Do(const gate::Authorized<ListSourceAssociations>& call);

 private:
  Random& random_;
};

using SharePermissionOperations =
    gate::List<AssociateResourceSharePermission, DisassociateResourceSharePermission, ListResourceSharePermissions,
               ListPermissionAssociations, ReplacePermissionAssociations, ListReplacePermissionAssociationsWork,
               PromoteResourceShareCreatedFromPolicy, GetSharedResourcePolicies, ListSourceAssociations>;

}  // namespace hanse::governance
