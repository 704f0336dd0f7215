#pragma once
#include <string>

#include "gate/gate.h"
#include "gate/sources.h"

namespace hanse::steward {

// Who acts in the catalog of an account: the caller in its own, elsewhere a role of that account (`as`: a name of mesh_names.h;
// empty: OrganizationAccountAccessRole), which IAM must allow the caller to assume and which must trust the caller. kAccessDenied,
// kNotFound, kInvalidArgument where what `as` names is no role of the account.
Result<Caller> ActorIn(const gate::Call& call, gate::PolicySource& policies, const AccountId& account, const std::string& as,
                       const std::string& session);

}  // namespace hanse::steward
