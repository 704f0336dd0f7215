#pragma once
#include <span>
#include <vector>

#include "governance/lake_reader.h"
#include "policy/lake.h"
#include "store/directory.h"

namespace hanse::governance {

// What a caller may do with each of these tables of one database, in their order: as RightsOnTable answers of what is held. What
// the answers have in common (whose principals ask, what reaches all tables of the database, its tags) is found once, where the
// snapshot decides; everything else is asked for table by table. Any thread.
Result<std::vector<policy::TableAccess>> RightsOnTables(const LakeReader& from, const Caller& caller,
                                                        const store::DatabaseRow& database,
                                                        std::span<const store::TableRow> tables);

}  // namespace hanse::governance
