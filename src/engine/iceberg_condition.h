#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/planner/expression.hpp"
#include "engine/iceberg_manifest.h"
#include "engine/iceberg_metadata.h"

// What predicates say of files before one is opened: by the partitions of manifests and files, and by the least and greatest values
// of columns (Iceberg table specification, "Scan Planning"). Pure. May keep a file that holds no row that is asked for; never
// leaves one out that does.
namespace hanse::engine {

// Comparisons of a column with a constant, under AND and OR.
struct IcebergCondition {
  duckdb::ExpressionType type;  // A comparison, CONJUNCTION_AND or CONJUNCTION_OR.
  std::int32_t field = 0;       // The column's id.
  duckdb::Value value;          // Of the column's type, not NULL.
  std::vector<IcebergCondition> parts;
};

// What `filter` says in these terms, or less; nothing where it says nothing. `field_of`: the column that a reference means.
std::optional<IcebergCondition> IcebergConditionOf(
    const duckdb::Expression& filter,
    const std::function<std::optional<std::int32_t>(const duckdb::Expression& reference)>& field_of);
// The columns that conditions name.
void FieldsOfCondition(const IcebergCondition& condition, std::set<std::int32_t>* fields);

bool MayHold(const IcebergCondition& condition, const IcebergManifest& manifest, const IcebergMetadata& table);
bool MayHold(const IcebergCondition& condition, const IcebergFile& file, const IcebergMetadata& table);
// The least and the greatest value of a field, of its type; nothing where they are not known.
using BoundsOfField = std::function<std::optional<std::pair<duckdb::Value, duckdb::Value>>(std::int32_t field)>;
bool MayHold(const IcebergCondition& condition, const BoundsOfField& bounds);

}  // namespace hanse::engine
