#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "duckdb.hpp"

// Manifest lists and manifests of an Iceberg snapshot: Avro files (Iceberg table specification, "Manifests"). What does not parse
// throws and names no value.
namespace hanse::engine {

struct IcebergManifest {
  std::string place;  // "s3://…"
  std::int32_t spec = 0;
};

// Least and greatest value of a column in a file, as Iceberg writes single values.
struct IcebergBounds {
  std::string lower, upper;
};

struct IcebergDataFile {
  std::string place;
  std::uint64_t bytes = 0;
  std::int32_t spec = 0;
  std::map<std::int32_t, IcebergBounds> bounds;  // By field; only fields that have both.
};

std::vector<IcebergManifest> ReadIcebergManifestList(duckdb::ClientContext& context, const std::string& path);
// Adds the data files that a manifest holds. Throws NotImplementedException for files that are not Parquet, and for deletes.
void ReadIcebergManifest(duckdb::ClientContext& context, const std::string& path, const IcebergManifest& manifest,
                         std::vector<IcebergDataFile>* files);

}  // namespace hanse::engine
