#pragma once
#include "governance/lake_reader.h"
#include "policy/lake.h"
#include "store/directory.h"

namespace hanse::governance {

// What a caller may do with a database; visible also where something in it is (lakeformation.md, sections 2.3 and 2.6).
Result<policy::DatabaseAccess> AccessToDatabase(const LakeReader& from, const Caller& caller, const store::DatabaseRow& database);
// With the implicit rights of administrators, and with what a catalog that nobody has touched gives to all.
Result<policy::PermissionSet> AccessToCatalog(store::Transaction& tx, const Caller& caller, std::string_view account,
                                              std::string_view region);

}  // namespace hanse::governance
