#pragma once
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/result.h"
#include "gate/gate.h"
#include "keys/materials.h"
#include "store/store.h"

namespace hanse::keys {

// What KMS itself does, as the service and through the gate, so that the journal has it: it deletes keys whose waiting time is over
// and gives new material to those that rotate by themselves.
inline constexpr std::string_view kServiceName = "kms.amazonaws.com";

struct DeleteKey {
  static constexpr gate::Rule kRule{"kms", "DeleteKey", gate::Record::kWrite};
  using Answer = void;
  std::string arn;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
  std::string Parameters() const;
};
struct RotateKey {
  static constexpr gate::Rule kRule{"kms", "RotateKey", gate::Record::kWrite};
  using Answer = void;
  std::string arn;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
  std::string Parameters() const;
};

// One background thread from Start() to Stop(); what it cannot do now, it does later. Time is the clock's.
class Keeper {
 public:
  Keeper(const gate::Gate& gate, store::Store& store, Materials& materials, const Clock& clock, Random& random)
      : gate_(gate), store_(store), materials_(materials), clock_(clock), random_(random) {}
  ~Keeper() { Stop(); }

  void Start();
  void Stop();
  // Does all that is due; how many keys it was.
  Result<int> Run();

  Result<void> Do(const gate::Authorized<DeleteKey>& call);
  Result<void> Do(const gate::Authorized<RotateKey>& call);

 private:
  const gate::Gate& gate_;
  store::Store& store_;
  Materials& materials_;
  const Clock& clock_;
  Random& random_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hanse::keys
