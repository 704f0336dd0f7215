#pragma once
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "gate/sources.h"

namespace hanse::query {
class DirectQueries;
}

namespace hanse::pgwire {

// What the door is wired to. All outlive it.
struct Parts {
  query::DirectQueries& queries;
  gate::Authenticator& authenticator;
  const Clock& clock;
  Random& random;
  std::string region;
  // Told of every key that proved right, for GetAccessKeyLastUsed.
  std::function<void(const Caller& caller, const RequestInfo& info)> key_used;
};

}  // namespace hanse::pgwire
