#pragma once
#include "governance/operation.h"
#include "wire/lakeformation.h"

// The grant table as clients read it (lakeformation.md, sections 1.2 and 2.12): SELECT on a table stands as a row of all columns,
// ALL is spelled out, a wildcard is called ALL_TABLES. Administrators see all of their catalog, others what names them, what they
// may pass on and, of another account's catalog, what concerns their own.
namespace hanse::governance {

struct ListPermissions : Reads<wire::lakeformation::op::ListPermissions> {};
struct GetEffectivePermissionsForPath : Reads<wire::lakeformation::op::GetEffectivePermissionsForPath> {};

// Any thread.
class GrantListing {
 public:
  Result<ListPermissions::Answer> Do(const gate::Authorized<ListPermissions>& call);
  Result<GetEffectivePermissionsForPath::Answer> Do(const gate::Authorized<GetEffectivePermissionsForPath>& call);
};

using ListingOperations = gate::List<ListPermissions, GetEffectivePermissionsForPath>;

}  // namespace hanse::governance
