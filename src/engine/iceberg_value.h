#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "engine/iceberg_manifest.h"
#include "engine/iceberg_metadata.h"

// Single values as Iceberg writes them, and what its partition transforms make of them (Iceberg table specification, "Partition
// Transforms", "Binary single-value serialization", "32-bit hash requirements"). Pure.
namespace hanse::engine {

// Nothing where the bytes are no value of the type. A column that was int once has short values, and is read all the same.
std::optional<duckdb::Value> IcebergSingleValue(const std::string& bytes, const duckdb::LogicalType& type);
// A value of a partition as one of `type`; nothing where it is NULL or does not fit.
std::optional<duckdb::Value> IcebergPartitionValueAs(const IcebergPartitionValue& value, const duckdb::LogicalType& type);
// What a transform gives of columns of `source`.
duckdb::LogicalType IcebergTransformed(IcebergTransform transform, const duckdb::LogicalType& source);
// The transform of one value; nothing where it is not known or cannot tell.
std::optional<duckdb::Value> ApplyIcebergTransform(const IcebergPartitionField& field, const duckdb::Value& value);
// Equal for equal partitions of one spec, and for no others.
std::string IcebergPartitionKey(const std::vector<IcebergPartitionValue>& partition);

}  // namespace hanse::engine
