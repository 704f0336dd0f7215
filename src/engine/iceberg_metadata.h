#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "duckdb.hpp"

// What the metadata file of an Iceberg table says (Iceberg table specification, versions 1 and 2). Pure.
namespace hanse::engine {

// A column or what is nested in it: fields of a struct, the element of a list, key and value of a map.
struct IcebergField {
  std::int32_t id = 0;
  std::string name;
  duckdb::LogicalType type;
  std::vector<IcebergField> children;
};

struct IcebergSnapshot {
  std::int64_t id = 0;
  std::optional<std::int64_t> parent;
  std::int64_t committed_ms = 0;
  std::string manifest_list;                   // Its place: "s3://…".
  std::map<std::string, std::string> summary;  // "operation" among them.
};

// A branch or a tag.
struct IcebergRef {
  std::string type;
  std::int64_t snapshot = 0;
  std::optional<std::int64_t> max_reference_age_ms, min_snapshots, max_snapshot_age_ms;
};

enum class IcebergTransform : std::uint8_t { kIdentity, kBucket, kTruncate, kYear, kMonth, kDay, kHour, kVoid, kUnknown };

// One value of a partition: what a transform makes of a column.
struct IcebergPartitionField {
  std::string name;
  std::int32_t source = 0;  // A field's id.
  IcebergTransform transform = IcebergTransform::kUnknown;
  std::int32_t width = 0;  // Buckets, or what is truncated to.
};

using IcebergSpec = std::vector<IcebergPartitionField>;

struct IcebergMetadata {
  std::vector<IcebergField> columns;            // Of the current schema.
  std::map<std::int32_t, IcebergField> fields;  // Columns of all schemas by id, as the latest schema that has them says.
  std::map<std::int64_t, IcebergSnapshot> snapshots;
  std::optional<std::int64_t> current_snapshot;            // Nothing: the table has no rows.
  std::vector<std::pair<std::int64_t, std::int64_t>> log;  // When (ms) which snapshot became the current one; oldest first.
  std::map<std::string, IcebergRef> refs;
  std::map<std::int32_t, IcebergSpec> specs;

  // The snapshot that was current at `time_ms`; nothing where the table was not there yet.
  std::optional<std::int64_t> SnapshotAt(std::int64_t time_ms) const;
};

// kInvalidArgument where it is none; kUnsupported, by name, for versions and types that are not read.
Result<IcebergMetadata> ParseIcebergMetadata(std::string_view text);

}  // namespace hanse::engine
