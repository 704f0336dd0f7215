#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace hanse::query {

// EXPLAIN [(FORMAT TEXT, TYPE LOGICAL | DISTRIBUTED | VALIDATE)] query, EXPLAIN ANALYZE [(FORMAT TEXT)] query (Athena User Guide,
// "EXPLAIN and EXPLAIN ANALYZE").
struct Explain {
  bool analyze = false;   // The query runs: its plan and what it took.
  bool validate = false;  // TYPE VALIDATE: only whether the query is one.
  std::string sql;        // The query, with blanks for what stands before it: places in errors stay those of the statement.
};

// kInvalidArgument where it is broken; kUnsupported, by name, for other formats and statements that write. Pure.
Result<Explain> ReadExplain(std::string_view sql);

}  // namespace hanse::query
