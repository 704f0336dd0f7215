#pragma once
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/parser/statement/select_statement.hpp"
#include "engine/database_name.h"

// Queries are Trino's SQL, as Athena engine version 3 speaks it. The engine's own parser reads them, after what it cannot read was
// respelt (trino_lexer.h), and its tree is then given Trino's meanings: each function by Trino's name for it, refused where Trino
// has none of that name; nothing that only the engine's own dialect knows. (spec/lakeformation.md 8; design.md 8)
namespace hanse::engine {

// Exactly one SELECT, rewritten. `parameters` are the literals for '?' in order. Throws duckdb exceptions, whose text is for the
// caller once errors.h has looked at it.
duckdb::unique_ptr<duckdb::SelectStatement> ParseTrino(const std::string& sql, const std::vector<std::string>& parameters,
                                                       const CatalogNames& catalogs);
// The SELECT of a stored view.
duckdb::unique_ptr<duckdb::SelectStatement> ParseViewBody(const std::string& sql, const CatalogNames& catalogs);
// Columns without a name are called _col0, _col1… by their place; until then they carry this mark.
bool IsUnnamed(const std::string& column_name);
std::string NameOfUnnamed(int place);

}  // namespace hanse::engine
