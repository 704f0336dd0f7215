#pragma once
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace hanse::steward {

// The rows of a past moment, as long as it lives. One thread.
class Moment {
 public:
  virtual ~Moment() = default;
  virtual store::Transaction& tx() = 0;
};

// Past moments of the store; the server connects it. Any thread.
class Moments {
 public:
  virtual ~Moments() = default;
  // `now`: the transaction of the request that asks. kNotFound where history does not reach back so far.
  virtual Result<std::unique_ptr<Moment>> At(store::Transaction& now, TimeMs at_ms) = 0;
};

}  // namespace hanse::steward
