#include "query/execution_store.h"

#include "wire/json.h"

namespace hanse::query {

namespace athena = wire::athena;

namespace {

// AthenaError.ErrorType (Athena User Guide, "Athena error catalog"; lakeformation.md 8.1).
int ErrorTypeOf(const engine::QueryOutcome& outcome) {
  if (outcome.state == engine::QueryState::kCancelled) return 1011;
  if (outcome.type == "TABLE_NOT_FOUND") return 1110;
  if (outcome.type == "SYNTAX_ERROR") return 1006;
  if (outcome.type == "PERMISSION_DENIED") return 1500;
  return outcome.category == engine::ErrorCategory::kUser ? 1301 : 1;
}

}  // namespace

Result<std::optional<Execution>> FindExecution(store::Transaction& tx, const std::string& id) {
  // Who waits for a query asks again and again, and mostly nothing has changed.
  TRY_ASSIGN(auto row,
             tx.RecallMaybe("SELECT id, account, region, workgroup, state, caller, definition, columns, output_rows, output_bytes, "
                            "row_filtered FROM executions WHERE id = ?",
                            {id}));
  if (!row) return std::optional<Execution>();
  Execution execution{row->Text(0), row->Text(1), row->Text(2), row->Text(3), row->Text(4),     row->Text(5),
                      {},           {},           row->Int(8),  row->Int(9),  row->Int(10) != 0};
  TRY_ASSIGN(execution.definition, wire::FromJson<athena::QueryExecution>(row->Text(6)));
  TRY_ASSIGN(auto metadata, wire::FromJson<athena::ResultSetMetadata>(row->Text(7)));
  if (metadata.column_info) execution.columns = std::move(*metadata.column_info);
  return std::optional<Execution>(std::move(execution));
}

Result<void> InsertExecution(store::Transaction& tx, const Execution& execution, const std::string& token) {
  TRY_ASSIGN(Id number, tx.NewId());
  TRY(tx.Execute(
      "INSERT INTO executions (id, number, account, region, workgroup, state, token, caller, definition, columns, output_rows, "
      "output_bytes, row_filtered) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '{}', -1, 0, 0)",
      {execution.id, number, execution.account, execution.region, execution.workgroup, execution.state, token, execution.caller,
       wire::ToJson(execution.definition)}));
  return {};
}

Result<void> UpdateExecution(store::Transaction& tx, const Execution& execution) {
  athena::ResultSetMetadata metadata{.column_info = execution.columns};
  TRY_ASSIGN(std::int64_t changed,
             tx.Execute("UPDATE executions SET state = ?, definition = ?, columns = ?, output_rows = ?, output_bytes = ?, "
                        "row_filtered = ? WHERE id = ? AND state IN ('QUEUED', 'RUNNING')",
                        {execution.state, wire::ToJson(execution.definition), wire::ToJson(metadata), execution.output_rows,
                         execution.output_bytes, std::int64_t{execution.filtered ? 1 : 0}, execution.id}));
  if (changed != 1) return Fail(ErrorCode::kConflict, "the execution is over");
  return {};
}

void SetState(Execution* execution, const std::string& state, TimeMs now_ms, const std::string& reason) {
  if (execution->ended()) return;
  execution->state = state;
  athena::QueryExecutionStatus& status = *execution->definition.status;
  status.state = state;
  if (!reason.empty()) status.state_change_reason = reason;
  if (!execution->ended()) return;
  status.completion_date_time = wire::Timestamp{now_ms};
  std::int64_t took_ms = now_ms - status.submission_date_time->ms;
  athena::QueryExecutionStatistics& statistics = *execution->definition.statistics;
  statistics.total_execution_time_in_millis = took_ms;
  if (!statistics.engine_execution_time_in_millis) statistics.engine_execution_time_in_millis = took_ms;
}

void SetOutcome(Execution* execution, const engine::QueryOutcome& outcome, TimeMs now_ms) {
  athena::QueryExecutionStatistics& statistics = *execution->definition.statistics;
  statistics.data_scanned_in_bytes = static_cast<std::int64_t>(outcome.scanned_bytes);
  statistics.query_planning_time_in_millis = static_cast<std::int64_t>(outcome.planning_ms);
  switch (outcome.state) {
    case engine::QueryState::kSucceeded: SetState(execution, "SUCCEEDED", now_ms); return;
    case engine::QueryState::kCancelled: SetState(execution, "CANCELLED", now_ms, outcome.message); return;
    case engine::QueryState::kFailed: break;
  }
  execution->definition.status->athena_error = athena::AthenaError{.error_category = static_cast<int>(outcome.category),
                                                                   .error_type = ErrorTypeOf(outcome),
                                                                   .retryable = false,
                                                                   .error_message = outcome.message};
  SetState(execution, "FAILED", now_ms, outcome.message);
}

}  // namespace hanse::query
