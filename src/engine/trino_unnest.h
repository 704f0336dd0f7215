#pragma once
#include "duckdb.hpp"
#include "duckdb/parser/tableref/table_function_ref.hpp"

namespace hanse::engine {

// UNNEST(a, b, …) [WITH ORDINALITY] as Trino means it, as a subquery that stands in its place: arrays side by side, NULL where one
// is shorter, a map as two columns, an array of rows as a column a field. `ref` is left empty. Its arguments are rewritten already.
duckdb::unique_ptr<duckdb::TableRef> UnnestLikeTrino(duckdb::TableFunctionRef& ref);

}  // namespace hanse::engine
