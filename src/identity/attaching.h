#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "store/directory.h"

// What users, roles and groups have in common: attached policies, boundaries, what must be gone before they go.
namespace hanse::identity {

// NoSuchEntity for a policy that is not there, LimitExceeded beyond ten. Attaching twice is as attaching once.
Result<void> Attach(store::Transaction& tx, const store::Principal& to, std::string_view policy_arn);
Result<void> Detach(store::Transaction& tx, const store::Principal& from, std::string_view policy_arn);
Result<void> SetBoundary(store::Transaction& tx, const store::Principal& on, const std::optional<std::string>& policy_arn);
// DeleteConflict while inline or attached policies hang on it.
Result<void> CheckBare(store::Transaction& tx, const store::Principal& principal);

}  // namespace hanse::identity
