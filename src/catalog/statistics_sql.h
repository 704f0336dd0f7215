#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/glue.h"

// Statistics of columns as queries, and answers of queries as statistics. Source: AWS Glue API Reference, "ColumnStatisticsData".
// Pure.
namespace hanse::catalog {

// A column whose type has statistics.
struct MeasuredColumn {
  std::string name, type;  // The type as the catalog has it: "decimal(10,2)".
  std::string kind;        // "LONG", "STRING" … (ColumnStatisticsType)
};
// Nothing of types that have none: arrays, maps, structures.
std::optional<MeasuredColumn> Measurable(std::string_view name, std::string_view type);

// How a query counts distinct values: exactly, or by an estimate that needs little memory however many there are.
enum class Distinct { kExact, kEstimated };

// What is asked about a table.
struct StatisticsQuery {
  std::string database, table;
  std::vector<MeasuredColumn> columns;
  std::vector<std::string> group_by;  // Partition keys: a row for each partition; empty: one row.
  double percent = 0;                 // Of the rows, drawn by lot; 0: all.
  Distinct distinct = Distinct::kExact;
};
// Its text in the engine's dialect. The answer: a column for each of `group_by`, the number of rows, and what `columns` need.
std::string SqlOf(const StatisticsQuery& query);

// A row of the answer to that text; nothing is NULL.
using AnswerRow = std::vector<std::optional<std::string>>;
// Counts of a part of the rows are scaled up to all. kInternal where the row is not of that query.
Result<std::vector<wire::glue::ColumnStatistics>> StatisticsOf(const StatisticsQuery& query,
                                                               std::span<const std::optional<std::string>> row, wire::Timestamp at);

std::string QuotedName(std::string_view name);

}  // namespace hanse::catalog
