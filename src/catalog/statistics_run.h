#pragma once
#include <map>
#include <stop_token>

#include "catalog/column_statistics.h"
#include "catalog/partition.h"
#include "catalog/statistics_rows.h"
#include "catalog/statistics_sql.h"
#include "catalog/table.h"

namespace hanse::catalog {

// Queries over one table by the road of all queries. query/ and engine/ have them, server/ connects it. Any thread.
class TableReader {
 public:
  virtual ~TableReader() = default;
  struct Question {
    std::string database, table;
    std::vector<std::string> columns;  // That `sql` reads.
    std::string sql;                   // Over that table alone.
  };
  // The answer as the engine's text. kAccessDenied unless the caller of `as` reads those columns whole: no filter of rows or
  // cells stands before them. kTimeout where it was stopped. No error quotes a value.
  virtual Result<std::vector<AnswerRow>> Ask(const gate::Context& as, const Question& question, const std::stop_token& stop) = 0;
};

// What a run works with; all of it outlives the run.
struct StatisticsParts {
  const gate::Gate& gate;
  const Tables& tables;
  const Partitions& partitions;
  const ColumnStatistics& statistics;
  TableReader& reader;
  const Clock& clock;
  Random& random;
};

// One run of a task. THE SECURITY RULE: it has no rights of its own. It reads the table, its columns and its rows as its role and
// writes what it found as its role (ALTER), each step through the gate; a role that sees a part of a column measures none of it,
// because statistics are told to whoever reads the column whole.
class StatisticsTaskRun {
 public:
  static constexpr std::int64_t kExactRowsMax = 1'000'000;      // Of larger tables distinct values are estimated.
  static constexpr std::size_t kMeasuredPartitionsMax = 1'000;  // Of tables with more, partitions get no statistics of their own.

  // `role`: the session of the task's role.
  StatisticsTaskRun(const StatisticsParts& parts, const StatisticsRun& run, Caller role, std::stop_token stop)
      : parts_(parts), run_(run), role_(std::move(role)), stop_(std::move(stop)) {}
  Result<void> Run();

 private:
  // What is measured of the table as the role is shown it: the columns that were asked for, or all.
  Result<StatisticsQuery> QueryOver(const wire::glue::Table& table) const;
  Result<void> MeasureTable(const StatisticsQuery& query);
  Result<void> MeasurePartitions(const wire::glue::Table& table, StatisticsQuery query);
  // The values of the partitions by the text in which the engine tells them; nothing where there are too many.
  Result<std::map<std::vector<std::string>, std::vector<std::string>>> PartitionsByText(const wire::glue::Table& table);
  Result<std::vector<AnswerRow>> Ask(const StatisticsQuery& query);
  template <class Op, class Service>
  Result<typename Op::Answer> Ask(const Op& op, const Service& service);

  StatisticsParts parts_;
  const StatisticsRun& run_;
  Caller role_;
  std::stop_token stop_;
};

}  // namespace hanse::catalog
