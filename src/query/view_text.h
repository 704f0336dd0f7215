#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/query_job.h"

namespace hanse::query {

// A view as Athena stores it in the catalog: its text and the database of the unqualified names in it (lakeformation.md 7.1).
struct ViewText {
  std::string sql;
  std::string database;
  std::vector<engine::ResultColumn> columns;  // With their whole types in Trino's words.
};

inline constexpr std::string_view kViewExpandedText = "/* Presto View */";

// "/* Presto View: base64 of JSON */", of ViewOriginalText. Pure.
std::string WriteViewText(const ViewText& view);
// kInvalidArgument where it is no such text: other engines' views are not read.
Result<ViewText> ReadViewText(std::string_view original_text);

// "array(row(x integer))" is "array<struct<x:int>>". What Hive has no type for is a string.
std::string HiveTypeOf(std::string_view trino_type);

}  // namespace hanse::query
