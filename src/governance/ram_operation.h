#pragma once
#include <string>
#include <vector>

#include "gate/gate.h"

namespace hanse::governance {

// What the operations of RAM have in common. Those about one share or invitation ask IAM about its ARN, the others about "*"
// ("Actions, resources, and condition keys for AWS RAM").
template <class W>
struct RamOperation {
  using Wire = W;
  using Answer = typename W::Output;
  typename W::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context&, store::Transaction&) const {
    std::string resource = "*";
    if constexpr (requires { in.resource_share_arn; }) resource = in.resource_share_arn.value_or("*");
    if constexpr (requires { in.resource_share_invitation_arn; }) resource = in.resource_share_invitation_arn.value_or("*");
    return std::vector<gate::Need>{{"ram:" + std::string(W::kName), resource, {}}};
  }
};

}  // namespace hanse::governance
