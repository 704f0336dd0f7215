#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// What a client's statement is: the session's own business, a question about the catalog, or a query. Pure; any thread.
namespace hanse::pgwire {

enum class Road {
  kBegin,
  kCommit,
  kRollback,
  kSavepoint,
  kSet,
  kReset,
  kShow,
  kDiscard,
  kDeallocate,
  kNothing,  // LISTEN, UNLISTEN: accepted, for there is nothing to do.
  kDeclare,
  kFetch,  // MOVE too.
  kCloseCursor,
  kCopy,
  kCatalog,  // Of pg_catalog, information_schema and PostgreSQL's session functions: answered from what the caller may see.
  kQuery,    // Trino's SQL, for the engine.
  kExplain,
  kOther,  // Refused by name.
};

struct Statement {
  Road road = Road::kOther;
  std::string sql;
  std::string first;           // Its first word, upper case.
  std::size_t parameters = 0;  // The highest n of `$n`.
};

// The statements between semicolons; those of nothing but comments are left out.
std::vector<std::string> SplitStatements(std::string_view sql);
Statement ClassifyStatement(std::string sql);
// The SQL with a literal in the place of each `$n`. kInvalidArgument where there are fewer.
Result<std::string> WithLiterals(const Statement& statement, const std::vector<std::string>& literals);
// A question about the catalog in the words of the instance that answers it (engine/pg_catalog.h).
std::string CatalogSql(std::string_view sql);

// DECLARE name CURSOR FOR query; FETCH and MOVE count FROM name; CLOSE name. Cursors go forward alone.
struct Cursor {
  std::string name;  // Empty: CLOSE ALL.
  std::string query;
  std::uint64_t rows = 1;  // 0: all that are left.
  bool holds = false;      // WITH HOLD: it outlives its transaction.
};
Result<Cursor> ReadCursor(std::string_view sql);

struct Setting {
  std::string name;   // Lower case, "transaction" of SET TRANSACTION; empty: RESET ALL.
  std::string value;  // Empty of RESET and of DEFAULT.
  bool defaulted = false;
};
// Of SET, RESET and SHOW. kAccessDenied for SET ROLE and SET SESSION AUTHORIZATION: nobody becomes another here.
Result<Setting> ReadSetting(std::string_view sql);

}  // namespace hanse::pgwire
