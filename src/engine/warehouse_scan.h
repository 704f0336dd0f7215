#pragma once
#include "duckdb.hpp"
#include "duckdb/function/table_function.hpp"

namespace hanse::engine {

// The scan of a table in a warehouse: asks the server for the columns that are needed and reads their rows from a stream
// (row_stream.h, copy_rows.h). No predicate goes to the warehouse: what it did with one, its time and its errors, would tell of
// rows that the governed scan above this one hides. Types are the catalog's: what does not fit is NULL, as in text. The bytes that
// come are metered, each stream of a query by itself. Its bind data is of a ShapeInfo (parquet_files.h).
duckdb::TableFunction WarehouseScanFunction();

}  // namespace hanse::engine
