#include "engine/query_run.h"

#include <fmt/format.h>

#include <chrono>

#include "base/random.h"
#include "base/text.h"
#include "duckdb/common/type_visitor.hpp"
#include "duckdb/main/pending_query_result.hpp"
#include "duckdb/main/stream_query_result.hpp"
#include "duckdb/planner/binder.hpp"
#include "duckdb/planner/planner.hpp"
#include "engine/codec.h"
#include "engine/errors.h"
#include "engine/hive_types.h"
#include "engine/output_run.h"
#include "engine/plan_text.h"
#include "engine/render.h"
#include "engine/row_conditions.h"
#include "engine/session.h"
#include "engine/trino_rewrite.h"

namespace hanse::engine {

namespace {

constexpr std::size_t kBatchBytes = 512 * 1024;

using Steady = std::chrono::steady_clock;

std::uint64_t MsSince(Steady::time_point begin) {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - begin).count());
}

// The server is gone or took no more: nobody reads the answer, so the query ends.
void OrThrow(Result<void> sent) {
  if (!sent) throw duckdb::IOException("%s", sent.error().message);
}

std::vector<ResultColumn> Describe(const duckdb::QueryResult& result) {
  std::vector<ResultColumn> columns;
  for (duckdb::idx_t i = 0; i < result.names.size(); ++i) {
    std::string name = IsUnnamed(result.names[i]) ? fmt::format("_col{}", i) : result.names[i];
    columns.push_back(DescribeColumn(name, result.types[i]));
  }
  return columns;
}

void Stream(duckdb::QueryResult& result, ServerLink& server, QueryOutcome& outcome) {
  std::string batch;
  while (auto chunk = result.Fetch()) {
    if (chunk->size() == 0) break;
    outcome.rows += chunk->size();
    EncodeChunk(*chunk, batch);
    if (batch.size() < kBatchBytes) continue;
    OrThrow(server.Send(MessageType::kRows, batch));
    batch.clear();
  }
  if (result.HasError()) result.ThrowError();
  if (!batch.empty()) OrThrow(server.Send(MessageType::kRows, batch));
}

duckdb::unique_ptr<duckdb::SelectStatement> Parse(Session& session) {
  auto select = ParseTrino(session.job.sql, session.job.parameters, session.catalogs());
  session.conditions = MarkConditions(*select, session.nonce);
  return select;
}

// What a query would give, without running it.
void Plan(duckdb::Connection& connection, ServerLink& server, const QueryJob& job, QueryOutcome& outcome) {
  std::vector<ResultColumn> columns;
  std::string rows;
  connection.context->RunFunctionInTransaction([&] {
    duckdb::Planner planner(*connection.context);
    planner.CreatePlan(Parse(*Session::Of(*connection.context)));
    std::vector<std::string> names;
    for (duckdb::idx_t i = 0; i < planner.names.size(); ++i) {
      bool unnamed = IsUnnamed(planner.names[i]);
      columns.push_back({.name = unnamed ? "" : planner.names[i], .type = TrinoType(planner.types[i])});
      names.push_back(unnamed ? fmt::format("_col{}", i) : planner.names[i]);
    }
    if (job.kind == JobKind::kDescribe) return;
    if (Session::Of(*connection.context)->partial_views) {
      throw duckdb::NotImplementedException("NOT_SUPPORTED: EXPLAIN over a view of which not every column may be read");
    }
    for (const std::string& line : PlanText(*planner.plan, names)) {
      EncodeCell(rows, &line);
      ++outcome.rows;
    }
  });
  if (job.kind == JobKind::kExplain) columns = {DescribeColumn("Query Plan", duckdb::LogicalType::VARCHAR)};
  OrThrow(server.Send(MessageType::kColumns, Encode(columns)));
  if (!rows.empty()) OrThrow(server.Send(MessageType::kRows, rows));
  outcome.state = QueryState::kSucceeded;
}

// Of a query whose columns become a table's: a bare NULL has no type that a table could have. Bound once more to see it: the engine
// makes an integer of it at the end of each binding that does not ask it to leave it.
void RefuseUnknownTypes(duckdb::ClientContext& context, Session& session) {
  context.RunFunctionInTransaction([&] {
    auto statement = Parse(session);
    auto binder = duckdb::Binder::CreateBinder(context);
    binder->SetCanContainNulls(true);
    const duckdb::BoundStatement bound = binder->Bind(static_cast<duckdb::SQLStatement&>(*statement));
    for (duckdb::idx_t i = 0; i < bound.types.size(); ++i) {
      if (!duckdb::TypeVisitor::Contains(bound.types[i], duckdb::LogicalTypeId::SQLNULL)) continue;
      const std::string name = IsUnnamed(bound.names[i]) ? "" : fmt::format(": '{}' has unknown type, CAST it", bound.names[i]);
      throw duckdb::InvalidInputException("COLUMN_TYPE_UNKNOWN: Column type is unknown at position %d%s", static_cast<int>(i + 1),
                                          name);
    }
  });
}

void Execute(Instance& instance, duckdb::Connection& connection, Session& session, QueryOutcome& outcome) {
  const QueryJob& job = session.job;
  auto begin = Steady::now();
  if (job.output && job.output->columns.empty()) RefuseUnknownTypes(*connection.context, session);
  auto pending = connection.PendingQuery(Parse(session), true);
  if (pending->HasError()) pending->ThrowError();
  outcome.planning_ms = MsSince(begin);
  if (job.output) {
    RunOutput(instance, *connection.context, session, *pending, outcome);
  } else {
    auto result = pending->Execute();
    if (result->HasError()) result->ThrowError();
    OrThrow(session.server.Send(MessageType::kColumns, Encode(Describe(*result))));
    Stream(*result, session.server, outcome);
  }
  outcome.state = QueryState::kSucceeded;
}

}  // namespace

QueryOutcome RunQuery(Instance& instance, ServerLink& server, const QueryJob& job) {
  if (job.kind == JobKind::kPgCatalog || job.kind == JobKind::kPgCatalogColumns) return instance.pg_catalog().Ask(server, job);
  SystemRandom random;
  auto session = duckdb::make_shared_ptr<Session>(server, job, Hex(random.Bytes(16)));
  QueryOutcome outcome;
  try {
    instance.Limit(job.limits.memory_bytes);
    instance.spill().Begin(server, job.limits.spilled_bytes_max);
    duckdb::Connection connection(instance.database());
    Session::Start(connection, session);
    if (job.kind == JobKind::kRun) {
      Execute(instance, connection, *session, outcome);
    } else {
      Plan(connection, server, job, outcome);
    }
  } catch (const std::exception& error) {
    std::uint64_t planning_ms = outcome.planning_ms;
    outcome = FailureOf(duckdb::ErrorData(error), job.sql);
    outcome.planning_ms = planning_ms;
  }
  instance.spill().End();
  if (session->meter->exceeded()) {
    outcome.state = QueryState::kCancelled;
    outcome.category = ErrorCategory::kUser;
    outcome.type = "BYTES_SCANNED_LIMIT";
    outcome.message = "Query cancelled! : Bytes scanned limit was exceeded";
  }
  outcome.scanned_bytes = session->meter->bytes();
  return outcome;
}

}  // namespace hanse::engine
