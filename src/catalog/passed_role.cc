#include "catalog/passed_role.h"

#include <fmt/format.h>

#include "store/directory.h"

namespace hanse::catalog {

Result<std::string> RoleArnOf(store::Transaction& tx, const AccountId& account, const std::string& role) {
  std::optional<store::Principal> found;
  if (role.starts_with("arn:")) {
    TRY_ASSIGN(found, store::FindPrincipalByArn(tx, role));
  } else {
    std::size_t slash = role.rfind('/');
    TRY_ASSIGN(found, store::FindPrincipalByName(tx, account, "role", slash == std::string::npos ? role : role.substr(slash + 1)));
  }
  if (found && found->kind == "role" && found->account == account) return found->arn;
  return Fail(ErrorCode::kInvalidArgument, fmt::format("Role {} does not exist or is of another account.", role));
}

Result<void> RequirePassing(const gate::Call& call, RoleSessions& roles, const std::string& role) {
  TRY_ASSIGN(std::string arn, RoleArnOf(call.tx(), call.caller().account, role));
  TRY(call.Require({.action = "iam:PassRole",
                    .resource = arn,
                    .owner = call.caller().account,
                    .context = {{"iam:passedtoservice", {std::string(kGlueService)}}}}));
  auto session = roles.Assume(call.tx(), arn, kGlueService);
  if (!session && session.error().code == ErrorCode::kAccessDenied) {
    return Fail(ErrorCode::kInvalidArgument, "Service is unable to assume provided role. Please verify role's TrustPolicy");
  }
  if (!session) return std::unexpected(std::move(session).error());
  return {};
}

gate::Context ContextOfRole(const Caller& role, std::string_view operation, std::string_view region, Random& random,
                            const Clock& clock) {
  gate::Context context{.caller = role, .info = {}};
  context.info.id = random.Uuid();
  context.info.service = "glue";
  context.info.operation = operation;
  context.info.region = region;
  context.info.source_ip = kGlueService;
  context.info.user_agent = kGlueService;
  context.info.secure_transport = true;
  context.info.now_ms = clock.NowMs();
  return context;
}

}  // namespace hanse::catalog
