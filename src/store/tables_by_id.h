#pragma once
#include <span>
#include <vector>

#include "store/directory.h"

namespace hanse::store {

// The tables of these ids, in their order, a few reads for all of them; nothing for an id that is no table.
Result<std::vector<std::optional<TableRow>>> FindTablesById(Transaction& tx, std::span<const Id> ids);

}  // namespace hanse::store
