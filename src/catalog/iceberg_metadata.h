#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/glue.h"

// What the catalog says of an Iceberg table, out of its metadata file (Iceberg table specification, "Table Metadata", versions 1 to
// 3; the types as Iceberg's own Glue catalog writes them). Pure; takes any bytes.
namespace hanse::catalog {

inline constexpr std::string_view kIceberg = "ICEBERG";
inline constexpr std::size_t kIcebergMetadataBytesMax = 64u << 20;

struct IcebergMetadata {
  std::int64_t last_updated_ms = 0;
  std::vector<wire::glue::Column> columns;  // Of the current schema, names in lower case.
};
// kInvalidArgument where it is no metadata, kUnsupported for a type that has no counterpart.
Result<IcebergMetadata> ReadIcebergMetadata(std::string_view json);

// The number in the name of a metadata file ("00003-….metadata.json", "v3.metadata.json"); -1 where the name is none of these.
std::int64_t IcebergVersionOf(std::string_view file_name);

}  // namespace hanse::catalog
