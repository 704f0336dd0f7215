#pragma once
#include "duckdb.hpp"

// Values of files and warehouses as the type that the catalog says: what does not fit is NULL, never an error, which would tell a
// value. Pure.
namespace hanse::engine {

duckdb::Value CastOrNull(duckdb::Value value, const duckdb::LogicalType& wanted);
// Days since 1970-01-01, of the years 1 to 9999.
duckdb::Value DateOrNull(std::int64_t days);
// Since 1970-01-01 00:00 UTC, of the same years.
duckdb::Value TimestampOrNull(std::int64_t units, std::int64_t micros_per_unit);

}  // namespace hanse::engine
