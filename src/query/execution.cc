#include "query/execution.h"

#include <fmt/format.h>

#include "query/page.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

// The caller's own; in another account there is no such execution.
Result<Execution> Read(store::Transaction& tx, const gate::Context& context, const std::string& id) {
  TRY_ASSIGN(auto execution, FindExecution(tx, id));
  if (!execution || execution->account != context.caller.account || execution->region != context.info.region) {
    return Invalid(fmt::format("QueryExecution {} was not found", id));
  }
  return std::move(*execution);
}

}  // namespace

Result<std::vector<gate::Need>> OnExecution(const gate::Context& context, store::Transaction& tx, std::string_view operation,
                                            const std::string& id) {
  TRY_ASSIGN(auto own, tx.RecallMaybe("SELECT workgroup FROM executions WHERE id = ? AND account = ? AND region = ?",
                                      {id, context.caller.account, context.info.region}));
  return OnWorkGroup(context, operation, own ? own->Text(0) : std::string(kPrimary));
}

Result<std::vector<gate::Need>> GetQueryExecution::On(const gate::Context& context, store::Transaction& tx) const {
  return OnExecution(context, tx, kRule.name, *in.query_execution_id);
}
Result<std::vector<gate::Need>> GetQueryRuntimeStatistics::On(const gate::Context& context, store::Transaction& tx) const {
  return OnExecution(context, tx, kRule.name, *in.query_execution_id);
}
Result<std::vector<gate::Need>> StopQueryExecution::On(const gate::Context& context, store::Transaction& tx) const {
  return OnExecution(context, tx, kRule.name, *in.query_execution_id);
}
Result<std::vector<gate::Need>> BatchGetQueryExecution::On(const gate::Context& context, store::Transaction& tx) const {
  std::vector<gate::Need> needs;
  for (const std::string& id : *in.query_execution_ids) {
    TRY_ASSIGN(auto more, OnExecution(context, tx, kRule.name, id));
    needs.insert(needs.end(), more.begin(), more.end());
  }
  return needs;
}
Result<std::vector<gate::Need>> ListQueryExecutions::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, in.work_group.value_or(std::string(kPrimary)));
}

Result<GetQueryExecution::Answer> Executions::Do(const gate::Authorized<GetQueryExecution>& call) {
  TRY_ASSIGN(Execution execution, Read(call.tx(), call.context(), *call->in.query_execution_id));
  return GetQueryExecution::Answer{.query_execution = std::move(execution.definition)};
}

Result<BatchGetQueryExecution::Answer> Executions::Do(const gate::Authorized<BatchGetQueryExecution>& call) {
  BatchGetQueryExecution::Answer answer{.query_executions = std::vector<athena::QueryExecution>{},
                                        .unprocessed_query_execution_ids = std::vector<athena::UnprocessedQueryExecutionId>{}};
  for (const std::string& id : *call->in.query_execution_ids) {
    auto execution = Read(call.tx(), call.context(), id);
    if (execution) {
      answer.query_executions->push_back(std::move(execution->definition));
    } else {
      answer.unprocessed_query_execution_ids->push_back(
          {.query_execution_id = id, .error_code = "INVALID_QUERY_EXECUTION_ID", .error_message = execution.error().message});
    }
  }
  return answer;
}

Result<ListQueryExecutions::Answer> Executions::Do(const gate::Authorized<ListQueryExecutions>& call) {
  std::int64_t size = call->in.max_results.value_or(50);
  TRY_ASSIGN(std::int64_t offset, Offset(call->in.next_token));
  TRY_ASSIGN(auto rows,
             call.tx().Query("SELECT id FROM executions WHERE account = ? AND region = ? AND workgroup = ? ORDER BY number DESC "
                             "LIMIT ? OFFSET ?",
                             {call.caller().account, call.info().region, call->in.work_group.value_or(std::string(kPrimary)),
                              size + 1, offset}));
  ListQueryExecutions::Answer answer{.query_execution_ids = std::vector<std::string>{}};
  for (const store::Row& row : rows) {
    if (static_cast<std::int64_t>(answer.query_execution_ids->size()) == size) {
      answer.next_token = std::to_string(offset + size);
      break;
    }
    answer.query_execution_ids->push_back(row.Text(0));
  }
  return answer;
}

Result<StopQueryExecution::Answer> Executions::Do(const gate::Authorized<StopQueryExecution>& call) {
  TRY_ASSIGN(Execution execution, Read(call.tx(), call.context(), *call->in.query_execution_id));
  if (execution.ended()) return StopQueryExecution::Answer{};
  execution.definition.status->athena_error =
      athena::AthenaError{.error_category = 2, .error_type = 1011, .retryable = false, .error_message = "Query cancelled by user"};
  SetState(&execution, "CANCELLED", call.now_ms(), "Query cancelled by user");
  TRY(UpdateExecution(call.tx(), execution));
  TRY(runner_.Ended(call.tx(), execution));
  call.AfterCommit([this, id = execution.id] { runner_.Stop(id); });
  return StopQueryExecution::Answer{};
}

Result<GetQueryRuntimeStatistics::Answer> Executions::Do(const gate::Authorized<GetQueryRuntimeStatistics>& call) {
  TRY_ASSIGN(Execution execution, Read(call.tx(), call.context(), *call->in.query_execution_id));
  const athena::QueryExecutionStatistics& known = *execution.definition.statistics;
  athena::QueryRuntimeStatistics statistics{
      .timeline = athena::QueryRuntimeStatisticsTimeline{
          .query_queue_time_in_millis = known.query_queue_time_in_millis,
          .query_planning_time_in_millis = known.query_planning_time_in_millis,
          .engine_execution_time_in_millis = known.engine_execution_time_in_millis,
          .total_execution_time_in_millis = known.total_execution_time_in_millis.value_or(0)}};
  if (!execution.filtered && execution.output_rows >= 0) {
    statistics.rows = athena::QueryRuntimeStatisticsRows{
        .input_bytes = known.data_scanned_in_bytes, .output_bytes = execution.output_bytes, .output_rows = execution.output_rows};
  }
  return GetQueryRuntimeStatistics::Answer{.query_runtime_statistics = std::move(statistics)};
}

}  // namespace hanse::query
