#pragma once
#include <string_view>

#include "gate/lake.h"

namespace hanse::governance {

// The session tag by which a role's session says which engine it is: proven by the trust policy of the role, which must have
// allowed sts:TagSession. A tag of the role itself is none of it.
inline constexpr std::string_view kAuthorizedCaller = "LakeFormationAuthorizedCaller";

// What the settings of one account's catalog let the caller read outside the server (lakeformation.md, section 6.1).
Result<gate::OutsideReading> OutsideReadingBy(store::Transaction& tx, const Caller& caller, std::string_view account,
                                              std::string_view region);

}  // namespace hanse::governance
