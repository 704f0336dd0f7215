#pragma once
#include <string>

#include "governance/grantee.h"
#include "governance/target.h"
#include "policy/lake.h"

namespace hanse::governance {

// One grant or revoke as it was asked for.
struct Modification {
  Grantee grantee;
  Target target;
  policy::PermissionSet permissions, grantable;
  std::string condition;
};

// The permissions that a kind of resource knows (lakeformation.md, section 2.2).
policy::PermissionSet PermissionsOf(const Target& target);

// kInvalidArgument "Permissions modification is invalid." where resource, permissions, principal and condition do not go together:
// the rules that need nothing but the request (sections 2.2, 2.4, 2.7, 2.11 and 5.4).
Result<void> CheckShape(const Modification& grant);
// What may not leave the owner's account, for a grant by the owner to somebody outside (sections 2.7, 5.1 and 5.4).
Result<void> CheckCrossing(store::Transaction& tx, const Modification& grant);
// Columns must be there, and grants of one principal on one table must go together (section 2.7).
Result<void> CheckCompatible(store::Transaction& tx, const Modification& grant, std::string_view keeper);

}  // namespace hanse::governance
