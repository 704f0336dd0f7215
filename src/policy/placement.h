#pragma once
#include <string>
#include <vector>

#include "policy/evaluate.h"

namespace hanse::policy {

// Where an account stands in its organisation. organisation/ knows it, identity/ puts it into a caller's facts.
struct Placement {
  std::string organization;                                 // o-…; empty: in none.
  std::vector<std::string> path;                            // r-…, ou-…, from the root down to the account's unit.
  std::vector<std::vector<NamedDocument>> service_control;  // As in Facts; none: not held.
  bool active = false;                                      // An account that was closed, or that there is not, may do nothing.
};

}  // namespace hanse::policy
