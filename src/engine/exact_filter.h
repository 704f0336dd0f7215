#pragma once
#include "duckdb.hpp"
#include "duckdb/planner/expression.hpp"
#include "duckdb/planner/table_filter.hpp"

namespace hanse::engine {

// A part of a row filter that the reader of a file evaluates itself, row by row, so that nothing of it is left to be done above
// (rule 6): of comparisons of one column with constants, IN, BETWEEN, AND and OR. A reader asks a dictionary's entries instead of
// every row, skips row groups by their bounds, and decodes the other columns of the rows that pass alone.
struct ExactFilter {
  duckdb::idx_t column = 0;  // Of the table.
  duckdb::unique_ptr<duckdb::TableFilter> filter;
};

// No filter where `part`, over BoundColumnRefs to the table's columns, is anything else.
ExactFilter MakeExactFilter(const duckdb::Expression& part);

}  // namespace hanse::engine
