#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "duckdb.hpp"

// Manifest lists and manifests of an Iceberg snapshot: Avro files (Iceberg table specification, "Manifests"). What does not parse
// throws, names the file and tells no value.
namespace hanse::engine {

// Least and greatest value of a column in a file, as Iceberg writes single values.
struct IcebergBounds {
  std::string lower, upper;
};

// What a manifest's files have of one field of their partition.
struct IcebergSummary {
  bool has_null = true;
  std::optional<bool> has_nan;
  std::optional<std::string> lower, upper;
};

struct IcebergManifest {
  std::string place;  // "s3://…"
  std::int64_t bytes = 0;
  std::int32_t spec = 0;
  bool deletes = false;
  std::int64_t sequence = 0;  // Of entries that name none.
  std::optional<std::int64_t> added_snapshot;
  struct Counts {
    std::optional<std::int64_t> files, rows;
  } added, existing, deleted;
  std::vector<IcebergSummary> partitions;
};

enum class IcebergContent : std::uint8_t { kData, kPositionDeletes, kEqualityDeletes };

using IcebergPartitionValue = std::variant<std::monostate, std::int64_t, double, std::string>;  // Nothing is NULL.

// What only a listing of files shows.
struct IcebergFileDetails {
  std::map<std::int32_t, std::int64_t> column_sizes, value_counts, null_counts, nan_counts;  // By field.
  std::map<std::int32_t, std::string> lower, upper;
  std::vector<std::int64_t> split_offsets;
  std::optional<std::string> key_metadata;
};

struct IcebergFile {
  IcebergContent content = IcebergContent::kData;
  std::string place, format;
  std::uint64_t bytes = 0;
  std::int64_t rows = 0;
  std::int32_t spec = 0;
  std::int64_t sequence = 0;  // The data sequence number: what deletes count by.
  std::vector<IcebergPartitionValue> partition;
  std::map<std::int32_t, IcebergBounds> bounds;  // By field; only fields that have both.
  std::vector<std::int32_t> equality_ids;
  std::string referenced_data_file;  // Of position deletes of one data file alone.
  std::optional<IcebergFileDetails> details;
};

// What is read of an entry beyond what a scan needs.
struct IcebergEntryParts {
  std::set<std::int32_t> bounds;  // Fields.
  bool details = false;
};

std::vector<IcebergManifest> ReadIcebergManifestList(duckdb::ClientContext& context, const std::string& path,
                                                     const std::string& place);
// Hands on the files that are part of the snapshot. Throws NotImplementedException for files that are not Parquet.
void ReadIcebergManifest(duckdb::ClientContext& context, const std::string& path, const IcebergManifest& manifest,
                         const IcebergEntryParts& parts, const std::function<void(IcebergFile)>& take);

}  // namespace hanse::engine
