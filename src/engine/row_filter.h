#pragma once
#include <string_view>

#include "base/result.h"
#include "duckdb.hpp"
#include "duckdb/parser/parsed_expression.hpp"

namespace hanse::engine {

// Parses an expression of the grammar of lakeformation.md 4.2 (columns on the left, constants on the right, no functions, casts or
// subqueries). Nothing else that the engine's own parser would take can get through here. kInvalidArgument says where it ends.
Result<duckdb::unique_ptr<duckdb::ParsedExpression>> ParseRowFilter(std::string_view text);

}  // namespace hanse::engine
