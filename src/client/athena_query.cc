#include "client/athena_query.h"

#include <chrono>
#include <thread>

#include "base/text.h"
#include "wire/athena.h"

namespace hanse::client {
namespace {

namespace athena = wire::athena;

// As many cells as there are columns. Where Athena answers in Hive's manner (DESCRIBE), all of a row stand in one cell, between
// tabs.
std::vector<Cell> Cells(const athena::Row& row, std::size_t columns) {
  std::vector<Cell> cells;
  if (row.data) {
    for (const athena::Datum& datum : *row.data) cells.push_back(datum.var_char_value);
  }
  if (cells.size() == 1 && columns > 1) {
    std::vector<std::string> parts = Split(cells.front().value_or(""), '\t');
    cells.clear();
    for (const std::string& part : parts) cells.emplace_back(Trim(part));
  }
  cells.resize(columns);
  return cells;
}

Result<athena::QueryExecution> Wait(AwsClient& as, const std::string& id, const Watch& watch) {
  bool stopped = false;
  for (int turn = 0;; ++turn) {
    TRY_ASSIGN(auto got, as.Call<athena::op::GetQueryExecution>({.query_execution_id = id}));
    std::string state = got.query_execution->status->state.value_or("");
    if (state == "SUCCEEDED") return std::move(*got.query_execution);
    if (state == "FAILED" || state == "CANCELLED") {
      return FailAs(ErrorCode::kConflict, "QueryFailed", got.query_execution->status->state_change_reason.value_or(state));
    }
    QueryProgress progress{.state = state};
    if (const auto& statistics = got.query_execution->statistics) {
      progress.scanned_bytes = statistics->data_scanned_in_bytes.value_or(0);
    }
    if (watch && !stopped && !watch(progress)) {
      TRY(as.Call<athena::op::StopQueryExecution>({.query_execution_id = id}));
      stopped = true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(turn < 20 ? 5 : 50));
  }
}

}  // namespace

Result<QueryAnswer> RunQuery(AwsClient& as, const std::string& sql, const std::string& database, const std::string& output,
                             const std::string& workgroup, const Watch& watch) {
  athena::StartQueryExecutionInput start;
  start.query_string = sql;
  if (!database.empty()) start.query_execution_context = athena::QueryExecutionContext{.database = database};
  if (!output.empty()) start.result_configuration = athena::ResultConfiguration{.output_location = output};
  if (!workgroup.empty()) start.work_group = workgroup;
  TRY_ASSIGN(auto started, as.Call<athena::op::StartQueryExecution>(start));
  QueryAnswer answer{.id = *started.query_execution_id};
  TRY_ASSIGN(athena::QueryExecution done, Wait(as, answer.id, watch));
  if (done.statistics) {
    answer.scanned_bytes = done.statistics->data_scanned_in_bytes.value_or(0);
    answer.total_ms = done.statistics->total_execution_time_in_millis.value_or(0);
  }
  std::optional<std::string> token;
  do {
    TRY_ASSIGN(auto page, as.Call<athena::op::GetQueryResults>({.query_execution_id = answer.id, .next_token = token}));
    const athena::ResultSet& set = *page.result_set;
    if (answer.columns.empty() && set.result_set_metadata && set.result_set_metadata->column_info) {
      for (const athena::ColumnInfo& column : *set.result_set_metadata->column_info) answer.columns.push_back(*column.name);
    }
    if (set.rows) {
      for (const athena::Row& row : *set.rows) answer.rows.push_back(Cells(row, answer.columns.size()));
    }
    token = page.next_token;
  } while (token);
  // The first row of a SELECT repeats the names.
  bool header = !answer.rows.empty() && answer.rows.front().size() == answer.columns.size();
  for (std::size_t i = 0; header && i < answer.columns.size(); ++i) header = answer.rows.front()[i] == answer.columns[i];
  if (header) answer.rows.erase(answer.rows.begin());
  return answer;
}

}  // namespace hanse::client
