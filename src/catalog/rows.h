#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/directory.h"

// Writing the catalog's rows (store/directory.h reads them). A table's and a database's rights, tags, filters and partitions hang
// on its id: deleting the thing takes them all, and a namesake made later has another id and so none of them.
namespace hanse::catalog {

// Gives the row an id. kAlreadyExists where the name is taken.
Result<store::DatabaseRow> InsertDatabase(store::Transaction& tx, store::DatabaseRow row);
Result<void> ReplaceDatabase(store::Transaction& tx, const store::DatabaseRow& row);
// With all its tables, and what hangs on each of them.
Result<void> DeleteDatabaseRows(store::Transaction& tx, Id database);

Result<store::TableRow> InsertTable(store::Transaction& tx, store::TableRow row);
Result<void> ReplaceTable(store::Transaction& tx, const store::TableRow& row);

// Tags of a database, a table, a crawler (Glue's own tags, not LF-Tags).
inline constexpr std::size_t kTagsMax = 50;
Result<void> PutTags(store::Transaction& tx, Id thing, const std::map<std::string, std::string>& tags);

}  // namespace hanse::catalog
