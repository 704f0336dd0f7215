#pragma once
#include "governance/grant_rules.h"

namespace hanse::governance {

// Whether the caller may make or take back this grant (lakeformation.md, sections 2.6, 3.5 and 5.6): administrators of the owner's
// account anything; others what they hold with the grant option on the same or a covering resource; in another account's catalog
// below what the owner gave to the caller's account. kAccessDenied, in the same words whatever the reason.
Result<void> MayModify(store::Transaction& tx, const Caller& caller, const Modification& grant);

}  // namespace hanse::governance
