#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hanse::query {

// PREPARE name FROM statement, EXECUTE name [USING value, …], DEALLOCATE PREPARE name, taken apart (lakeformation.md 8.5). Pure.
struct PreparedSql {
  std::string name;                 // As it is written: names of prepared statements tell upper from lower case.
  std::string statement;            // Of PREPARE.
  std::vector<std::string> values;  // Of USING: texts of SQL expressions, in order.
};

// kInvalidArgument where the text is none of the three, or a part is missing.
Result<PreparedSql> ParsePreparedSql(std::string_view sql);

// kInvalidArgument unless the text is one that can be prepared: SELECT, INSERT, CREATE TABLE AS, UNLOAD.
Result<void> CheckPreparable(std::string_view sql);

}  // namespace hanse::query
