#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hanse::query {

// What kind of statement a text is, by its first words; the engine parses what it runs. Pure.
enum class StatementKind {
  kSelect,          // SELECT, WITH, VALUES, TABLE, a parenthesis: for the engine.
  kExplain,         // For the engine.
  kShowDatabases,   // SHOW DATABASES | SCHEMAS
  kShowTables,      // SHOW TABLES [IN db]
  kDescribe,        // DESCRIBE [db.]table, SHOW COLUMNS IN table
  kCreateDatabase,  // CREATE DATABASE | SCHEMA [IF NOT EXISTS] name
  kDropDatabase,    // DROP DATABASE | SCHEMA [IF EXISTS] name [CASCADE]
  kDropTable,       // DROP TABLE [IF EXISTS] [db.]table
  kPrepare,         // PREPARE, EXECUTE, DEALLOCATE PREPARE: prepared_sql.h takes them apart.
  kExecute,
  kDeallocate,
  kInsert,  // Written tables: not built.
  kCreateTableAs,
  kOther,  // Refused by name.
};

struct Statement {
  StatementKind kind = StatementKind::kOther;
  std::string type;      // "DML", "DDL", "UTILITY"
  std::string subtype;   // "SELECT", "CREATE_TABLE_AS_SELECT", …
  std::string first;     // The first words, upper case: for "… is not supported".
  std::string database;  // Where the statement names one, lower case.
  std::string table;
  bool tolerant = false;  // IF EXISTS, IF NOT EXISTS
  bool cascade = false;
};

// kInvalidArgument where there is nothing in it, or names are missing or doubled where the kind has some.
Result<Statement> Classify(std::string_view sql);

}  // namespace hanse::query
