#include "catalog/statistics_runner.h"

#include <fmt/format.h>

#include "base/log.h"
#include "catalog/definition.h"
#include "catalog/passed_role.h"
#include "catalog/schedule.h"

namespace hanse::catalog {

Result<void> StatisticsRunner::Start() {
  TRY_ASSIGN(auto tx, store_.BeginWrite());
  TRY(EndInterruptedStatisticsRuns(*tx, parts_.clock.NowMs()));
  TRY(tx->Commit());
  tx.reset();
  background_.Start(1);
  return {};
}

void StatisticsRunner::RunOne(Id id, const std::stop_token& stop) {
  StatisticsRun run{.id = id};
  Caller role;
  Result<void> done = Begin(&run, &role);
  if (done && run.state.empty()) return;  // It went with its table.
  if (done && run.state == "RUNNING") done = StatisticsTaskRun(parts_, run, std::move(role), stop).Run();
  auto ended = End(id, done, stop.stop_requested());
  if (!ended) spdlog::error("the end of statistics run {} is not recorded: {}", id, ended.error().message);
}

Result<void> StatisticsRunner::Begin(StatisticsRun* run, Caller* role) {
  TRY_ASSIGN(auto tx, store_.BeginWrite());
  TRY_ASSIGN(auto row, FindStatisticsRun(*tx, run->id));
  if (!row) return {};
  *run = std::move(*row);
  if (run->state != "STARTING") return {};
  TRY_ASSIGN(std::string arn, RoleArnOf(*tx, run->account, run->definition.role.value_or("")));
  auto session = roles_.Assume(*tx, arn, kGlueService);
  if (!session) return Fail(ErrorCode::kAccessDenied, fmt::format("Service is unable to assume role {}.", arn));
  *role = std::move(*session);
  TRY(SetStatisticsRunState(*tx, run, "RUNNING", parts_.clock.NowMs()));
  return tx->Commit();
}

Result<void> StatisticsRunner::End(Id id, const Result<void>& done, bool stopped) {
  TRY_ASSIGN(auto tx, store_.BeginWrite());
  TRY_ASSIGN(auto run, FindStatisticsRun(*tx, id));
  if (!run || !run->going()) return {};
  std::string_view state = "SUCCEEDED";
  std::string message;
  if (run->state == "STOPPING") {
    state = "STOPPED";
  } else if (!done) {
    state = "FAILED";
    message =
        stopped ? "The server stopped during the run."
                : fmt::format("{}: {}",
                              done.error().code == ErrorCode::kAccessDenied ? "AccessDeniedException" : GlueErrorCode(done.error()),
                              done.error().message);
  }
  TRY(SetStatisticsRunState(*tx, &*run, state, parts_.clock.NowMs(), message));
  return tx->Commit();
}

Result<void> StatisticsRunner::StartDue(TimeMs now_ms) {
  TRY_ASSIGN(auto read, store_.BeginRead());
  TRY_ASSIGN(auto rows, read->Query("SELECT table_id, schedule FROM catalog_statistics_settings WHERE schedule <> ''"));
  read.reset();
  for (const store::Row& row : rows) {
    auto schedule = Schedule::Parse(row.Text(1));
    if (schedule && schedule->Fires(now_ms)) TRY(StartOne(row.Int(0), now_ms));
  }
  return {};
}

Result<void> StatisticsRunner::StartOne(Id table_id, TimeMs now_ms) {
  TRY_ASSIGN(auto tx, store_.BeginWrite());
  TRY_ASSIGN(auto settings, FindStatisticsSettings(*tx, table_id));
  TRY_ASSIGN(auto table, store::FindTableById(*tx, table_id));
  if (!settings || !table) return {};
  const auto& set = settings->definition;
  StatisticsRun run = NewStatisticsRun(*table, parts_.random.Uuid());
  run.definition.role = set.role;
  run.definition.column_name_list = set.column_name_list;
  run.definition.sample_size = set.sample_size;
  auto begun = BeginStatisticsRun(*tx, &run, now_ms);
  if (!begun && begun.error().code != ErrorCode::kConflict) return std::unexpected(std::move(begun).error());
  wire::glue::ExecutionAttempt attempt{.status = begun ? "STARTED" : "FAILED", .execution_timestamp = wire::Timestamp{now_ms}};
  if (begun) attempt.column_statistics_task_run_id = run.definition.column_statistics_task_run_id;
  if (!begun) attempt.error_message = begun.error().message;
  settings->definition.last_execution_attempt = std::move(attempt);
  TRY(KeepStatisticsSettings(*tx, *settings));
  TRY(tx->Commit());
  if (begun) Enqueue(run.id);
  return {};
}

}  // namespace hanse::catalog
