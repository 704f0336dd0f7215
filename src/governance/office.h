#pragma once
#include "model/caller.h"
#include "store/store.h"

namespace hanse::governance {

// What the settings of a catalog make of a caller (lakeformation.md, section 2.5). It holds in the caller's own account only, and
// follows the id of the principal.
enum class Office { kNone, kReader, kAdmin };

Result<Office> OfficeOf(store::Transaction& tx, const Caller& caller, std::string_view account, std::string_view region);

}  // namespace hanse::governance
