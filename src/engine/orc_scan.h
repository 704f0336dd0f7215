#pragma once
#include "duckdb/function/table_function.hpp"

namespace hanse::engine {

// The scan of ORC files (OrcSerde): columns by their place, as Athena reads them, or by name where the table says
// orc.column.index.access=false. A file's stripes are shared out among threads; of a stripe only the wanted columns are read.
// Its bind data is of a ShapeInfo (parquet_files.h).
duckdb::TableFunction OrcScanFunction();

}  // namespace hanse::engine
