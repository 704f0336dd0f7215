#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "identity/definition.h"
#include "store/store.h"

namespace hanse::identity {

inline constexpr std::string_view kAdministratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess";

// A managed policy: a row of iam_policies, or one that the program brings along.
struct ManagedPolicy {
  Id id = 0;  // 0: the program's own, which nobody changes.
  AccountId account;
  std::string name, path, arn, unique_id, description;
  std::int64_t default_version = 1, next_version = 2;
  TimeMs created_ms = 0, updated_ms = 0;
  Tags tags;
  std::string document;  // Of the program's own; else see FindVersion.
};

struct PolicyVersionRow {
  std::int64_t version = 0;
  std::string document;
  TimeMs created_ms = 0;
};

// The policies that AWS has and people attach by name (arn:aws:iam::aws:policy/…), with the services that are here.
const std::vector<ManagedPolicy>& ProvidedPolicies();
const ManagedPolicy* FindProvided(std::string_view arn);

// The policy of that ARN that `account` may use: its own or a provided one. NoSuchEntity for all others.
Result<ManagedPolicy> FindPolicy(store::Transaction& tx, std::string_view account, std::string_view arn);
Result<std::optional<PolicyVersionRow>> FindVersion(store::Transaction& tx, const ManagedPolicy& policy, std::int64_t version);
// The document that is in force.
Result<std::string> DefaultDocument(store::Transaction& tx, const ManagedPolicy& policy);
// In the order of names, after `after` (a name in lower case).
Result<std::vector<ManagedPolicy>> ListPolicyRows(store::Transaction& tx, std::string_view account, std::string_view after,
                                                  std::int64_t limit);

// How often it is attached ("attached") or is somebody's boundary ("boundary").
Result<std::int64_t> UsageCount(store::Transaction& tx, std::string_view arn, std::string_view usage);

}  // namespace hanse::identity
