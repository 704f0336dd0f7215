#pragma once
#include <optional>
#include <string>
#include <vector>

#include "identity/definition.h"
#include "identity/managed.h"
#include "store/directory.h"
#include "wire/iam.h"

// Rows as the wire's structures. Lists leave out what IAM leaves out of lists (tags, boundaries, last use).
namespace hanse::identity {

enum class Detail { kFull, kListed };

Result<wire::iam::User> ToUser(store::Transaction& tx, const store::Principal& row, Detail detail);
Result<wire::iam::Role> ToRole(store::Transaction& tx, const store::Principal& row, Detail detail);
wire::iam::Group ToGroup(const store::Principal& row);
Result<wire::iam::Policy> ToPolicy(store::Transaction& tx, const ManagedPolicy& row, Detail detail);
wire::iam::PolicyVersion ToVersion(const ManagedPolicy& policy, const PolicyVersionRow& row, Detail detail);

std::string VersionName(std::int64_t version);  // 1 is "v1"; names may go on ("v1.2"), numbers not.
std::optional<std::int64_t> ParseVersionName(std::string_view name);

std::vector<wire::iam::Tag> ToTags(const Tags& tags);
std::vector<std::pair<std::string, std::string>> FromTags(const std::optional<std::vector<wire::iam::Tag>>& tags);

Result<std::optional<wire::iam::AttachedPermissionsBoundary>> BoundaryOf(store::Transaction& tx, Id principal);
Result<std::vector<wire::iam::AttachedPolicy>> AttachedTo(store::Transaction& tx, const store::Principal& principal);
Result<std::vector<wire::iam::PolicyDetail>> InlineOf(store::Transaction& tx, Id principal);

}  // namespace hanse::identity
