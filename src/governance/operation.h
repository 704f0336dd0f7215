#pragma once
#include <string>
#include <vector>

#include "gate/wire_operation.h"

namespace hanse::governance {

// What the operations of Lake Formation and RAM have in common. Those about one share or invitation ask IAM about its ARN. All
// others ask about "*": Lake Formation's actions know no resource, who may do what to which thing is asked at the second door
// ("Actions, resources, and condition keys" for AWS Lake Formation, for AWS RAM).
template <class W, gate::Record kHow>
struct GovernanceOperation : gate::WireOperation<W, kHow> {
  Result<std::vector<gate::Need>> On(const gate::Context&, store::Transaction&) const {
    auto about = gate::FirstOf(
        this->in, [](const auto& in) -> decltype(in.resource_share_invitation_arn) { return in.resource_share_invitation_arn; },
        [](const auto& in) -> decltype(in.resource_share_arn) { return in.resource_share_arn; });
    return std::vector<gate::Need>{{std::string(W::kService) + ":" + std::string(W::kName), about.value_or("*"), {}}};
  }
};

template <class W>
using Reads = GovernanceOperation<W, gate::Record::kRead>;
template <class W>
using Writes = GovernanceOperation<W, gate::Record::kWrite>;

}  // namespace hanse::governance
