#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// THE SECURITY RULE. What a user writes as the row expression of a data cells filter is never run: it is read by this grammar, and
// what the query engine gets is printed anew from what was understood. Grammar (lakeformation.md, section 4.2):
//   expr    := and { OR and } ; and := not { AND not } ; not := [NOT] prim
//   prim    := '(' expr ')' | TRUE | cmp
//   cmp     := col op const | col [NOT] BETWEEN const AND const | col [NOT] IN '(' const {',' const} ')'
//            | col [NOT] LIKE string | col IS [NOT] NULL
//   op      := = | <> | != | < | <= | > | >= ;  col := ident { '.' ident } ;  const := number | 'string' | true | false
// Printed: identifiers in lower case and double quotes, strings in single quotes ('' for one), keywords in capitals, every
// sub-expression in parentheses. What is printed can be read again. Pure; any thread; time and depth are limited.
namespace hanse::policy {

inline constexpr std::size_t kMaxRowExpressionChars = 2048;
inline constexpr int kMaxRowExpressionDepth = 64;

// A row expression as it was understood.
struct RowExpression {
  std::string sql;
  std::vector<std::string> columns;  // That it reads, lower case, each once.
};

// `columns` and `keys` (partition keys): what the table has, lower case. kInvalidArgument where the text is too long, not of the
// grammar, or names what the table has not.
Result<RowExpression> ParseRowExpression(std::string_view text, std::span<const std::string> columns,
                                         std::span<const std::string> keys);

}  // namespace hanse::policy
