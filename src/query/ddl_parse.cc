#include "query/ddl_parse.h"

#include <fmt/format.h>

#include "query/ddl_clauses.h"

namespace hanse::query {
namespace {

constexpr std::size_t kDdlTokensMax = 200'000;

using Parsed = Result<std::optional<Ddl>>;

// Whole statements end where they are said to.
Parsed Whole(const TokenReader& reader, Ddl ddl) {
  TRY(reader.ExpectEnd());
  return std::optional(std::move(ddl));
}

Parsed DdlNotSupported(std::string_view what) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidRequestException", fmt::format("NOT_SUPPORTED: {} is not supported", what));
}

bool IfExists(TokenReader& reader) { return reader.TakeAll({"IF", "EXISTS"}); }
bool IfNotExists(TokenReader& reader) { return reader.TakeAll({"IF", "NOT", "EXISTS"}); }

// [LIKE] 'pattern'
Result<void> ReadPattern(TokenReader& reader, Ddl* ddl) {
  if (!reader.Take("LIKE") && !reader.AtText()) return {};
  TRY_ASSIGN(ddl->pattern, reader.Text("a pattern"));
  return {};
}

// SHOW TABLES | VIEWS [IN database] [[LIKE] 'pattern']
Parsed ReadShowNames(TokenReader& reader, DdlVerb verb) {
  Ddl ddl{.verb = verb};
  if (reader.TakeAny({"IN", "FROM"})) TRY(ReadDatabase(reader, &ddl));
  TRY(ReadPattern(reader, &ddl));
  return Whole(reader, std::move(ddl));
}

// SHOW COLUMNS IN table [IN database]
Parsed ReadShowColumns(TokenReader& reader) {
  Ddl ddl{.verb = DdlVerb::kShowColumns};
  if (!reader.TakeAny({"IN", "FROM"})) return Mismatched("FROM is missing");
  TRY(ReadTable(reader, &ddl));
  if (reader.TakeAny({"IN", "FROM"})) TRY(ReadDatabase(reader, &ddl));
  return Whole(reader, std::move(ddl));
}

Parsed ReadNamed(TokenReader& reader, DdlVerb verb) {
  Ddl ddl{.verb = verb};
  TRY(ReadTable(reader, &ddl));
  return Whole(reader, std::move(ddl));
}

// SHOW DATABASES | SCHEMAS | FUNCTIONS [[LIKE] 'pattern']
Parsed ReadShowAll(TokenReader& reader, DdlVerb verb) {
  Ddl ddl{.verb = verb};
  TRY(ReadPattern(reader, &ddl));
  return Whole(reader, std::move(ddl));
}

Parsed ReadShow(TokenReader& reader) {
  if (reader.TakeAny({"DATABASES", "SCHEMAS"})) return ReadShowAll(reader, DdlVerb::kShowDatabases);
  if (reader.Take("FUNCTIONS")) return ReadShowAll(reader, DdlVerb::kShowFunctions);
  if (reader.Take("TABLES")) return ReadShowNames(reader, DdlVerb::kShowTables);
  if (reader.Take("VIEWS")) return ReadShowNames(reader, DdlVerb::kShowViews);
  if (reader.Take("PARTITIONS")) return ReadNamed(reader, DdlVerb::kShowPartitions);
  if (reader.Take("COLUMNS")) return ReadShowColumns(reader);
  if (reader.TakeAll({"CREATE", "TABLE"})) return ReadNamed(reader, DdlVerb::kShowCreateTable);
  if (reader.TakeAll({"CREATE", "VIEW"})) return ReadNamed(reader, DdlVerb::kShowCreateView);
  if (!reader.Take("TBLPROPERTIES")) return std::nullopt;
  Ddl ddl{.verb = DdlVerb::kShowProperties};
  TRY(ReadTable(reader, &ddl));
  if (reader.Take("(")) {
    TRY_ASSIGN(ddl.pattern, reader.Text("a property's name"));
    TRY(reader.Expect(")"));
  }
  return Whole(reader, std::move(ddl));
}

// DESCRIBE [TABLE] [EXTENDED | FORMATTED] table, DESCRIBE VIEW view
Parsed ReadDescribe(TokenReader& reader) {
  if (reader.Take("VIEW")) return ReadNamed(reader, DdlVerb::kDescribeView);
  if (reader.TakeAny({"INPUT", "OUTPUT"})) return std::nullopt;
  Ddl ddl{.verb = DdlVerb::kDescribe};
  reader.Take("TABLE");
  if (reader.Take("EXTENDED")) ddl.detail = Detail::kExtended;
  if (reader.Take("FORMATTED")) ddl.detail = Detail::kFormatted;
  TRY(ReadTable(reader, &ddl));
  if (!reader.done()) return DdlNotSupported("DESCRIBE of a partition or of one column");
  return std::optional(std::move(ddl));
}

// [COMMENT text] [LOCATION text] [WITH DBPROPERTIES (…)]
Parsed ReadCreateDatabase(TokenReader& reader) {
  Ddl ddl{.verb = DdlVerb::kCreateDatabase};
  ddl.tolerant = IfNotExists(reader);
  TRY(ReadDatabase(reader, &ddl));
  while (!reader.done()) {
    if (reader.Take("COMMENT")) {
      TRY_ASSIGN(ddl.comment, reader.Text("a comment"));
    } else if (reader.Take("LOCATION")) {
      TRY_ASSIGN(ddl.location, reader.Text("a place"));
    } else if (reader.TakeAll({"WITH", "DBPROPERTIES"})) {
      TRY_ASSIGN(ddl.properties, ReadProperties(reader));
    } else {
      TRY(reader.ExpectEnd());
    }
  }
  return std::optional(std::move(ddl));
}

Parsed ReadCreateTable(TokenReader& reader, bool external) {
  Ddl ddl{.verb = DdlVerb::kCreateTable};
  ddl.tolerant = IfNotExists(reader);
  TRY(ReadTable(reader, &ddl));
  if (!external) {
    if (reader.Holds("AS")) return std::nullopt;
    return DdlNotSupported("a table that is not EXTERNAL (Iceberg)");
  }
  TRY(ReadTableClauses(reader, &ddl));
  return std::optional(std::move(ddl));
}

// [SHOW VIEW JSON] AS query: the query is for the engine.
Parsed ReadQueryOfView(TokenReader& reader, std::string_view sql, Ddl ddl) {
  TRY(reader.Expect("AS"));
  if (reader.done()) return Mismatched("the view's query is missing");
  ddl.query = sql.substr(reader.offset(), reader.end() - reader.offset());
  return std::optional(std::move(ddl));
}

// CREATE [OR REPLACE] VIEW view AS query
Parsed ReadCreateView(TokenReader& reader, std::string_view sql, bool replace) {
  Ddl ddl{.verb = DdlVerb::kCreateView, .replace = replace};
  TRY(ReadTable(reader, &ddl));
  return ReadQueryOfView(reader, sql, std::move(ddl));
}

// CREATE [OR REPLACE] PROTECTED MULTI DIALECT VIEW view SECURITY DEFINER [SHOW VIEW JSON] AS query
Parsed ReadCreateDefinerView(TokenReader& reader, std::string_view sql, bool replace) {
  Ddl ddl{.verb = DdlVerb::kCreateDefinerView, .replace = replace};
  TRY(ReadTable(reader, &ddl));
  TRY(reader.Expect("SECURITY"));
  TRY(reader.Expect("DEFINER"));
  ddl.dry = reader.TakeAll({"SHOW", "VIEW", "JSON"});
  return ReadQueryOfView(reader, sql, std::move(ddl));
}

// ALTER VIEW view [FORCE] ADD | UPDATE DIALECT [SHOW VIEW JSON] AS query; ALTER VIEW view DROP DIALECT
Parsed ReadAlterView(TokenReader& reader, std::string_view sql) {
  Ddl ddl{.verb = DdlVerb::kAlterDialect};
  TRY(ReadTable(reader, &ddl));
  ddl.force = reader.Take("FORCE");
  if (reader.Take("ADD")) {
    ddl.action = "ADD";
  } else if (reader.Take("UPDATE")) {
    ddl.action = "REPLACE";
  } else {
    TRY(reader.Expect("DROP"));
    ddl.action = "DROP";
  }
  TRY(reader.Expect("DIALECT"));
  if (ddl.action == "DROP") return Whole(reader, std::move(ddl));
  ddl.dry = reader.TakeAll({"SHOW", "VIEW", "JSON"});
  return ReadQueryOfView(reader, sql, std::move(ddl));
}

Parsed ReadCreate(TokenReader& reader, std::string_view sql) {
  if (reader.TakeAny({"DATABASE", "SCHEMA"})) return ReadCreateDatabase(reader);
  if (reader.TakeAll({"EXTERNAL", "TABLE"})) return ReadCreateTable(reader, true);
  if (reader.Take("TABLE")) return ReadCreateTable(reader, false);
  const bool replace = reader.TakeAll({"OR", "REPLACE"});
  if (reader.Take("VIEW")) return ReadCreateView(reader, sql, replace);
  if (reader.TakeAll({"PROTECTED", "MULTI", "DIALECT", "VIEW"})) return ReadCreateDefinerView(reader, sql, replace);
  return std::nullopt;
}

Parsed ReadDrop(TokenReader& reader) {
  Ddl ddl;
  if (reader.TakeAny({"DATABASE", "SCHEMA"})) {
    ddl.verb = DdlVerb::kDropDatabase;
    ddl.tolerant = IfExists(reader);
    TRY(ReadDatabase(reader, &ddl));
    ddl.cascade = reader.Take("CASCADE");
    reader.Take("RESTRICT");
    return Whole(reader, std::move(ddl));
  }
  if (reader.Take("TABLE")) {
    ddl.verb = DdlVerb::kDropTable;
  } else if (reader.Take("VIEW")) {
    ddl.verb = DdlVerb::kDropView;
  } else {
    return std::nullopt;
  }
  ddl.tolerant = IfExists(reader);
  TRY(ReadTable(reader, &ddl));
  return Whole(reader, std::move(ddl));
}

// ADD [IF NOT EXISTS] PARTITION (…) [LOCATION text] …
Parsed ReadAddPartitions(TokenReader& reader, Ddl ddl) {
  ddl.verb = DdlVerb::kAddPartitions;
  do {
    TRY_ASSIGN(PartitionSpec partition, ReadPartition(reader));
    if (reader.Take("LOCATION")) {
      TRY_ASSIGN(partition.location, reader.Text("a place"));
    }
    ddl.partitions.push_back(std::move(partition));
    reader.Take(",");
  } while (!reader.done());
  return std::optional(std::move(ddl));
}

// DROP [IF EXISTS] PARTITION (…), PARTITION (…); DROP COLUMN name
Parsed ReadDropOfTable(TokenReader& reader, Ddl ddl) {
  if (reader.Take("COLUMN")) {
    ddl.verb = DdlVerb::kDropColumn;
    TRY_ASSIGN(ddl.column, reader.Name("a column's name"));
    return Whole(reader, std::move(ddl));
  }
  ddl.verb = DdlVerb::kDropPartitions;
  ddl.tolerant = IfExists(reader);
  do {
    TRY_ASSIGN(ddl.partitions.emplace_back(), ReadPartition(reader));
  } while (reader.Take(","));
  return Whole(reader, std::move(ddl));
}

// CHANGE [COLUMN] old new type [COMMENT text] [FIRST | AFTER column]
Parsed ReadChange(TokenReader& reader, Ddl ddl) {
  ddl.verb = DdlVerb::kChangeColumn;
  reader.Take("COLUMN");
  TRY_ASSIGN(ddl.column, reader.Name("a column's name"));
  TRY_ASSIGN(ddl.columns.emplace_back(), ReadColumn(reader));
  if (reader.Take("FIRST")) {
    ddl.after = "";
  } else if (reader.Take("AFTER")) {
    TRY_ASSIGN(ddl.after, reader.Name("a column's name"));
  }
  return Whole(reader, std::move(ddl));
}

// UNSET TBLPROPERTIES [IF EXISTS] ('name', …), from behind UNSET.
Parsed ReadUnset(TokenReader& reader, Ddl ddl) {
  ddl.verb = DdlVerb::kUnsetProperties;
  TRY(reader.Expect("TBLPROPERTIES"));
  ddl.tolerant = IfExists(reader);
  TRY(reader.Expect("("));
  do {
    TRY_ASSIGN(ddl.names.emplace_back(), reader.Text("a property's name"));
  } while (reader.Take(","));
  TRY(reader.Expect(")"));
  return Whole(reader, std::move(ddl));
}

// What may follow ALTER TABLE name PARTITION (…).
Parsed ReadAlterPartition(TokenReader& reader, Ddl ddl) {
  TRY_ASSIGN(ddl.partitions.emplace_back(), ReadPartition(reader));
  if (reader.TakeAll({"RENAME", "TO"})) {
    ddl.verb = DdlVerb::kRenamePartition;
    TRY_ASSIGN(ddl.partitions.emplace_back(), ReadPartition(reader));
    return Whole(reader, std::move(ddl));
  }
  if (reader.TakeAll({"SET", "LOCATION"})) {
    ddl.verb = DdlVerb::kSetLocation;
    TRY_ASSIGN(ddl.location, reader.Text("a place"));
    return Whole(reader, std::move(ddl));
  }
  return DdlNotSupported("ALTER TABLE … PARTITION with anything but RENAME TO and SET LOCATION");
}

Parsed ReadAlterTable(TokenReader& reader) {
  Ddl ddl;
  TRY(ReadTable(reader, &ddl));
  if (reader.TakeAll({"ADD", "COLUMNS"})) {
    ddl.verb = DdlVerb::kAddColumns;
    TRY_ASSIGN(ddl.columns, ReadColumns(reader));
  } else if (reader.TakeAll({"REPLACE", "COLUMNS"})) {
    ddl.verb = DdlVerb::kReplaceColumns;
    TRY_ASSIGN(ddl.columns, ReadColumns(reader));
  } else if (reader.TakeAll({"SET", "TBLPROPERTIES"})) {
    ddl.verb = DdlVerb::kSetProperties;
    TRY_ASSIGN(ddl.properties, ReadProperties(reader));
  } else if (reader.TakeAll({"SET", "LOCATION"})) {
    ddl.verb = DdlVerb::kSetLocation;
    TRY_ASSIGN(ddl.location, reader.Text("a place"));
  } else if (reader.Take("ADD")) {
    ddl.tolerant = IfNotExists(reader);
    return ReadAddPartitions(reader, std::move(ddl));
  } else if (reader.Take("DROP")) {
    return ReadDropOfTable(reader, std::move(ddl));
  } else if (reader.Take("CHANGE")) {
    return ReadChange(reader, std::move(ddl));
  } else if (reader.Take("UNSET")) {
    return ReadUnset(reader, std::move(ddl));
  } else if (reader.TakeAll({"RENAME", "TO"})) {
    return DdlNotSupported("ALTER TABLE … RENAME TO");  // Athena has it not either: grants hang on the table.
  } else {
    return ReadAlterPartition(reader, std::move(ddl));
  }
  return Whole(reader, std::move(ddl));
}

// ALTER DATABASE name SET DBPROPERTIES (…)
Parsed ReadAlterDatabase(TokenReader& reader) {
  Ddl ddl{.verb = DdlVerb::kAlterDatabase};
  TRY(ReadDatabase(reader, &ddl));
  TRY(reader.Expect("SET"));
  TRY(reader.Expect("DBPROPERTIES"));
  TRY_ASSIGN(ddl.properties, ReadProperties(reader));
  return Whole(reader, std::move(ddl));
}

}  // namespace

Result<std::optional<Ddl>> ParseDdl(std::string_view sql) {
  TokenReader reader(Tokens(sql, Quotes::kHive, kDdlTokensMax));
  if (reader.Take("SHOW")) return ReadShow(reader);
  if (reader.TakeAny({"DESCRIBE", "DESC"})) return ReadDescribe(reader);
  if (reader.Take("CREATE")) return ReadCreate(reader, sql);
  if (reader.Take("DROP")) return ReadDrop(reader);
  if (reader.TakeAll({"ALTER", "TABLE"})) return ReadAlterTable(reader);
  if (reader.TakeAll({"ALTER", "VIEW"})) return ReadAlterView(reader, sql);
  if (reader.TakeAll({"ALTER", "DATABASE"}) || reader.TakeAll({"ALTER", "SCHEMA"})) return ReadAlterDatabase(reader);
  if (reader.TakeAll({"MSCK", "REPAIR", "TABLE"})) return ReadNamed(reader, DdlVerb::kRepairTable);
  return std::nullopt;
}

}  // namespace hanse::query
