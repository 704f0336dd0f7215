#pragma once
#include <string>
#include <string_view>

#include "organisation/rows.h"
#include "policy/placement.h"

namespace hanse::organisation {

inline constexpr std::string_view kFullAccessDocument =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";

Result<bool> GuardrailsEnabled(store::Transaction& tx, const OrganizationRow& organization);

// What is new in the tree begins with p-FullAWSAccess, while service control policies are enabled.
Result<void> StartWithFullAccess(store::Transaction& tx, const OrganizationRow& organization, std::string_view target);

// Where an account stands, and the guardrails over it, as they are in `tx`. An account that is closed or unknown is not active;
// what cannot be read is kUnavailable, never "not held".
Result<policy::Placement> PlacementOf(store::Transaction& tx, std::string_view account);

}  // namespace hanse::organisation
