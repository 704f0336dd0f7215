#pragma once
#include "governance/operation.h"
#include "wire/ram.h"

// RAM's permissions: AWS's, which are only read, and an account's own with up to five versions (lakeformation.md, section 5.8).
namespace hanse::governance {

struct ListSharePermissions : Reads<wire::ram::op::ListPermissions> {};
struct GetPermission : Reads<wire::ram::op::GetPermission> {};
struct ListPermissionVersions : Reads<wire::ram::op::ListPermissionVersions> {};
struct ListResourceTypes : Reads<wire::ram::op::ListResourceTypes> {};
struct CreatePermission : Writes<wire::ram::op::CreatePermission> {};
struct CreatePermissionVersion : Writes<wire::ram::op::CreatePermissionVersion> {};
struct SetDefaultPermissionVersion : Writes<wire::ram::op::SetDefaultPermissionVersion> {};
struct UpdatePermission : Writes<wire::ram::op::UpdatePermission> {};
struct DeletePermission : Writes<wire::ram::op::DeletePermission> {};
struct DeletePermissionVersion : Writes<wire::ram::op::DeletePermissionVersion> {};
struct PromotePermissionCreatedFromPolicy : Writes<wire::ram::op::PromotePermissionCreatedFromPolicy> {};

// Any thread.
class Permissions {
 public:
  Result<ListSharePermissions::Answer> Do(const gate::Authorized<ListSharePermissions>& call);
  Result<GetPermission::Answer> Do(const gate::Authorized<GetPermission>& call);
  Result<ListPermissionVersions::Answer> Do(const gate::Authorized<ListPermissionVersions>& call);
  Result<ListResourceTypes::Answer> Do(const gate::Authorized<ListResourceTypes>& call);
  Result<CreatePermission::Answer> Do(const gate::Authorized<CreatePermission>& call);
  Result<CreatePermissionVersion::Answer> Do(const gate::Authorized<CreatePermissionVersion>& call);
  Result<SetDefaultPermissionVersion::Answer> Do(const gate::Authorized<SetDefaultPermissionVersion>& call);
  Result<UpdatePermission::Answer> Do(const gate::Authorized<UpdatePermission>& call);
  Result<DeletePermission::Answer> Do(const gate::Authorized<DeletePermission>& call);
  Result<DeletePermissionVersion::Answer> Do(const gate::Authorized<DeletePermissionVersion>& call);
  Result<PromotePermissionCreatedFromPolicy::Answer> Do(const gate::Authorized<PromotePermissionCreatedFromPolicy>& call);
};

using PermissionOperations = gate::List<ListSharePermissions, GetPermission, ListPermissionVersions, ListResourceTypes,
                                        CreatePermission, CreatePermissionVersion, SetDefaultPermissionVersion, UpdatePermission,
                                        DeletePermission, DeletePermissionVersion, PromotePermissionCreatedFromPolicy>;

}  // namespace hanse::governance
