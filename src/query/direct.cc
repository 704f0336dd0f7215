#include "query/direct.h"

#include <algorithm>

#include <fmt/format.h>

#include "query/data_catalog.h"
#include "query/execution.h"
#include "query/grounds.h"
#include "query/workgroup.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

constexpr std::uint64_t kCatalogTimeMs = 60'000;

std::string WorkGroupOfDirect(const athena::StartQueryExecutionInput& in) { return in.work_group.value_or(std::string(kPrimary)); }

athena::StartQueryExecutionInput InputOf(const DirectStatement& statement) {
  athena::StartQueryExecutionInput in{.query_string = statement.sql, .work_group = statement.workgroup};
  if (!statement.database.empty()) in.query_execution_context = athena::QueryExecutionContext{.database = statement.database};
  return in;
}

gate::Context AsAthena(const gate::Context& as, std::string_view operation) {
  gate::Context context = as;
  context.info.service = "athena";
  context.info.operation = operation;
  return context;
}

// As the runner acts: for the caller, on Athena's behalf.
gate::Context Behind(gate::Context as) {
  as.caller.invoked_by = "athena.amazonaws.com";
  return as;
}

}  // namespace

Result<std::vector<gate::Need>> StartDirect::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, WorkGroupOfDirect(in));
}

Result<std::vector<gate::Need>> DescribeDirect::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, StartDirect::kRule.name, WorkGroupOfDirect(in));
}

Result<std::vector<gate::Need>> AskCatalog::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, StartDirect::kRule.name, WorkGroupOfDirect(in));
}

Result<StartDirect::Answer> DirectQueries::Do(const gate::Authorized<StartDirect>& call) {
  TRY_ASSIGN(athena::WorkGroup group, WorkGroups::ReadEnabled(call.tx(), call.context(), WorkGroupOfDirect(call->in)));
  TRY_ASSIGN(Statement statement, Classify(*call->in.query_string));
  TRY_ASSIGN(engine::Limits limits, LimitsOf(call, group, statement));
  Execution execution{.id = random_.Uuid(),
                      .account = call.caller().account,
                      .region = call.info().region,
                      .workgroup = *group.name,
                      .state = "RUNNING",
                      .caller = call.caller().principal_arn};
  execution.definition = NewDefinition(execution, call->in, statement, call.now_ms());
  TRY(InsertExecution(call.tx(), execution, execution.id));
  TRY_ASSIGN(auto catalogs, DataCatalogs::Named(call.tx(), call.context()));
  return StartDirect::Answer{execution.id, execution.workgroup, limits, std::move(catalogs)};
}

Result<DescribeDirect::Answer> DirectQueries::Do(const gate::Authorized<DescribeDirect>& call) {
  TRY(WorkGroups::ReadEnabled(call.tx(), call.context(), WorkGroupOfDirect(call->in)));
  return DataCatalogs::Named(call.tx(), call.context());
}

Result<AskCatalog::Answer> DirectQueries::Do(const gate::Authorized<AskCatalog>& call) {
  TRY(WorkGroups::ReadEnabled(call.tx(), call.context(), WorkGroupOfDirect(call->in)));
  return AskCatalog::Answer{};
}

Result<engine::QueryOutcome> DirectQueries::Run(const gate::Context& as, const DirectStatement& statement, engine::ResultSink& sink,
                                                std::stop_token stop, AnswerGrounds* rests_on) {
  TRY_ASSIGN(auto started, gate_.Run(AsAthena(as, "StartQueryExecution"), StartDirect{InputOf(statement)}, *this));
  const gate::Context behind = Behind(as);
  engine::QueryJob job{.id = started.id,
                       .sql = statement.sql,
                       .database = statement.database,
                       .limits = started.limits,
                       .kind = statement.kind,
                       .catalogs = std::move(started.catalogs)};
  if (statement.time_ms_max > 0) job.limits.time_ms = std::min(job.limits.time_ms, statement.time_ms_max);
  // StopQueryExecution, the end of the server, rights that are taken away and the caller's own stop all end it.
  Runner::Announced announced = runner_.Announce(behind, started.workgroup, started.id, stop);
  std::stop_callback stopped(stop, [&announced] { announced.stop.request_stop(); });
  auto tables = world_.TablesFor(behind, started.id);
  NotedTables noted(*tables, *announced.grounds);
  engine::QueryOutcome outcome = engine_.Run(job, noted, sink, announced.stop.get_token());
  runner_.Withdraw(started.id, &outcome);
  TRY(End(started.id, outcome, tables->filtered()));
  if (rests_on) *rests_on = {started.id, announced.grounds};
  return outcome;
}

Result<void> DirectQueries::Hold(const gate::Context& as, const AnswerGrounds& rests_on) {
  if (!rests_on.grounds) return {};
  auto tables = world_.TablesFor(Behind(as), rests_on.query_id);
  for (const TableGround& ground : rests_on.grounds->tables()) {
    store::Basis basis;
    auto held = tables->HoldRights(ground, &basis);
    if (held) continue;
    if (held.error().code != ErrorCode::kAccessDenied) return held;
    return Fail(ErrorCode::kAccessDenied,
                fmt::format("the rights to {} changed: the rest of the answer is not given", ground.shown()));
  }
  return {};
}

Result<void> DirectQueries::End(const std::string& id, const engine::QueryOutcome& outcome, bool filtered) {
  auto end = [&](Execution& ended) {
    ended.filtered = filtered;
    if (outcome.state == engine::QueryState::kSucceeded) ended.output_rows = static_cast<std::int64_t>(outcome.rows);
    SetOutcome(&ended, outcome, clock_.NowMs());
  };
  auto changed = runner_.Change(id, end, outcome.scanned_bytes);
  if (!changed && changed.error().code == ErrorCode::kNotFound) return {};  // Stopped by StopQueryExecution.
  return changed;
}

Result<engine::QueryOutcome> DirectQueries::Describe(const gate::Context& as, const DirectStatement& statement,
                                                     engine::ResultSink& sink, std::stop_token stop) {
  TRY_ASSIGN(auto catalogs, gate_.Run(AsAthena(as, "DescribeStatement"), DescribeDirect{InputOf(statement)}, *this));
  engine::QueryJob job{.id = random_.Uuid(),
                       .sql = statement.sql,
                       .database = statement.database,
                       .kind = engine::JobKind::kDescribe,
                       .catalogs = std::move(catalogs)};
  auto tables = world_.TablesFor(Behind(as), job.id);
  return engine_.Run(job, *tables, sink, stop);
}

Result<engine::QueryOutcome> DirectQueries::Ask(const gate::Context& as, const DirectStatement& statement,
                                                const std::map<std::string, std::string>& session, engine::ResultSink& sink,
                                                std::stop_token stop) {
  TRY(gate_.Run(AsAthena(as, "AskCatalog"), AskCatalog{InputOf(statement)}, *this));
  engine::QueryJob job{.id = random_.Uuid(), .sql = statement.sql, .kind = statement.kind, .session = session};
  job.limits.time_ms = statement.time_ms_max > 0 ? std::min(kCatalogTimeMs, statement.time_ms_max) : kCatalogTimeMs;
  auto tables = world_.TablesFor(Behind(as), job.id);
  return engine_.Run(job, *tables, sink, stop);
}

}  // namespace hanse::query
