#pragma once
#include <functional>
#include <string_view>

#include "base/clock.h"
#include "gate/sources.h"
#include "identity/session.h"
#include "policy/document_cache.h"
#include "policy/placement.h"
#include "store/directory.h"
#include "store/memo.h"

namespace hanse::identity {

// organisation/ knows where an account stands, and reads all of it in the transaction; server/ connects it.
using PlacementOf = std::function<Result<policy::Placement>(store::Transaction&, std::string_view account)>;

// Who asks, and with which policies. All of it is what the transaction that is handed in would read: what is remembered of a
// principal from one request to the next is remembered for as long as it would read the same. Any thread.
class Callers final : public gate::PolicySource, public gate::ResourcePolicySource {
 public:
  explicit Callers(PlacementOf placement) : placement_(std::move(placement)) {}

  // The user or role as it is now. kUnauthenticated (InvalidClientTokenId) where it, or its account, is gone.
  Result<Caller> OfUser(store::Transaction& tx, Id user, std::string_view access_key) const;
  // Whom an assertion proved. As above where the provider, or its account, is gone.
  Result<Caller> OfSamlUser(store::Transaction& tx, SamlUser user) const;
  Result<Caller> OfSession(store::Transaction& tx, const Session& session) const;

  // gate::PolicySource. The caller comes back with its tags and its place in the organisation as they are in `tx`.
  Result<policy::Facts> FactsOf(store::Transaction& tx, const Caller& caller) override;

  // gate::ResourcePolicySource for "sts": the trust policies of roles. A role that is missing is as one that trusts nobody.
  Result<std::optional<Found>> PolicyOf(store::Transaction& tx, const Caller& caller, std::string_view action,
                                        std::string_view resource_arn) override;

  // A service takes on a role that was passed to it: the caller as which it then acts. kAccessDenied where the role is not there or
  // does not trust the service.
  Result<Caller> AssumeForService(store::Transaction& tx, std::string_view role_arn, std::string_view service,
                                  std::string_view session_name, TimeMs now_ms);
  // Whether the role of that ARN trusts the service: asked where a role is passed to it.
  Result<bool> TrustsService(store::Transaction& tx, std::string_view role_arn, std::string_view service, TimeMs now_ms);

 private:
  // What the store says of a user or role, whatever its session.
  struct Standing {
    policy::Placement placement;
    std::map<std::string, std::string> tags;
    std::vector<policy::NamedDocument> identity;
    std::optional<policy::NamedDocument> boundary;
  };
  static constexpr std::size_t kStandingsRememberedMax = 4096;

  Result<std::shared_ptr<const Standing>> StandingOf(store::Transaction& tx, const Caller& caller);
  Result<Caller> Base(store::Transaction& tx, const store::Principal& principal) const;
  Result<std::vector<policy::NamedDocument>> AttachedPolicies(store::Transaction& tx, const store::Principal& principal,
                                                              std::optional<policy::NamedDocument>* boundary);

  PlacementOf placement_;
  policy::DocumentCache documents_;
  store::Memo<Standing> standings_{kStandingsRememberedMax};  // By account and principal.
};

}  // namespace hanse::identity
