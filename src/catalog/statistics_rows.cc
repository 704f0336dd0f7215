#include "catalog/statistics_rows.h"

#include "wire/json.h"

namespace hanse::catalog {
namespace {

constexpr std::size_t kRunMessageBytesMax = 2'048;
constexpr std::string_view kSelectRun = "SELECT id, table_id, account, region, state, definition FROM catalog_statistics_runs ";

Result<std::vector<StatisticsRun>> ReadRuns(Result<std::vector<store::Row>> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  std::vector<StatisticsRun> runs;
  for (const store::Row& row : *rows) {
    StatisticsRun run{.id = row.Int(0), .table = row.Int(1), .account = row.Text(2), .region = row.Text(3), .state = row.Text(4)};
    TRY_ASSIGN(run.definition, wire::FromJson<wire::glue::ColumnStatisticsTaskRun>(row.Text(5)));
    runs.push_back(std::move(run));
  }
  return runs;
}

Result<std::optional<StatisticsRun>> FirstRun(Result<std::vector<store::Row>> rows) {
  TRY_ASSIGN(auto runs, ReadRuns(std::move(rows)));
  if (runs.empty()) return std::optional<StatisticsRun>();
  return std::optional(std::move(runs.front()));
}

}  // namespace

Result<std::optional<StatisticsSettings>> FindStatisticsSettings(store::Transaction& tx, Id table) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT schedule, definition FROM catalog_statistics_settings WHERE table_id = ?", {table}));
  if (!row) return std::optional<StatisticsSettings>();
  StatisticsSettings settings{.table = table, .schedule = row->Text(0)};
  TRY_ASSIGN(settings.definition, wire::FromJson<wire::glue::ColumnStatisticsTaskSettings>(row->Text(1)));
  return std::optional(std::move(settings));
}

Result<void> KeepStatisticsSettings(store::Transaction& tx, const StatisticsSettings& settings) {
  TRY(
      tx.Execute("INSERT INTO catalog_statistics_settings (table_id, schedule, definition) VALUES (?, ?, ?) ON CONFLICT (table_id) "
                 "DO UPDATE SET schedule = excluded.schedule, definition = excluded.definition",
                 {settings.table, settings.schedule, wire::ToJson(settings.definition)}));
  return {};
}

Result<void> DeleteStatisticsSettings(store::Transaction& tx, Id table) {
  TRY(tx.Execute("DELETE FROM catalog_statistics_settings WHERE table_id = ?", {table}));
  return {};
}

StatisticsRun NewStatisticsRun(const store::TableRow& table, std::string run_id) {
  StatisticsRun run{.table = table.id, .account = table.account, .region = table.region};
  run.definition = {.customer_id = table.account,
                    .column_statistics_task_run_id = std::move(run_id),
                    .database_name = table.database_name,
                    .table_name = table.name,
                    .catalog_id = table.account,
                    .computation_type = "FULL"};
  return run;
}

wire::glue::ColumnStatisticsTaskRun ShownRun(const StatisticsRun& run) {
  wire::glue::ColumnStatisticsTaskRun shown = run.definition;
  shown.status = run.state == "STOPPING" ? "RUNNING" : run.state;
  return shown;
}

Result<std::optional<StatisticsRun>> FindStatisticsRun(store::Transaction& tx, Id id) {
  return FirstRun(tx.Query(std::string(kSelectRun) + "WHERE id = ?", {id}));
}

Result<std::optional<StatisticsRun>> FindStatisticsRunByName(store::Transaction& tx, std::string_view account,
                                                             std::string_view region, std::string_view run_id) {
  return FirstRun(tx.Query(std::string(kSelectRun) + "WHERE run_id = ? AND account = ? AND region = ?",
                           {std::string(run_id), std::string(account), std::string(region)}));
}

Result<std::vector<StatisticsRun>> StatisticsRunsOf(store::Transaction& tx, Id table, std::int64_t before, std::int64_t limit) {
  return ReadRuns(
      tx.Query(std::string(kSelectRun) + "WHERE table_id = ? AND id < ? ORDER BY id DESC LIMIT ?", {table, before, limit}));
}

Result<std::vector<StatisticsRun>> StatisticsRunsOf(store::Transaction& tx, std::string_view account, std::string_view region,
                                                    std::int64_t before, std::int64_t limit) {
  return ReadRuns(tx.Query(std::string(kSelectRun) + "WHERE account = ? AND region = ? AND id < ? ORDER BY id DESC LIMIT ?",
                           {std::string(account), std::string(region), before, limit}));
}

Result<void> BeginStatisticsRun(store::Transaction& tx, StatisticsRun* run, TimeMs now_ms) {
  TRY_ASSIGN(auto last, StatisticsRunsOf(tx, run->table, INT64_MAX, 1));
  if (!last.empty() && last.front().going()) {
    return FailAs(ErrorCode::kConflict, "ColumnStatisticsTaskRunningException",
                  "A column statistics task of this table is running already.");
  }
  TRY_ASSIGN(run->id, tx.NewId());
  run->state = "STARTING";
  run->definition.creation_time = run->definition.last_updated = wire::Timestamp{now_ms};
  TRY(
      tx.Execute("INSERT INTO catalog_statistics_runs (id, table_id, account, region, run_id, state, definition) VALUES "
                 "(?, ?, ?, ?, ?, ?, ?)",
                 {run->id, run->table, run->account, run->region, run->definition.column_statistics_task_run_id.value_or(""),
                  run->state, wire::ToJson(run->definition)}));
  return {};
}

Result<void> SetStatisticsRunState(store::Transaction& tx, StatisticsRun* run, std::string_view state, TimeMs now_ms,
                                   std::string_view message) {
  run->state = state;
  run->definition.last_updated = wire::Timestamp{now_ms};
  if (state == "RUNNING") run->definition.start_time = wire::Timestamp{now_ms};
  if (!run->going()) run->definition.end_time = wire::Timestamp{now_ms};
  if (!message.empty()) run->definition.error_message = std::string(message.substr(0, kRunMessageBytesMax));
  TRY(tx.Execute("UPDATE catalog_statistics_runs SET state = ?, definition = ? WHERE id = ?",
                 {run->state, wire::ToJson(run->definition), run->id}));
  return {};
}

Result<void> EndInterruptedStatisticsRuns(store::Transaction& tx, TimeMs now_ms) {
  TRY_ASSIGN(auto runs, ReadRuns(tx.Query(std::string(kSelectRun) + "WHERE state IN ('STARTING', 'RUNNING', 'STOPPING')", {})));
  for (StatisticsRun& run : runs) {
    const bool asked = run.state == "STOPPING";
    TRY(SetStatisticsRunState(tx, &run, asked ? "STOPPED" : "FAILED", now_ms, asked ? "" : "The server stopped during the run."));
  }
  return {};
}

}  // namespace hanse::catalog
