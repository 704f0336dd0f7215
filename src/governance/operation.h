#pragma once
#include <string>
#include <utility>
#include <vector>

#include "gate/gate.h"

namespace hanse::governance {

// What the operations of Lake Formation have in common: its IAM actions know no resource ("Actions, resources, and condition keys
// for AWS Lake Formation"); who may do what to which thing is asked at the second door.
template <class W>
struct LakeOperation {
  using Wire = W;
  using Answer = typename W::Output;
  typename W::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context&, store::Transaction&) const {
    return std::vector<gate::Need>{{"lakeformation:" + std::string(W::kName), "*", {}}};
  }
};

template <class W>
constexpr gate::Rule Reads() {
  return {W::kService, W::kName, gate::Record::kRead};
}
template <class W>
constexpr gate::Rule Writes() {
  return {W::kService, W::kName, gate::Record::kWrite};
}

}  // namespace hanse::governance
