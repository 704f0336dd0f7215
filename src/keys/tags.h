#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "wire/kms.h"

namespace hanse::keys {

// Adds tags over those that are there. TagException for a key given twice and for keys of AWS's own ("aws:…"),
// LimitExceededException beyond 50.
Result<void> AddTags(const std::vector<wire::kms::Tag>& more, std::map<std::string, std::string>* tags);

// A key has one policy, called "default".
inline constexpr std::string_view kPolicyName = "default";
Result<void> CheckPolicyName(const std::optional<std::string>& name);

}  // namespace hanse::keys
