#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/glue.h"

namespace hanse::query {

enum class DdlVerb {
  kShowDatabases,
  kShowTables,
  kShowViews,
  kShowPartitions,
  kShowColumns,
  kShowCreateTable,
  kShowCreateView,
  kShowProperties,
  kShowFunctions,
  kDescribe,
  kDescribeView,
  kCreateDatabase,
  kAlterDatabase,
  kDropDatabase,
  kCreateTable,
  kDropTable,
  kRepairTable,
  kAddColumns,
  kReplaceColumns,
  kChangeColumn,
  kDropColumn,
  kSetProperties,
  kUnsetProperties,
  kSetLocation,
  kAddPartitions,
  kDropPartitions,
  kRenamePartition,
  kCreateView,
  kCreateDefinerView,
  kAlterDialect,
  kDropView,
};

enum class Detail { kPlain, kExtended, kFormatted };

using Properties = std::map<std::string, std::string>;

// PARTITION (key = value, …), keys in lower case.
struct PartitionSpec {
  Properties values;
  std::string location;  // Empty: below the table's.
};

// A statement about the catalog, as Athena documents it (Athena User Guide, "DDL statements"). Which members a verb uses stands in
// ddl_parse.cc, where it is read. Names are in lower case.
struct Ddl {
  DdlVerb verb = DdlVerb::kShowDatabases;
  std::string catalog, database, table;  // Where the statement names them.
  bool tolerant = false;                 // IF EXISTS, IF NOT EXISTS
  bool cascade = false;
  bool replace = false;  // CREATE OR REPLACE
  Detail detail = Detail::kPlain;
  std::optional<std::string> pattern;  // SHOW … LIKE; the name of one property of SHOW TBLPROPERTIES.
  std::optional<std::string> comment, location;
  Properties properties;
  std::vector<std::string> names;           // Of properties that are unset.
  std::vector<wire::glue::Column> columns;  // ADD, REPLACE COLUMNS; the new column of CHANGE.
  std::string column;                       // The one that is changed or dropped.
  std::optional<std::string> after;         // CHANGE: the column that it comes after; empty: it comes first.
  std::vector<PartitionSpec> partitions;    // RENAME PARTITION: old, new.
  wire::glue::TableInput definition;        // CREATE TABLE
  std::string query;                        // CREATE VIEW: its text, as it is written.
  std::string action;                       // ALTER VIEW: "ADD", "REPLACE" or "DROP".
  bool force = false;                       // ALTER VIEW … FORCE
  bool dry = false;                         // SHOW VIEW JSON: tell what would be made.
};

// Nothing where the text is no statement about the catalog, or one that is not known; kInvalidArgument where it is broken, and, by
// name, for clauses that are not supported. Pure.
Result<std::optional<Ddl>> ParseDdl(std::string_view sql);

// "DDL" or "UTILITY", and Athena's SubstatementType.
std::string_view TypeOf(DdlVerb verb);
std::string_view SubtypeOf(DdlVerb verb);

}  // namespace hanse::query
