#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

// The condition of a grant: a fragment of Cedar over the tags of the principal (lakeformation.md, section 2.11):
//   expr    := and { '||' and } ; and := not { '&&' not } ; not := ['!'] prim
//   prim    := '(' expr ')' | TAGS '.hasTag(' text ')' | operand ('==' | '!=') operand | '[' text {',' text} ']' '.contains('
//   operand ')' operand := text | TAGS '.getTag(' text ')'                      TAGS := context.iam.principalTags
// As in Cedar, asking for a tag that is not there is an error, and a condition that ends in one does not hold. Pure; any thread.
namespace hanse::policy {

inline constexpr std::size_t kMaxConditionBytes = 3000;
inline constexpr int kMaxConditionDepth = 32;

// Whether `condition` holds for a principal with `tags`; kInvalidArgument where it is not of the grammar.
Result<bool> ConditionHolds(std::string_view condition, const std::map<std::string, std::string>& tags);

}  // namespace hanse::policy
