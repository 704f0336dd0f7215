#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace hanse::query {

// EXPLAIN [(FORMAT TEXT, TYPE LOGICAL | DISTRIBUTED | VALIDATE)] query (Athena User Guide, "EXPLAIN").
struct Explain {
  bool validate = false;  // TYPE VALIDATE: only whether the query is one.
  std::string sql;        // The query, with blanks for what stands before it: places in errors stay those of the statement.
};

// kInvalidArgument where it is broken; kUnsupported, by name, for EXPLAIN ANALYZE, other formats and statements that write. Pure.
Result<Explain> ReadExplain(std::string_view sql);

}  // namespace hanse::query
