#pragma once
#include <string>

#include "duckdb.hpp"
#include "duckdb/parser/parsed_expression.hpp"

namespace hanse::engine {

// Gives a call of one of Trino's functions that are an expression of others its meaning: functions of lambdas over maps and pairs,
// aggregates that are made of several. `call` is a function or window expression, `name` its name in lower case; its arguments are
// rewritten already. `lambdas` numbers the lambdas that are made. Whether it was such a function. Throws duckdb exceptions.
bool RewriteSpecial(duckdb::unique_ptr<duckdb::ParsedExpression>& call, const std::string& name, int& lambdas);

}  // namespace hanse::engine
