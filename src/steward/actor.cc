#include "steward/actor.h"

#include <fmt/format.h>

#include "model/arn.h"
#include "steward/mesh_names.h"
#include "steward/subject.h"

namespace hanse::steward {
namespace {

constexpr std::string_view kAccessRole = "role/OrganizationAccountAccessRole";

}  // namespace

Result<Caller> ActorIn(const gate::Call& call, gate::PolicySource& policies, const AccountId& account, const std::string& as,
                       const std::string& session) {
  if (account == call.caller().account && as.empty()) return call.caller();
  std::string named = as.empty() ? std::string(kAccessRole) : as;
  TRY_ASSIGN(std::string arn, PrincipalNamed(call.tx(), account, named));
  TRY(call.Require({.action = "sts:AssumeRole", .resource = arn, .owner = account}));
  TRY_ASSIGN(Subject subject, FindSubject(call.tx(), policies, arn));
  if (subject.principal.kind != "role" || subject.principal.account != account) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{} is no role of account {}", named, account));
  }
  subject.caller.session_name = session;
  subject.caller.arn = AssumedRoleArn(account, subject.principal.name, session);
  subject.caller.unique_id = fmt::format("{}:{}", subject.principal.unique_id, session);
  return std::move(subject.caller);
}

}  // namespace hanse::steward
