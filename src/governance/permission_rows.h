#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "governance/share_rows.h"
#include "store/store.h"

// RAM's permissions: those that AWS manages and those that customers made, as one thing; and which of them a share has
// (lakeformation.md, sections 5.2 and 5.8).
namespace hanse::governance {

inline constexpr std::int64_t kMaxPermissionVersions = 5;

struct SharePermission {
  Id id = 0;  // 0: one that AWS manages.
  std::string arn, name, type;
  AccountId account;
  std::string status = "ATTACHABLE";
  std::int64_t default_version = 1;
  bool type_default = false;
  TimeMs created_ms = 0, updated_ms = 0;
  bool managed() const { return id == 0; }
};

// One that the caller's account may use: AWS's or its own. kNotFound as UnknownResourceException; MalformedArnException.
Result<SharePermission> FindPermission(store::Transaction& tx, std::string_view account, const std::optional<std::string>& arn);
// AWS's first, then the account's own in the order of ids.
Result<std::vector<SharePermission>> PermissionsFor(store::Transaction& tx, std::string_view account, std::string_view region);
Result<std::vector<std::int64_t>> VersionsOf(store::Transaction& tx, const SharePermission& permission);
// The policy's text; UnknownResourceException where there is no such version.
Result<std::string> TemplateOf(store::Transaction& tx, const SharePermission& permission, std::int64_t version);

// What a share has for a type of resource.
struct HeldPermission {
  std::string share_arn, arn, type;
  std::int64_t version = 0;
  TimeMs updated_ms = 0;
};
// Chosen, by default for the types of its resources, or as a grant made it. By type.
Result<std::vector<HeldPermission>> PermissionsOf(store::Transaction& tx, const ShareRow& share);
Result<void> ChoosePermission(store::Transaction& tx, const ShareRow& share, const SharePermission& permission, TimeMs now_ms);

}  // namespace hanse::governance
