#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/lake_filter.h"

// Row-level security policies (lakeformation-2026.md): what they say, and what they say of one table. Pure; any thread.
namespace hanse::policy {

struct PolicyColumn {
  std::string name;  // Lower case.
  std::string type;  // As the catalog writes it ("bigint"); empty: any.
  bool operator==(const PolicyColumn&) const = default;
};

// Only the rows for which `rows` is true; it reads no columns but these.
struct RowPolicy {
  std::vector<PolicyColumn> columns;
  std::string rows;  // Of lake_filter.h's grammar.
};

// The columns that a policy meets. `types`: of columns and keys by name.
struct TableShape {
  std::span<const std::string> columns, keys;
  const std::map<std::string, std::string>& types;
};

// kInvalidArgument where columns lack, stand twice, or the expression is none or reads another column.
Result<void> CheckRowPolicy(const RowPolicy& policy);
// The rows that the policy leaves of a table. kInvalidArgument, with what is wrong in words, where a column is missing or of
// another type, or where the expression does not go with it (IS NULL on a partition key).
Result<RowExpression> RowsOf(const RowPolicy& policy, const TableShape& table);

}  // namespace hanse::policy
