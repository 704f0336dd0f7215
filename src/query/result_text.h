#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/query_job.h"
#include "wire/athena.h"

// The files that Athena writes for an answer (lakeformation.md 8.3). Pure.
namespace hanse::query {

// One record of the .csv: every field quoted, NULL empty without quotes, "\n" at the end.
void AppendCsv(const engine::ResultRow& row, std::string* text);
// Reads the record that begins at *at and moves past it; false where it is not whole (the end of what was read, or damage).
bool ReadCsv(std::string_view text, std::size_t* at, engine::ResultRow* row);
// The .metadata beside it, which JDBC and ODBC drivers read: protocol buffers with the query's id and its columns.
std::string MetadataFile(const std::string& query_id, const std::vector<wire::athena::ColumnInfo>& columns);
std::vector<wire::athena::ColumnInfo> ColumnInfos(const std::vector<engine::ResultColumn>& columns);

}  // namespace hanse::query
