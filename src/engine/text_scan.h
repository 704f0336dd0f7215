#pragma once
#include "duckdb.hpp"
#include "duckdb/function/table_function.hpp"

namespace hanse::engine {

// The scan of tables that are read a row at a time: delimited text (LazySimpleSerDe), quoted CSV (OpenCSVSerde), a JSON object a
// line, Avro. Reads as Hive does: what is missing or does not parse is NULL, never an error that would tell a value.
// Its bind data is of a ShapeInfo (parquet_files.h).
duckdb::TableFunction TextScanFunction();

}  // namespace hanse::engine
