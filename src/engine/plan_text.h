#pragma once
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/planner/logical_operator.hpp"

namespace hanse::engine {

// A bound query as EXPLAIN shows it, a line a step, outermost first: what the query itself says, in names that its caller may use.
// Taken before the optimizer sees it, so that neither statistics nor pruning show; row filters and masks work inside the scan and
// are no part of it (spec/engine.md, section 2: EXPLAIN).
std::vector<std::string> PlanText(duckdb::LogicalOperator& plan, const std::vector<std::string>& columns);

}  // namespace hanse::engine
