#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/parser/statement/select_statement.hpp"
#include "engine/query_job.h"

namespace hanse::engine {

// What a statement says of the rows of its tables, read before any table is known, so that the server need not list what the
// statement cannot need: of each reference to a table the comparisons with literals that WHERE joins by AND, where that WHERE
// decides over the table's own rows (one table, or inner joins; nothing is read of OR, of outer joins' right sides, of subqueries
// in expressions). A reference that has some is marked: its table's name gets the number of its conditions, and it goes by its old
// name as its alias. `nonce`: of the query, so that nobody writes a mark himself.
std::vector<ColumnConditions> MarkConditions(duckdb::SelectStatement& select, const std::string& nonce);
// The number, taken off a marked name.
std::optional<std::size_t> TakeMark(std::string* table_name, const std::string& nonce);

}  // namespace hanse::engine
