#pragma once
#include "base/random.h"
#include "crypto/key.h"
#include "gate/wire_operation.h"
#include "identity/session.h"
#include "wire/sts.h"

namespace hanse::identity {

namespace sts_wire = wire::sts::op;

// What every operation of STS here is made of.
template <class W>
using StsOperation = gate::WireOperation<W, gate::Record::kRead>;

// Nobody can be kept from asking who one is: no needs.
struct GetCallerIdentity : StsOperation<sts_wire::GetCallerIdentity> {
  Result<std::vector<gate::Need>> On(const gate::Context&, store::Transaction&) const { return std::vector<gate::Need>(); }
};
// The user's own rights for a while; needs none of its own (STS API Reference, GetSessionToken).
struct GetSessionToken : StsOperation<sts_wire::GetSessionToken> {
  Result<std::vector<gate::Need>> On(const gate::Context&, store::Transaction&) const { return std::vector<gate::Need>(); }
};
// sts:AssumeRole on the role, sts:TagSession and sts:SetSourceIdentity where the session has them; the trust policy must agree.
struct AssumeRole : StsOperation<sts_wire::AssumeRole> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};
struct GetFederationToken : StsOperation<sts_wire::GetFederationToken> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};
struct GetAccessKeyInfo : StsOperation<sts_wire::GetAccessKeyInfo> {
  Result<std::vector<gate::Need>> On(const gate::Context&, store::Transaction&) const {
    return std::vector<gate::Need>{{.action = "sts:GetAccessKeyInfo", .resource = "*"}};
  }
};

using StsOperations = gate::List<GetCallerIdentity, GetSessionToken, AssumeRole, GetFederationToken, GetAccessKeyInfo>;

// Sessions: sealed, stateless. Any thread.
class Sts {
 public:
  Sts(const crypto::Key& key, Random& random) : key_(key.Derive("identity/sessions")), random_(random) {}

  Result<GetCallerIdentity::Answer> Do(const gate::Authorized<GetCallerIdentity>& call);
  Result<GetSessionToken::Answer> Do(const gate::Authorized<GetSessionToken>& call);
  Result<AssumeRole::Answer> Do(const gate::Authorized<AssumeRole>& call);
  Result<GetFederationToken::Answer> Do(const gate::Authorized<GetFederationToken>& call);
  Result<GetAccessKeyInfo::Answer> Do(const gate::Authorized<GetAccessKeyInfo>& call);

  // Credentials by which somebody reads with a role that Lake Formation has assumed (Callers::AssumeForService), and no further
  // than `policy`. They are good for as long as `for_whom.reader` is there and the gate finds that the grounds hold. kAccessDenied
  // for readers that Lake Formation does not know: roots, federated users, vended sessions themselves.
  Result<wire::sts::Credentials> Vend(const Caller& assumed, const Vended& for_whom, std::string policy, TimeMs now_ms,
                                      std::int64_t duration_s);

  // Draws a key and a secret, seals the token: for the operations of this folder, once the gate has agreed.
  wire::sts::Credentials Issue(Session session, TimeMs now_ms, std::int64_t duration_s);

 private:
  crypto::Key key_;
  Random& random_;
};

}  // namespace hanse::identity
