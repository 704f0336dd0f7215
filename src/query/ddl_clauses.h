#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/ddl_parse.h"
#include "query/tokens.h"

// The parts that statements about the catalog share. Each reads what stands at the reader's place; kInvalidArgument where it is
// broken. Source: Athena User Guide, "CREATE TABLE", "ALTER TABLE …", "Data types".
namespace hanse::query {

// [catalog.][database.]table
Result<void> ReadTable(TokenReader& reader, Ddl* ddl);
Result<void> ReadDatabase(TokenReader& reader, Ddl* ddl);
// "array<struct<a:int,b:decimal(10,2)>>", in lower case, as the catalog keeps it.
Result<std::string> ReadType(TokenReader& reader);
// (name type [COMMENT text], …)
Result<std::vector<wire::glue::Column>> ReadColumns(TokenReader& reader);
Result<wire::glue::Column> ReadColumn(TokenReader& reader);
// (name, …)
Result<std::vector<std::string>> ReadNames(TokenReader& reader);
// ('key' = 'value', …)
Result<Properties> ReadProperties(TokenReader& reader);
// PARTITION (key = value, …) [LOCATION text]
Result<PartitionSpec> ReadPartition(TokenReader& reader);

// What follows CREATE [EXTERNAL] TABLE [IF NOT EXISTS] name.
Result<void> ReadTableClauses(TokenReader& reader, Ddl* ddl);

// How the files of a format are read and written; nothing for a name that is none. (lakeformation.md 7.1)
struct FileFormat {
  std::string_view name, input, output, serde;
};
std::optional<FileFormat> FormatNamed(std::string_view name);

}  // namespace hanse::query
