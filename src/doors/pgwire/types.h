#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "doors/pgwire/message.h"
#include "engine/query_job.h"

// Athena's types and texts as PostgreSQL's, and values for `$1` as SQL (protocols.md 6.4). Pure; any thread.
namespace hanse::pgwire {

inline constexpr Oid kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kOid = 26, kFloat4 = 700,
                     kFloat8 = 701, kBpchar = 1042, kVarchar = 1043, kDate = 1082, kTime = 1083, kTimestamp = 1114,
                     kTimestamptz = 1184, kNumeric = 1700, kUuid = 2950, kUnknown = 705, kBoolArray = 1000, kInt2Array = 1005,
                     kInt4Array = 1007, kTextArray = 1009, kInt8Array = 1016;

struct ColumnType {
  Oid oid = kText;
  std::int16_t size = -1;      // Bytes; -1: as long as the value.
  std::int32_t modifier = -1;  // Of numeric: precision and scale.
};

// Of "bigint", "decimal(10,2)", "timestamp", the catalog's "varchar[]"…; arrays, maps and rows of data are told as Athena's text.
ColumnType TypeOf(const engine::ResultColumn& column);
// A value as the engine renders it -> as PostgreSQL sends it, text or binary. kUnsupported where the type has no binary form here.
Result<std::string> ValueOf(const ColumnType& type, std::string_view rendered, bool binary);
// A value of a parameter as a literal of the engine's SQL. Of an unknown type (0) a text. kInvalidArgument where it is none of the
// type.
Result<std::string> LiteralOf(Oid type, const std::optional<std::string>& value, bool binary);

}  // namespace hanse::pgwire
