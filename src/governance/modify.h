#pragma once
#include "base/random.h"
#include "gate/gate.h"
#include "wire/lakeformation.h"

namespace hanse::governance {

enum class Change { kGrant, kRevoke };

// One grant or revoke, checked and carried out; nothing is written where it fails.
Result<void> Modify(const gate::Call& call, Random& random, Change change, const std::optional<std::string>& catalog_id,
                    const wire::lakeformation::BatchPermissionsRequestEntry& entry);

}  // namespace hanse::governance
