#pragma once
#include <string>
#include <vector>

#include "governance/rights.h"
#include "governance/tag_rows.h"

// What of the taxonomy a caller sees: administrators all of their own, others the values on which they hold something
// (lakeformation.md, section 3.5).
namespace hanse::governance {

inline constexpr std::string_view kNoTag = "Tag or tag value does not exist.";

Result<std::vector<std::string>> SeenValues(store::Transaction& tx, const Caller& caller, const TagRow& tag);
Result<bool> SeesValue(store::Transaction& tx, const Caller& caller, const TagRow& tag, std::string_view value);
// The tags of other accounts on which the caller holds something.
Result<std::vector<TagRow>> ForeignTags(store::Transaction& tx, const Caller& caller, std::string_view region);

}  // namespace hanse::governance
