#pragma once
#include <optional>
#include <vector>

#include "engine/file_selection.h"
#include "engine/iceberg_condition.h"
#include "engine/orc_column.h"

namespace hanse::engine {

// The type of a file's column that is column `i` of the table; nothing where it has none.
std::optional<std::uint32_t> OrcColumnIn(const orc::Tail& tail, const TableShape& table, duckdb::idx_t i);

// Of each stripe of a file whether it may hold a row for which all of `conditions` (fields are columns of the table) hold, by the
// least and greatest values of its columns; empty where nothing is known. Never leaves out a stripe that holds one.
std::vector<bool> OrcStripesThatMayHold(OrcInput& input, const orc::Tail& tail, const TableShape& table,
                                        const std::vector<IcebergCondition>& conditions);

}  // namespace hanse::engine
