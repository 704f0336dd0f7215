#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// The schema in a Parquet file's footer, as columns of Hive's types. Source: the Parquet format (parquet.thrift, "Logical types")
// and Thrift's compact protocol. Pure; takes any bytes: every count, depth and length is held to what is there.
namespace hanse::catalog {

struct InferredColumn {
  std::string name;  // In lower case.
  std::string type;  // "bigint", "array<struct<a:int>>"
  bool operator==(const InferredColumn&) const = default;
};

inline constexpr std::size_t kParquetTailBytes = 8;
inline constexpr std::uint32_t kParquetFooterBytesMax = 64u << 20;

// How many bytes of footer stand before the last eight bytes of a file. kInvalidArgument where it is no Parquet file (encrypted
// footers among them).
Result<std::uint32_t> ParquetFooterBytes(std::string_view tail);

struct ParquetSchema {
  std::vector<InferredColumn> columns;
  std::int64_t rows = 0;
};
// Reads the footer itself (FileMetaData, without the tail).
Result<ParquetSchema> ReadParquetFooter(std::string_view footer);

}  // namespace hanse::catalog
