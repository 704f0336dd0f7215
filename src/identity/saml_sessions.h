#pragma once
#include <memory>

#include "identity/callers.h"
#include "identity/saml_assertion.h"
#include "identity/sts.h"
#include "wire/lakeformation.h"

namespace hanse::identity {

// What both operations keep of what they were shown, between Prove() and the act.
struct ShownAssertion {
  std::shared_ptr<const SamlAssertion> proven;  // Nothing before Prove(): then nobody may.
};

// sts:AssumeRoleWithSAML on the role, asked of its trust policy alone, for whom the assertion proved: sts:TagSession and
// sts:SetSourceIdentity where the assertion has tags and a source identity.
struct AssumeRoleWithSAML : StsOperation<sts_wire::AssumeRoleWithSAML>, ShownAssertion {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
  std::string Parameters() const;  // Without the assertion, which is as good as a password for its five minutes.
};
// The same; the session counts as the assertion's user and groups too, where grants name them (lakeformation.md, section 2.4).
struct AssumeDecoratedRoleWithSAML : gate::WireOperation<wire::lakeformation::op::AssumeDecoratedRoleWithSAML, gate::Record::kRead>,
                                     ShownAssertion {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
  std::string Parameters() const;
};

using SamlOperations = gate::List<AssumeRoleWithSAML, AssumeDecoratedRoleWithSAML>;

// From an identity provider's word to a session: proves who asks (aws::Proves), and, once the gate has asked the role's trust
// policy, begins the session. A session ends with its provider. Any thread.
class SamlSessions {
 public:
  SamlSessions(store::Store& store, const Callers& callers, Sts& sts, SamlAudiences audiences)
      : store_(store), callers_(callers), sts_(sts), audiences_(std::move(audiences)) {}

  // Errors: InvalidIdentityToken, ExpiredTokenException; kAccessDenied where the assertion does not name the role. A provider that
  // is not there is as one whose keys did not sign.
  Result<void> Prove(AssumeRoleWithSAML* op, gate::Context* context) const;
  Result<void> Prove(AssumeDecoratedRoleWithSAML* op, gate::Context* context) const;

  Result<AssumeRoleWithSAML::Answer> Do(const gate::Authorized<AssumeRoleWithSAML>& call);
  Result<AssumeDecoratedRoleWithSAML::Answer> Do(const gate::Authorized<AssumeDecoratedRoleWithSAML>& call);

 private:
  template <class Op>
  Result<void> ProveBy(Op* op, gate::Context* context) const;

  store::Store& store_;
  const Callers& callers_;
  Sts& sts_;
  SamlAudiences audiences_;
};

}  // namespace hanse::identity
