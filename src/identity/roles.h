#pragma once
#include <string>
#include <string_view>

#include "base/random.h"
#include "identity/definition.h"
#include "store/directory.h"

// Making roles, for CreateRole and for what the server makes itself (baselines, service-linked roles).
namespace hanse::identity {

struct NewRole {
  AccountId account;
  std::string name;
  std::string path = "/";
  std::string trust;  // The document as it is given: ARNs of principals; kept with their ids.
  Definition definition;
};

// MalformedPolicyDocument for a trust that is none or names whom there is not; LimitExceeded for a long one.
Result<std::string> BindTrust(store::Transaction& tx, std::string_view document);
Result<store::Principal> InsertRole(store::Transaction& tx, Random& random, NewRole role, TimeMs now_ms);

}  // namespace hanse::identity
