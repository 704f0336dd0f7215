#pragma once
#include <string>
#include <string_view>

#include "catalog/crawl.h"

// Roles that are passed to crawlers and to tasks, which then act as them.
namespace hanse::catalog {

// The ARN of a role that is named by its ARN, or by its name (and path) in `account`. kInvalidArgument where the account has none.
Result<std::string> RoleArnOf(store::Transaction& tx, const AccountId& account, const std::string& role);

// The caller must have iam:PassRole for the role, which must let glue.amazonaws.com assume it.
Result<void> RequirePassing(const gate::Call& call, RoleSessions& roles, const std::string& role);

// A request of the service's own, made with a role's session.
gate::Context ContextOfRole(const Caller& role, std::string_view operation, std::string_view region, Random& random,
                            const Clock& clock);

}  // namespace hanse::catalog
