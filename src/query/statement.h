#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/ddl_parse.h"

namespace hanse::query {

// What kind of statement a text is, by its first words; the engine parses what it runs. Pure.
enum class StatementKind {
  kSelect,   // SELECT, WITH, VALUES, TABLE, a parenthesis: for the engine.
  kExplain,  // For the engine.
  kDdl,      // SHOW, DESCRIBE, CREATE, ALTER, DROP, MSCK: read by ddl_parse.h.
  kPrepare,  // PREPARE, EXECUTE, DEALLOCATE PREPARE: prepared_sql.h takes them apart.
  kExecute,
  kDeallocate,
  kInsert,  // These three write: write_statement.h takes them apart.
  kCreateTableAs,
  kUnload,
  kOther,  // Refused by name.
};

struct Statement {
  StatementKind kind = StatementKind::kOther;
  std::string type;        // "DML", "DDL", "UTILITY"
  std::string subtype;     // "SELECT", "CREATE_TABLE_AS_SELECT", …
  std::string first;       // The first words, upper case: for "… is not supported".
  std::optional<Ddl> ddl;  // Of kDdl.
};

inline bool Writes(StatementKind kind) {
  return kind == StatementKind::kInsert || kind == StatementKind::kCreateTableAs || kind == StatementKind::kUnload;
}

// kInvalidArgument where there is nothing in it, and whatever ParseDdl fails with.
Result<Statement> Classify(std::string_view sql);

}  // namespace hanse::query
