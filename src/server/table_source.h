#pragma once
#include <string>
#include <string_view>

#include "catalog/query_table.h"
#include "engine/query_job.h"

// What a scan is told of a table that the catalog has opened for its caller. Pure.
namespace hanse::server {

// What the caller may see of it. The names are those that the SQL uses.
engine::TableSource RightsOf(const catalog::GovernedTable& governed, std::string_view database, std::string_view table);
// The role that reads its place, or the connection that leads there; empty: the caller.
std::string ReaderRoleOf(const catalog::GovernedTable& governed);

// What a condition of the SQL means for a table's partitions, should its column be a key.
catalog::NeededPartitions NeededOf(const engine::ColumnCondition& condition);

// All but its files. kUnsupported, for the caller to read, where no scan can read such a table. Of a view: its text, for the caller
// to bind; the tables beneath it are asked for as his own (lakeformation.md 8.6), or as its definer's where it has one.
Result<engine::TableSource> SourceOf(const catalog::GovernedTable& governed, std::string_view database, std::string_view table);

}  // namespace hanse::server
