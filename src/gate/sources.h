#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/caller.h"
#include "policy/evaluate.h"
#include "store/store.h"

// What the gate asks of the domain. identity/, objects/, catalog/ and keys/ implement these; server/ connects them.
namespace hanse::gate {

// The policies that stand behind a caller, read in the request's own transaction: attached and inline ones, of groups too, the
// boundary, guardrails of the organisation. A caller whose user or role is gone has kUnauthenticated.
class PolicySource {
 public:
  virtual ~PolicySource() = default;
  virtual Result<policy::Facts> FactsOf(store::Transaction& tx, const Caller& caller) = 0;
};

// The policy that hangs on a resource itself (a bucket's, a key's, the catalog's); nothing where it has none.
class ResourcePolicySource {
 public:
  virtual ~ResourcePolicySource() = default;
  struct Found {
    AccountId owner;                                // The account that owns the resource.
    std::optional<policy::NamedDocument> document;  // Nothing where the resource has no policy of its own.
    policy::Delegation delegation = policy::Delegation::kEither;
    // Whether the owner's side is open without a policy that says so (a share of Lake Formation).
    bool open_to_caller = false;
  };
  virtual Result<std::optional<Found>> PolicyOf(store::Transaction& tx, const Caller& caller, std::string_view action,
                                                std::string_view resource_arn) = 0;
};

// Whether vended credentials (Caller::vended) still stand, in the transaction of their use: the reader's grants, the settings, the
// table and its registration are asked again, so that what is revoked counts at once. catalog/ knows; server/ connects it.
class VendedSource {
 public:
  virtual ~VendedSource() = default;
  virtual Result<bool> Stand(store::Transaction& tx, const Caller& vended, const RequestInfo& info) = 0;
};

// Who signs a request. identity/ implements it for the doors.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  struct Secret {
    std::string secret_key;  // For the arithmetic of the signature alone; wiped by its holder.
    Caller caller;           // Who it is, if the signature proves right.
  };
  // `session_token` is empty for lasting keys. Unknown key, key made inactive, expired or foreign token: kUnauthenticated with the
  // service's name for it.
  virtual Result<Secret> Find(std::string_view access_key, std::string_view session_token) = 0;
};

}  // namespace hanse::gate
