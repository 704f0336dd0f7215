#include "catalog/statistics_task.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/passed_role.h"

namespace hanse::catalog {
namespace {

std::unexpected<Error> NoRun() { return Fail(ErrorCode::kNotFound, "The column statistics task run does not exist."); }

// Runs are listed from the newest: a cursor is the last that was told.
struct RunPage {
  std::string list;
  std::int64_t before = INT64_MAX;
  std::size_t size = 0;
};
template <class Input>
Result<RunPage> PageOfRuns(const Pages& pages, std::string list, const Input& in) {
  RunPage page{.list = std::move(list), .size = PageSize(in.max_results, StatisticsTasks::kPageMax)};
  TRY_ASSIGN(std::string cursor, pages.Cursor(page.list, in.next_token));
  if (!cursor.empty()) std::from_chars(cursor.data(), cursor.data() + cursor.size(), page.before);
  return page;
}

// Cuts runs that were read one beyond the page; the token of the next one, or nothing.
std::optional<std::string> CutRuns(const Pages& pages, const RunPage& page, std::vector<StatisticsRun>* runs) {
  if (runs->size() <= page.size) return std::nullopt;
  runs->resize(page.size);
  return pages.Next(page.list, std::to_string(runs->back().id));
}

// A run as a reader of its table is told of it. Why it failed may name columns.
wire::glue::ColumnStatisticsTaskRun RunFor(const policy::TableAccess& access, const store::TableRow& table,
                                           const StatisticsRun& run) {
  wire::glue::ColumnStatisticsTaskRun shown = ShownRun(run);
  HideColumnNames(access, &shown.column_name_list);
  bool whole = std::ranges::all_of(table.columns, [&](const auto& column) { return Contains(access.described_columns, column); });
  if (!whole) shown.error_message.reset();
  return shown;
}

}  // namespace

void HideColumnNames(const policy::TableAccess& access, std::optional<std::vector<std::string>>* columns) {
  if (!*columns) return;
  std::erase_if(**columns, [&](const std::string& name) { return !Contains(access.described_columns, Lower(name)); });
}

Result<OpenedTable> OpenMeasured(const Access& access, const gate::Call& call, Intent intent, std::string_view action,
                                 const std::optional<std::string>& catalog, const std::optional<std::string>& database,
                                 const std::optional<std::string>& table) {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), catalog));
  TRY_ASSIGN(OpenedTable opened, access.OpenTarget(call, intent, action, account, database.value_or(""), table.value_or("")));
  if (opened.table.account != call.caller().account) {
    return Fail(ErrorCode::kUnsupported, "Column statistics tasks of another account's table");
  }
  return opened;
}

Result<void> CheckMeasuredColumns(const OpenedTable& opened, const std::optional<std::vector<std::string>>& columns) {
  for (const std::string& column : columns.value_or(std::vector<std::string>())) {
    if (!Contains(opened.access.described_columns, Lower(column))) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("Column {} not found.", column));
    }
  }
  return {};
}

Result<std::vector<gate::Need>> StartColumnStatisticsTaskRun::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:StartColumnStatisticsTaskRun", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> StopColumnStatisticsTaskRun::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:StopColumnStatisticsTaskRun", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> GetColumnStatisticsTaskRun::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{.action = "glue:GetColumnStatisticsTaskRun", .resource = "*"}};
}
Result<std::vector<gate::Need>> GetColumnStatisticsTaskRuns::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetColumnStatisticsTaskRuns", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> ListColumnStatisticsTaskRuns::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{.action = "glue:ListColumnStatisticsTaskRuns", .resource = "*"}};
}

Result<StartColumnStatisticsTaskRun::Answer> StatisticsTasks::Do(const gate::Authorized<StartColumnStatisticsTaskRun>& call) const {
  const auto& in = call->in;
  if (in.security_configuration) return Fail(ErrorCode::kUnsupported, "SecurityConfiguration");
  TRY_ASSIGN(OpenedTable opened, OpenMeasured(access_, call, Intent::kChange, "glue:StartColumnStatisticsTaskRun", in.catalog_id,
                                              in.database_name, in.table_name));
  TRY(CheckMeasuredColumns(opened, in.column_name_list));
  TRY(RequirePassing(call, roles_, *in.role));
  StatisticsRun run = NewStatisticsRun(opened.table, random_.Uuid());
  run.definition.role = in.role;
  run.definition.column_name_list = in.column_name_list;
  run.definition.sample_size = in.sample_size;
  TRY(BeginStatisticsRun(call.tx(), &run, call.now_ms()));
  call.AfterCommit([this, id = run.id] { queue_.Enqueue(id); });
  return StartColumnStatisticsTaskRun::Answer{.column_statistics_task_run_id = run.definition.column_statistics_task_run_id};
}

Result<StopColumnStatisticsTaskRun::Answer> StatisticsTasks::Do(const gate::Authorized<StopColumnStatisticsTaskRun>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(OpenedTable opened, OpenMeasured(access_, call, Intent::kChange, "glue:StopColumnStatisticsTaskRun", in.catalog_id,
                                              in.database_name, in.table_name));
  TRY_ASSIGN(auto last, StatisticsRunsOf(call.tx(), opened.table.id, INT64_MAX, 1));
  if (last.empty() || !last.front().going()) {
    return FailAs(ErrorCode::kConflict, "ColumnStatisticsTaskNotRunningException", "No task of this table is running.");
  }
  StatisticsRun& run = last.front();
  if (run.state == "STOPPING") {
    return FailAs(ErrorCode::kConflict, "ColumnStatisticsTaskStoppingException", "The task is stopping.");
  }
  TRY(SetStatisticsRunState(call.tx(), &run, "STOPPING", call.now_ms()));
  call.AfterCommit([this, id = run.id] { queue_.Cancel(id); });
  return StopColumnStatisticsTaskRun::Answer();
}

Result<GetColumnStatisticsTaskRun::Answer> StatisticsTasks::Do(const gate::Authorized<GetColumnStatisticsTaskRun>& call) const {
  TRY_ASSIGN(auto run, FindStatisticsRunByName(call.tx(), call.caller().account, call.info().region,
                                               *call->in.column_statistics_task_run_id));
  if (!run) return NoRun();
  TRY_ASSIGN(auto table, store::FindTableById(call.tx(), run->table));
  if (!table) return NoRun();
  TRY_ASSIGN(auto held, access_.lake().OnTable(call.tx(), call.caller(), *table));
  if (!held.visible) return NoRun();
  return GetColumnStatisticsTaskRun::Answer{.column_statistics_task_run = RunFor(held, *table, *run)};
}

Result<GetColumnStatisticsTaskRuns::Answer> StatisticsTasks::Do(const gate::Authorized<GetColumnStatisticsTaskRuns>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(OpenedTable opened, OpenMeasured(access_, call, Intent::kRead, "glue:GetColumnStatisticsTaskRuns", in.catalog_id,
                                              in.database_name, in.table_name));
  TRY_ASSIGN(RunPage page, PageOfRuns(pages_, fmt::format("GetColumnStatisticsTaskRuns/{}", opened.table.id), in));
  TRY_ASSIGN(auto runs, StatisticsRunsOf(call.tx(), opened.table.id, page.before, static_cast<std::int64_t>(page.size) + 1));
  GetColumnStatisticsTaskRuns::Answer answer{.column_statistics_task_runs = std::vector<wire::glue::ColumnStatisticsTaskRun>()};
  answer.next_token = CutRuns(pages_, page, &runs);
  for (const StatisticsRun& run : runs) {
    answer.column_statistics_task_runs->push_back(RunFor(opened.access, opened.table, run));
  }
  return answer;
}

Result<ListColumnStatisticsTaskRuns::Answer> StatisticsTasks::Do(const gate::Authorized<ListColumnStatisticsTaskRuns>& call) const {
  const std::string& account = call.caller().account;
  TRY_ASSIGN(RunPage page,
             PageOfRuns(pages_, fmt::format("ListColumnStatisticsTaskRuns/{}/{}", account, call.info().region), call->in));
  TRY_ASSIGN(auto runs,
             StatisticsRunsOf(call.tx(), account, call.info().region, page.before, static_cast<std::int64_t>(page.size) + 1));
  ListColumnStatisticsTaskRuns::Answer answer{.column_statistics_task_run_ids = std::vector<std::string>()};
  answer.next_token = CutRuns(pages_, page, &runs);
  for (const StatisticsRun& run : runs) {
    answer.column_statistics_task_run_ids->push_back(run.definition.column_statistics_task_run_id.value_or(""));
  }
  return answer;
}

}  // namespace hanse::catalog
