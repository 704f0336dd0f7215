#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hanse::query {

// A statement that writes what a query gives, taken apart. Pure. (Athena User Guide: "CREATE TABLE AS", "INSERT INTO", "UNLOAD")
struct WriteStatement {
  enum class Kind { kCreate, kInsert, kUnload };
  Kind kind = Kind::kInsert;
  std::string catalog, database, table;  // Lower case; of INSERT and CREATE. Catalog and database may be empty.
  bool tolerant = false;                 // IF NOT EXISTS
  bool with_data = true;                 // WITH NO DATA
  std::vector<std::string> columns;      // INSERT's list, lower case; empty where there is none.
  std::string place;                     // UNLOAD's, as it is written.
  std::string comment;                   // CREATE's.
  // Of WITH (…), by their names in lower case; a single text has one element.
  std::map<std::string, std::vector<std::string>> properties;
  // The query alone: the statement with everything else blanked out, so that places in errors stay those of the statement.
  std::string query;
};

// SYNTAX_ERROR, with the place, for what is none of the three.
Result<WriteStatement> ParseWrite(std::string_view sql);

}  // namespace hanse::query
