#pragma once
#include <string>
#include <vector>

#include "governance/grant_rows.h"
#include "steward/decided.h"

// The grants on a principal's way to a table, in words: whom each names and how that reaches the principal, on what, by whom and
// when, through which share, and whether it counted in the decision (TableAccess::reasons); where not, why not.
namespace hanse::steward {

Result<std::vector<wire::hanse_service::GrantOnTheWay>> ChainOf(store::Transaction& tx, const Subject& subject,
                                                                const AskedTable& asked, const policy::TableAccess& access);
// Those that counted, a line each: "grant 1042: SELECT on tables with sensitivity=internal to 123456789012".
Result<std::vector<std::string>> ReasonsOf(store::Transaction& tx, const policy::TableAccess& access);

// What each column is to the principal, with the tags that it carries and why it is hidden.
Result<std::vector<wire::hanse_service::ColumnVerdict>> ColumnsOf(store::Transaction& tx, const Subject& subject,
                                                                  const AskedTable& asked, const Decided& decided);

// "database sales", "columns a, b of sales.orders", "tables with sensitivity=public|internal".
Result<std::string> ResourceInWords(store::Transaction& tx, const governance::GrantRow& row);
std::string ExpressionInWords(const policy::TagExpression& expression);

}  // namespace hanse::steward
