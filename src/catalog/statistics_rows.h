#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "store/directory.h"
#include "wire/glue.h"

// The rows of tasks that compute the statistics of a table's columns: settings, one a table, and runs. Both go with their table.
namespace hanse::catalog {

// The settings of a table. `definition` is what clients see but for names and state of the schedule.
struct StatisticsSettings {
  Id table = 0;
  std::string schedule;  // "cron(…)" while it is scheduled, else "".
  wire::glue::ColumnStatisticsTaskSettings definition;
};
Result<std::optional<StatisticsSettings>> FindStatisticsSettings(store::Transaction& tx, Id table);
Result<void> KeepStatisticsSettings(store::Transaction& tx, const StatisticsSettings& settings);
Result<void> DeleteStatisticsSettings(store::Transaction& tx, Id table);

// A run. `state`: STARTING, RUNNING, STOPPING, SUCCEEDED, FAILED, STOPPED.
struct StatisticsRun {
  Id id = 0, table = 0;
  AccountId account;
  std::string region, state;
  wire::glue::ColumnStatisticsTaskRun definition;
  bool going() const { return state == "STARTING" || state == "RUNNING" || state == "STOPPING"; }
};
// A run of the table that has not begun: BeginStatisticsRun() does.
StatisticsRun NewStatisticsRun(const store::TableRow& table, std::string run_id);
// As clients see it.
wire::glue::ColumnStatisticsTaskRun ShownRun(const StatisticsRun& run);
Result<std::optional<StatisticsRun>> FindStatisticsRun(store::Transaction& tx, Id id);
Result<std::optional<StatisticsRun>> FindStatisticsRunByName(store::Transaction& tx, std::string_view account,
                                                             std::string_view region, std::string_view run_id);
// The newest first, those before `before`.
Result<std::vector<StatisticsRun>> StatisticsRunsOf(store::Transaction& tx, Id table, std::int64_t before, std::int64_t limit);
Result<std::vector<StatisticsRun>> StatisticsRunsOf(store::Transaction& tx, std::string_view account, std::string_view region,
                                                    std::int64_t before, std::int64_t limit);

// Begins a run of the table; `run` is completed (id, state). FailAs ColumnStatisticsTaskRunningException where one goes on.
Result<void> BeginStatisticsRun(store::Transaction& tx, StatisticsRun* run, TimeMs now_ms);
Result<void> SetStatisticsRunState(store::Transaction& tx, StatisticsRun* run, std::string_view state, TimeMs now_ms,
                                   std::string_view message = {});
// Ends the runs that were going on when the server stopped.
Result<void> EndInterruptedStatisticsRuns(store::Transaction& tx, TimeMs now_ms);

}  // namespace hanse::catalog
