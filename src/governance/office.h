#pragma once
#include <optional>
#include <string>

#include "gate/gate.h"
#include "model/caller.h"
#include "store/store.h"

namespace hanse::governance {

// What the settings of a catalog make of a caller (lakeformation.md, section 2.5). It holds in the caller's own account only, and
// follows the id of the principal.
enum class Office { kNone, kReader, kAdmin };

Result<Office> OfficeOf(store::Transaction& tx, const Caller& caller, std::string_view account, std::string_view region);

// The caller's account, for operations on the caller's own catalog only; NotYours() where the request names another.
Result<AccountId> OwnCatalog(const gate::Call& call, const std::optional<std::string>& catalog_id);

}  // namespace hanse::governance
