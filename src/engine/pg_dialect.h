#pragma once
#include <map>
#include <string>

#include "duckdb.hpp"
#include "duckdb/parser/statement/select_statement.hpp"

namespace hanse::engine {

// A question about the catalog in PostgreSQL's SQL. The engine's own parser reads it, and its tree is then given PostgreSQL's
// meaning where the engine has another: casts to types of oids, `~` that finds a part, LIKE's backslash, `{a,b}` as an array, ANY
// of a column's array, a function's rows named by their alias, columns without a name. (PostgreSQL 15, chapters 8.19, 9.7, 10)
struct PgQuestion {
  duckdb::unique_ptr<duckdb::SelectStatement> select;
  bool asks_tables = false;  // Else the session's values alone.
};

// Exactly one SELECT. `session`: the values of settings, which current_setting() and the like give. Throws duckdb exceptions.
PgQuestion ParsePgQuestion(const std::string& sql, const std::map<std::string, std::string>& session);

}  // namespace hanse::engine
