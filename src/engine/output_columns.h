#pragma once
#include <optional>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "engine/query_job.h"

// What the columns of a query are in the files that it writes. Pure; throw what the caller is to read.
namespace hanse::engine {

// A column of the files, or a partition key.
struct OutputColumn {
  ColumnSource source;
  duckdb::LogicalType type;
  std::optional<duckdb::idx_t> from;  // The query's column; nothing: NULL in every row.
};

// Keys last. Of a new table: the query's columns by their own names and types; of one that is there: its columns, where the query's
// fit them by Trino's implicit coercions.
std::vector<OutputColumn> OutputColumnsOf(const OutputPlan& plan, const duckdb::vector<std::string>& names,
                                          const duckdb::vector<duckdb::LogicalType>& types);
// Hive's name of a type: "array<int>". Throws NOT_SUPPORTED where it has none.
std::string HiveTypeOf(const duckdb::LogicalType& type);
// Whether Trino writes a value of `from` to a column of `to` without being told to cast it.
bool Coerces(const duckdb::LogicalType& from, const duckdb::LogicalType& to);

}  // namespace hanse::engine
