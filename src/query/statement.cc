#include "query/statement.h"

#include "query/tokens.h"

namespace hanse::query {
namespace {

void Set(Statement* statement, StatementKind kind, std::string_view type, std::string_view subtype) {
  statement->kind = kind;
  statement->type = type;
  statement->subtype = subtype;
}

// CREATE TABLE … AS query: a table from rows, or one that the catalog's own statements describe.
bool MakesTableFromQuery(TokenReader reader) {
  return reader.TakeAll({"CREATE", "TABLE"}) && reader.Holds("AS") && (reader.Holds("SELECT") || reader.Holds("VALUES"));
}

}  // namespace

Result<Statement> Classify(std::string_view sql) {
  TokenReader reader(Tokens(sql, Quotes::kTrino));
  Statement statement;
  statement.first = reader.First();
  if (reader.done()) return Mismatched("the statement is empty");
  if (reader.TakeAny({"SELECT", "WITH", "VALUES", "TABLE", "("})) {
    Set(&statement, StatementKind::kSelect, "DML", "SELECT");
  } else if (reader.Take("EXPLAIN")) {
    Set(&statement, StatementKind::kExplain, "UTILITY", "EXPLAIN");
  } else if (MakesTableFromQuery(reader)) {
    Set(&statement, StatementKind::kCreateTableAs, "DDL", "CREATE_TABLE_AS_SELECT");
  } else if (reader.Take("INSERT")) {
    Set(&statement, StatementKind::kInsert, "DML", "INSERT");
  } else if (reader.Take("PREPARE")) {
    Set(&statement, StatementKind::kPrepare, "DDL", "PREPARE");
  } else if (reader.Take("EXECUTE")) {
    Set(&statement, StatementKind::kExecute, "DML", "EXECUTE");
  } else if (reader.Take("DEALLOCATE")) {
    Set(&statement, StatementKind::kDeallocate, "DDL", "DEALLOCATE");
  } else if (reader.Take("UNLOAD")) {
    Set(&statement, StatementKind::kUnload, "DML", "UNLOAD");
  } else {
    TRY_ASSIGN(statement.ddl, ParseDdl(sql));
    if (statement.ddl) {
      Set(&statement, StatementKind::kDdl, TypeOf(statement.ddl->verb), SubtypeOf(statement.ddl->verb));
    } else {
      bool dml = reader.TakeAny({"UPDATE", "DELETE", "MERGE"});
      Set(&statement, StatementKind::kOther, dml ? "DML" : "DDL", "");
    }
  }
  return statement;
}

}  // namespace hanse::query
