#include "identity/sts.h"

#include <fmt/format.h>

#include "base/text.h"
#include "identity/access_keys.h"
#include "model/ids.h"
#include "policy/document.h"
#include "store/directory.h"

namespace hanse::identity {
namespace {

constexpr std::int64_t kUserSessionDefault_s = 43'200;

// What a user's own session may not do without MFA: identities and further tokens (STS API Reference, GetSessionToken).
constexpr std::string_view kNoIdentities =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},)"
    R"({"Effect":"Deny","Action":["iam:*",)"
    R"("sts:GetSessionToken","sts:GetFederationToken","sts:GetAccessKeyInfo"],"Resource":"*"}]})";

// The credentials of a user itself, not of a session.
bool IsLastingUser(const Caller& caller) { return caller.kind == CallerKind::kUser && caller.session_issued_ms == 0; }

std::unexpected<Error> NotFromASession(std::string_view operation) {
  return FailAs(ErrorCode::kAccessDenied, "AccessDenied", fmt::format("Cannot call {} with session credentials", operation));
}

}  // namespace

wire::sts::Credentials Sts::Issue(Session session, TimeMs now_ms, std::int64_t duration_s) {
  session.access_key = NewIamId(random_, "ASIA");
  session.secret = NewAccessKeySecret(random_);
  session.issued_ms = now_ms;
  session.expires_ms = now_ms + duration_s * 1000;
  return {.access_key_id = session.access_key,
          .secret_access_key = session.secret,
          .session_token = SealSession(key_, random_, session),
          .expiration = wire::Timestamp{session.expires_ms}};
}

Result<GetCallerIdentity::Answer> Sts::Do(const gate::Authorized<GetCallerIdentity>& call) {
  const Caller& caller = call.caller();
  if (caller.kind == CallerKind::kAnonymous) return Fail(ErrorCode::kAccessDenied, "not signed in");
  return GetCallerIdentity::Answer{.user_id = caller.unique_id, .account = caller.account, .arn = caller.arn};
}

Result<GetSessionToken::Answer> Sts::Do(const gate::Authorized<GetSessionToken>& call) {
  const Caller& caller = call.caller();
  if (!IsLastingUser(caller)) return NotFromASession("GetSessionToken");
  if (call->in.serial_number || call->in.token_code) {
    return FailAs(ErrorCode::kAccessDenied, "AccessDenied", "MultiFactorAuthentication failed: no such device.");
  }
  Session session{.kind = SessionKind::kUser,
                  .account = caller.account,
                  .principal = caller.principal,
                  .unique_id = caller.unique_id,
                  .policies = {std::string(kNoIdentities)}};
  GetSessionToken::Answer answer;
  answer.credentials = Issue(std::move(session), call.now_ms(), call->in.duration_seconds.value_or(kUserSessionDefault_s));
  return answer;
}

Result<std::vector<gate::Need>> GetFederationToken::On(const gate::Context& context, store::Transaction&) const {
  return std::vector<gate::Need>{
      {.action = "sts:GetFederationToken",
       .resource = fmt::format("arn:aws:sts::{}:federated-user/{}", context.caller.account, in.name.value_or(""))}};
}

Result<GetFederationToken::Answer> Sts::Do(const gate::Authorized<GetFederationToken>& call) {
  const Caller& caller = call.caller();
  if (!IsLastingUser(caller)) return NotFromASession("GetFederationToken");
  if (call->in.policy_arns || call->in.tags) {
    return Fail(ErrorCode::kUnsupported, "GetFederationToken takes no PolicyArns and no Tags here.");
  }
  Session session{.kind = SessionKind::kFederated,
                  .account = caller.account,
                  .principal = caller.principal,
                  .unique_id = caller.unique_id,
                  .name = *call->in.name};
  // Without a policy a federated user has nothing.
  session.policies = {call->in.policy.value_or(std::string(kNothingLeft))};
  TRY(policy::ParseDocument(session.policies[0], policy::DocumentKind::kSession));
  GetFederationToken::Answer answer;
  answer.federated_user =
      wire::sts::FederatedUser{.federated_user_id = fmt::format("{}:{}", caller.account, session.name),
                               .arn = fmt::format("arn:aws:sts::{}:federated-user/{}", caller.account, session.name)};
  answer.credentials = Issue(std::move(session), call.now_ms(), call->in.duration_seconds.value_or(kUserSessionDefault_s));
  return answer;
}

// Keys of sessions are nowhere written down: only lasting ones are known.
Result<GetAccessKeyInfo::Answer> Sts::Do(const gate::Authorized<GetAccessKeyInfo>& call) {
  TRY_ASSIGN(auto key, FindAccessKey(call.tx(), *call->in.access_key_id));
  std::optional<store::Principal> owner;
  if (key) {
    TRY_ASSIGN(owner, store::FindPrincipalById(call.tx(), key->principal));
  }
  if (!owner) return FailAs(ErrorCode::kInvalidArgument, "ValidationError", "The access key does not exist.");
  return GetAccessKeyInfo::Answer{.account = owner->account};
}

}  // namespace hanse::identity
