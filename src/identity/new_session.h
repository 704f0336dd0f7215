#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/operation.h"
#include "identity/definition.h"
#include "identity/session.h"
#include "wire/sts.h"

// What AssumeRole and its kin have in common: a session that somebody asks for, what that needs, what it may be. Source: STS API
// Reference; IAM User Guide, "Passing session tags in AWS STS".
namespace hanse::identity {

struct AskedSession {
  std::string role_arn, name, source_identity, external_id;
  std::vector<std::pair<std::string, std::string>> tags;
  std::vector<std::string> transitive_tag_keys;
  std::optional<std::string> policy;
  std::vector<wire::sts::PolicyDescriptorType> policy_arns;
  std::optional<std::int32_t> duration_s;
};

// `action` on the role, with the condition keys of the request; sts:TagSession and sts:SetSourceIdentity where the session has
// them. ValidationError for what is no role's ARN.
Result<std::vector<gate::Need>> NeedsFor(std::string_view action, const AskedSession& asked);
gate::Need NeedFor(std::string_view action, const AskedSession& asked, const AccountId& owner);

// The tags that the session has: those asked for, and what the caller's own session passes on.
Result<void> TakeTags(const AskedSession& asked, const Caller& caller, Session* session);
// Returns how much of the room for session policies is used, in per cent.
Result<std::int32_t> TakePolicies(store::Transaction& tx, const AskedSession& asked, const AccountId& account, Session* session);
// In seconds, within what the role allows.
Result<std::int64_t> DurationOf(const AskedSession& asked, const Definition& role);

// "ValidationError"
std::unexpected<Error> NoSuchSession(std::string why);

}  // namespace hanse::identity
