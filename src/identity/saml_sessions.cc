#include "identity/saml_sessions.h"

#include <algorithm>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"
#include "crypto/digest.h"
#include "identity/new_session.h"
#include "identity/saml_providers.h"
#include "model/arn.h"
#include "store/directory.h"

// AssumeRoleWithSAML and Lake Formation's decorated kind. Source: STS API Reference; Lake Formation API Reference; IAM User Guide,
// "SAML federation"; CloudTrail User Guide, "userIdentity element" (SAMLUser).
namespace hanse::identity {
namespace {

std::unexpected<Error> NotAuthorized() {
  return Fail(ErrorCode::kAccessDenied, "Not authorized to perform sts:AssumeRoleWithSAML");
}

// What a session is asked for with: the request's words and the assertion's.
template <class In>
AskedSession AskedWith(const In& in, const SamlAssertion& proven) {
  AskedSession asked{.role_arn = *in.role_arn,
                     .name = proven.session_name,
                     .source_identity = proven.source_identity,
                     .tags = proven.tags,
                     .transitive_tag_keys = proven.transitive_tag_keys,
                     .duration_s = in.duration_seconds};
  if constexpr (requires { in.policy_arns; }) {
    asked.policy = in.policy;
    if (in.policy_arns) asked.policy_arns = *in.policy_arns;
  }
  return asked;
}

template <class Op>
Result<std::vector<gate::Need>> NeedsOf(const Op& op) {
  return NeedsFor("sts:AssumeRoleWithSAML", AskedWith(op.in, op.proven ? *op.proven : SamlAssertion{}));
}

// requestParameters, as CloudTrail writes them.
template <class Op>
std::string ParametersOf(const Op& op) {
  boost::json::object shown;
  shown["roleArn"] = op.in.role_arn.value_or("");
  shown["principalArn"] = op.in.principal_arn.value_or("");
  if (op.in.duration_seconds) shown["durationSeconds"] = *op.in.duration_seconds;
  if (op.proven) {
    shown["sAMLAssertionID"] = op.proven->id;
    shown["roleSessionName"] = op.proven->session_name;
    if (!op.proven->source_identity.empty()) shown["sourceIdentity"] = op.proven->source_identity;
    boost::json::object tags;
    for (const auto& [key, value] : op.proven->tags) tags[key] = value;
    if (!tags.empty()) shown["principalTags"] = std::move(tags);
  }
  return boost::json::serialize(shown);
}

// STS API Reference: BASE64(SHA1("ISSUER" + "ACCOUNT" + "/PROVIDER")).
std::string NameQualifier(const SamlAssertion& proven, const store::SamlProvider& provider) {
  return Base64(crypto::DigestOf(crypto::DigestKind::kSha1, proven.issuer + provider.account + "/" + provider.name));
}

struct Begun {
  Session session;
  store::Principal role;
  std::int32_t packed = 0;
  std::int64_t duration_s = 0;
};

// The session of the role, once its trust policy has agreed.
Result<Begun> Begin(const gate::Call& call, const AskedSession& asked, const SamlAssertion& proven) {
  TRY_ASSIGN(auto role, store::FindPrincipalByArn(call.tx(), asked.role_arn));
  if (!role || role->account != call.caller().account) return NotAuthorized();
  Begun begun{.role = *std::move(role)};
  TRY_ASSIGN(begun.duration_s, DurationOf(asked, Definition::FromJson(begun.role.definition)));
  if (proven.session_ends_ms != 0) begun.duration_s = std::min(begun.duration_s, (proven.session_ends_ms - call.now_ms()) / 1000);
  begun.session = {.kind = SessionKind::kRole,
                   .account = begun.role.account,
                   .principal = begun.role.id,
                   .unique_id = begun.role.unique_id,
                   .name = asked.name,
                   .source_identity = asked.source_identity};
  TRY(TakeTags(asked, call.caller(), &begun.session));
  TRY_ASSIGN(begun.packed, TakePolicies(call.tx(), asked, begun.role.account, &begun.session));
  begun.session.saml = call.caller().saml;
  call.NoteResource("AWS::IAM::Role", begun.role.arn);
  call.NoteResource("AWS::IAM::SAMLProvider", call.caller().saml->provider_arn);
  return begun;
}

// Whether Prove() came before.
bool Stands(const gate::Call& call, const ShownAssertion& shown) {
  return shown.proven && call.caller().kind == CallerKind::kSamlUser && call.caller().saml;
}

}  // namespace

Result<std::vector<gate::Need>> AssumeRoleWithSAML::On(const gate::Context&, store::Transaction&) const { return NeedsOf(*this); }
Result<std::vector<gate::Need>> AssumeDecoratedRoleWithSAML::On(const gate::Context&, store::Transaction&) const {
  return NeedsOf(*this);
}
std::string AssumeRoleWithSAML::Parameters() const { return ParametersOf(*this); }
std::string AssumeDecoratedRoleWithSAML::Parameters() const { return ParametersOf(*this); }

template <class Op>
Result<void> SamlSessions::ProveBy(Op* op, gate::Context* context) const {
  const TimeMs now_ms = context->info.now_ms;
  TRY_ASSIGN(auto tx, store_.BeginRead());
  TRY_ASSIGN(auto keys, FindSamlKeys(*tx, *op->in.principal_arn));
  // Without keys every response is signed by somebody else: a stranger learns nothing of which providers there are.
  const bool usable = keys && now_ms < keys->metadata.valid_until_ms;
  TRY_ASSIGN(SamlAssertion read,
             ReadSamlResponse(*op->in.saml_assertion, usable ? keys->metadata : SamlMetadata{}, audiences_, now_ms));
  if (!usable) return NotAuthorized();
  const auto named = std::ranges::find(read.roles, std::pair(*op->in.role_arn, *op->in.principal_arn));
  if (named == read.roles.end()) return NotAuthorized();
  SamlUser user{.provider = keys->provider.id,
                .provider_id = keys->provider.unique_id,
                .provider_arn = keys->provider.arn,
                .issuer = read.issuer,
                .subject = read.subject,
                .subject_type = read.subject_type,
                .audience = read.recipient,
                .name_qualifier = NameQualifier(read, keys->provider)};
  TRY_ASSIGN(context->caller, callers_.OfSamlUser(*tx, std::move(user)));
  op->proven = std::make_shared<const SamlAssertion>(std::move(read));
  return {};
}

Result<void> SamlSessions::Prove(AssumeRoleWithSAML* op, gate::Context* context) const { return ProveBy(op, context); }

Result<void> SamlSessions::Prove(AssumeDecoratedRoleWithSAML* op, gate::Context* context) const {
  auto proven = ProveBy(op, context);
  if (proven || proven.error().code != ErrorCode::kUnauthenticated) return proven;
  return FailAs(ErrorCode::kInvalidArgument, "InvalidInputException", proven.error().message);
}

Result<AssumeRoleWithSAML::Answer> SamlSessions::Do(const gate::Authorized<AssumeRoleWithSAML>& call) {
  if (!Stands(call, call.op())) return NotAuthorized();
  const SamlAssertion& proven = *call->proven;
  const SamlUser& user = *call.caller().saml;
  TRY_ASSIGN(Begun begun, Begin(call, AskedWith(call->in, proven), proven));
  AssumeRoleWithSAML::Answer answer;
  answer.assumed_role_user =
      wire::sts::AssumedRoleUser{.assumed_role_id = fmt::format("{}:{}", begun.role.unique_id, begun.session.name),
                                 .arn = AssumedRoleArn(begun.role.account, begun.role.name, begun.session.name)};
  if (!begun.session.policies.empty() || !begun.session.tags.empty()) answer.packed_policy_size = begun.packed;
  answer.subject = user.subject;
  if (!user.subject_type.empty()) answer.subject_type = user.subject_type;
  answer.issuer = user.issuer;
  answer.audience = user.audience;
  answer.name_qualifier = user.name_qualifier;
  if (!begun.session.source_identity.empty()) answer.source_identity = begun.session.source_identity;
  answer.credentials = sts_.Issue(std::move(begun.session), call.now_ms(), begun.duration_s);
  return answer;
}

Result<AssumeDecoratedRoleWithSAML::Answer> SamlSessions::Do(const gate::Authorized<AssumeDecoratedRoleWithSAML>& call) {
  if (!Stands(call, call.op())) return NotAuthorized();
  const SamlAssertion& proven = *call->proven;
  if (proven.user.empty() && proven.groups.empty()) {
    return FailAs(
        ErrorCode::kInvalidArgument, "InvalidInputException",
        "The assertion names no user and no groups for Lake Formation (https://lakeformation.amazon.com/SAML/Attributes/).");
  }
  TRY_ASSIGN(Begun begun, Begin(call, AskedWith(call->in, proven), proven));
  auto decorated = std::make_shared<SamlUser>(*begun.session.saml);
  decorated->user = proven.user;
  decorated->groups = proven.groups;
  begun.session.saml = std::move(decorated);
  wire::sts::Credentials made = sts_.Issue(std::move(begun.session), call.now_ms(), begun.duration_s);
  return AssumeDecoratedRoleWithSAML::Answer{.access_key_id = made.access_key_id,
                                             .secret_access_key = made.secret_access_key,
                                             .session_token = made.session_token,
                                             .expiration = made.expiration};
}

}  // namespace hanse::identity
