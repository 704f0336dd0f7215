#pragma once
#include "identity/callers.h"
#include "identity/operation.h"
#include "identity/pages.h"
#include "wire/iam.h"

namespace hanse::identity {

struct SimulateCustomPolicy : IamOperation<wire::iam::op::SimulateCustomPolicy, gate::Record::kRead, Target::kAccount> {};
struct SimulatePrincipalPolicy : IamOperation<wire::iam::op::SimulatePrincipalPolicy, gate::Record::kRead, Target::kAccount> {
  // On the principal whose policies are asked for.
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

using SimulationOperations = gate::List<SimulateCustomPolicy, SimulatePrincipalPolicy>;

// The policy simulator: what policies would decide, by the evaluator that decides real requests. Any thread; `callers` outlives it.
class Simulator {
 public:
  explicit Simulator(Callers& callers) : callers_(callers) {}

  Result<SimulateCustomPolicy::Answer> Do(const gate::Authorized<SimulateCustomPolicy>& call);
  Result<SimulatePrincipalPolicy::Answer> Do(const gate::Authorized<SimulatePrincipalPolicy>& call);

 private:
  Callers& callers_;
};

}  // namespace hanse::identity
