#pragma once
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "base/clock.h"
#include "gate/gate.h"
#include "gate/sources.h"
#include "policy/document_cache.h"
#include "store/store.h"

namespace hanse::secrets {

// What Secrets Manager does by itself, as the service and through the gate, so that the journal has it: secrets whose recovery
// window is over go for good.
inline constexpr std::string_view kForgetAction = "secretsmanager:ForgetSecret";

struct ForgetSecret {
  static constexpr gate::Rule kRule{"secretsmanager", "ForgetSecret", gate::Record::kWrite};
  using Answer = void;
  std::string arn;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
  std::string Parameters() const;
};

// Nobody else's to do.
Result<std::optional<gate::ResourcePolicySource::Found>> OfServiceAlone(policy::DocumentCache* documents, const AccountId& owner);

// One background thread from Start() to its end; what it cannot do now, it does later. Time is the clock's.
class Keeper {
 public:
  Keeper(const gate::Gate& gate, store::Store& store, const Clock& clock, Random& random)
      : gate_(gate), store_(store), clock_(clock), random_(random) {}

  void Start();
  // Does all that is due; how many secrets went.
  Result<int> Run();
  Result<void> Do(const gate::Authorized<ForgetSecret>& call);

 private:
  const gate::Gate& gate_;
  store::Store& store_;
  const Clock& clock_;
  Random& random_;
  std::mutex mutex_;
  std::condition_variable_any due_;
  std::jthread thread_;  // The last member: it ends first.
};

}  // namespace hanse::secrets
