// Sessions vended for data (lakeformation.md, section 6.3). The token names the reader by id, as every session names its principal:
// who is deleted, or whose account is closed, reads no more.
#include "identity/sts.h"

namespace hanse::identity {
namespace {

// The user or role behind a caller, as a session names it; nothing for those that Lake Formation does not know.
std::optional<Session> SessionOf(const Caller& caller) {
  const bool role = caller.principal_arn.find(":role/") != std::string::npos;
  const bool user = caller.kind == CallerKind::kUser;
  if (caller.principal == 0 || caller.vended || (!user && !(role && caller.kind == CallerKind::kSession))) return std::nullopt;
  return Session{.kind = user ? SessionKind::kUser : SessionKind::kRole,
                 .account = caller.account,
                 .principal = caller.principal,
                 .unique_id = caller.unique_id.substr(0, caller.unique_id.find(':')),
                 .name = caller.session_name,
                 .issued_ms = caller.session_issued_ms,
                 .source_identity = caller.source_identity,
                 .tags = caller.session_tags,
                 .saml = caller.saml};
}

}  // namespace

Result<wire::sts::Credentials> Sts::Vend(const Caller& assumed, const Vended& for_whom, std::string policy, TimeMs now_ms,
                                         std::int64_t duration_s) {
  std::optional<Session> reader = SessionOf(for_whom.reader), session = SessionOf(assumed);
  if (!reader || !session) return Fail(ErrorCode::kAccessDenied, "Credentials are vended to users and to sessions of roles only.");
  session->policies = {std::move(policy)};
  session->reader = std::make_shared<const Session>(std::move(*reader));
  session->grounds = for_whom.grounds;
  return Issue(std::move(*session), now_ms, duration_s);
}

}  // namespace hanse::identity
