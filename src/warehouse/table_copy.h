#pragma once
#include <string>
#include <vector>

#include "warehouse/session.h"

namespace hanse::warehouse {

// PostgreSQL's numbers of types (pg_type.dat): how the fields of a binary COPY are written.
enum TypeNumber : unsigned {
  kBool = 16,
  kBytea = 17,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kFloat4 = 700,
  kFloat8 = 701,
  kDate = 1082,
  kTimestamp = 1114,
  kTimestampTz = 1184,
  kNumeric = 1700
};

// How some columns of a table are read.
struct TableCopy {
  std::string sql;              // COPY (SELECT …) TO STDOUT (FORMAT binary)
  std::vector<unsigned> types;  // Of its fields, each a TypeNumber; what is none of them comes as kText.
};

// `columns`: as the catalog has them, without case; a table that has two of one name so has neither. kNotFound where the table or a
// column is not there: it names no column, which the reader may not know.
Result<TableCopy> PlanCopy(Session& session, const std::string& schema, const std::string& table,
                           const std::vector<std::string>& columns);

}  // namespace hanse::warehouse
