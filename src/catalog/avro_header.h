#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "catalog/parquet_footer.h"

// The schema at the beginning of an Avro object container file, as columns of Hive's types (Avro 1.11, "Object Container Files",
// "Schema Declaration"; Hive's AvroSerDe says which type is which). Pure; takes any bytes: every count, depth and length is held to
// what is there.
namespace hanse::catalog {

inline constexpr std::size_t kAvroHeaderBytesMax = 4 << 20;

// `head`: the beginning of the file. Nothing where it is none, is cut, or holds other values than records.
std::optional<std::vector<InferredColumn>> ReadAvroHeader(std::string_view head);

}  // namespace hanse::catalog
