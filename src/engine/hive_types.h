#pragma once
#include <string>
#include <string_view>

#include "duckdb.hpp"
#include "engine/query_job.h"

namespace hanse::engine {

// Hive's type of a column as the engine's: "array<struct<a:int,b:string>>", "decimal(10,2)". kUnsupported for what Athena has not.
Result<duckdb::LogicalType> TypeOfHive(std::string_view hive_type);
// How Athena names the type of a column of an answer.
ResultColumn DescribeColumn(const std::string& name, const duckdb::LogicalType& type);
// How Trino writes a type: "array(row(x integer, y varchar))".
std::string TrinoType(const duckdb::LogicalType& type);
// Whether every value that a file stores as `from` is one of `to`, so that reading it can neither fail nor tell a value.
bool ReadsAs(const duckdb::LogicalType& from, const duckdb::LogicalType& to);

}  // namespace hanse::engine
