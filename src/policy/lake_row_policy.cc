#include "policy/lake_row_policy.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace hanse::policy {
namespace {

// "decimal(10, 2)" and "DECIMAL(10,2)" are one type.
std::string Plain(std::string_view type) {
  std::string plain = Lower(type);
  std::erase(plain, ' ');
  return plain;
}

std::unexpected<Error> Unfit(std::string message) { return Fail(ErrorCode::kInvalidArgument, std::move(message)); }

}  // namespace

Result<void> CheckRowPolicy(const RowPolicy& policy) {
  if (policy.columns.empty()) return Unfit("AttachmentColumns must have at least one column");
  std::vector<std::string> names;
  std::set<std::string> once;
  for (const PolicyColumn& column : policy.columns) {
    if (column.name.empty() || !once.insert(column.name).second)
      return Unfit("AttachmentColumns has the column twice: " + column.name);
    names.push_back(column.name);
  }
  TRY(ParseRowExpression(policy.rows, names, {}));
  return {};
}

Result<RowExpression> RowsOf(const RowPolicy& policy, const TableShape& table) {
  std::vector<std::string> columns, keys;
  for (const PolicyColumn& column : policy.columns) {
    bool key = std::ranges::find(table.keys, column.name) != table.keys.end();
    if (!key && std::ranges::find(table.columns, column.name) == table.columns.end())
      return Unfit("the table has no column " + column.name);
    auto type = table.types.find(column.name);
    bool fits = column.type.empty() || (type != table.types.end() && Plain(type->second) == Plain(column.type));
    if (!fits) return Unfit("the table's column " + column.name + " is not of type " + column.type);
    (key ? keys : columns).push_back(column.name);
  }
  return ParseRowExpression(policy.rows, columns, keys);
}

}  // namespace hanse::policy
