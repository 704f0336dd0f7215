#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "policy/document.h"

// IAM's quotas (IAM User Guide, "IAM and AWS STS quotas"). Sizes count characters that are no white space.
namespace hanse::identity {

inline constexpr std::size_t kMaxUserPolicyChars = 2048, kMaxGroupPolicyChars = 5120, kMaxRolePolicyChars = 10240;
inline constexpr std::size_t kMaxManagedPolicyChars = 6144, kMaxTrustChars = 2048;
inline constexpr std::int64_t kMaxAttachedPolicies = 10, kMaxPolicyVersions = 5, kMaxAccessKeys = 2, kMaxGroupsPerUser = 10;

inline std::size_t CountedChars(std::string_view document) {
  std::size_t count = 0;
  for (char c : document) count += c != ' ' && c != '\t' && c != '\n' && c != '\r';
  return count;
}

// LimitExceeded "Cannot exceed quota for NAME: N".
std::unexpected<Error> OverQuota(std::string_view name, std::int64_t limit);
std::unexpected<Error> DeleteConflict(std::string message);

}  // namespace hanse::identity
