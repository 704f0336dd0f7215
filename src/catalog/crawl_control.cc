#include "catalog/crawl_control.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "catalog/schedule.h"

namespace hanse::catalog {
namespace {

Result<wire::glue::CrawlerMetrics> MetricsOf(store::Transaction& tx, const CrawlerRow& row) {
  TRY_ASSIGN(auto runs,
             tx.Query("SELECT started_ms, ended_ms, tables_created, tables_updated, tables_deleted FROM catalog_crawls WHERE "
                      "crawler_id = ? AND state <> 'RUNNING' ORDER BY id DESC LIMIT 1000",
                      {row.id}));
  wire::glue::CrawlerMetrics metrics{.crawler_name = row.name, .time_left_seconds = 0, .still_estimating = false};
  std::vector<double> seconds;
  std::int64_t created = 0, updated = 0, deleted = 0;
  for (const store::Row& run : runs) {
    seconds.push_back(static_cast<double>(run.Int(1) - run.Int(0)) / 1000.0);
    created += run.Int(2), updated += run.Int(3), deleted += run.Int(4);
  }
  metrics.last_runtime_seconds = seconds.empty() ? 0 : seconds.front();
  std::sort(seconds.begin(), seconds.end());
  metrics.median_runtime_seconds = seconds.empty() ? 0 : seconds[seconds.size() / 2];
  metrics.tables_created = static_cast<std::int32_t>(created);
  metrics.tables_updated = static_cast<std::int32_t>(updated);
  metrics.tables_deleted = static_cast<std::int32_t>(deleted);
  return metrics;
}

// A filter of ListCrawls as a condition on a run's row.
struct CrawlCondition {
  std::string sql;  // With one parameter.
  store::Value value;
};
Result<std::vector<CrawlCondition>> ConditionsOf(const std::optional<std::vector<wire::glue::CrawlsFilter>>& filters) {
  constexpr std::pair<std::string_view, std::string_view> kOperators[] = {{"GT", ">"},  {"GE", ">="}, {"LT", "<"},
                                                                          {"LE", "<="}, {"EQ", "="},  {"NE", "<>"}};
  std::vector<CrawlCondition> conditions;
  for (const auto& filter : filters.value_or(std::vector<wire::glue::CrawlsFilter>())) {
    const std::string field = filter.field_name.value_or(""), text = filter.field_value.value_or("");
    std::string_view compare;
    for (const auto& [name, sql] : kOperators) {
      if (name == filter.filter_operator.value_or("EQ")) compare = sql;
    }
    if (field == "CRAWL_ID" || field == "STATE") {
      if (compare != "=" && compare != "<>") return Fail(ErrorCode::kInvalidArgument, field + " is compared by EQ and NE alone.");
      conditions.push_back({fmt::format("{} {} ?", field == "STATE" ? "state" : "crawl_id", compare), text});
    } else if (field == "START_TIME" || field == "END_TIME") {
      std::int64_t at = 0;
      auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), at);
      if (error != std::errc() || end != text.data() + text.size()) {
        return Fail(ErrorCode::kInvalidArgument, field + " is given in milliseconds since 1970.");
      }
      conditions.push_back({fmt::format("{} {} ?", field == "START_TIME" ? "started_ms" : "ended_ms", compare), at});
    } else {
      return Fail(ErrorCode::kUnsupported, "ListCrawls with a filter of " + field);
    }
  }
  return conditions;
}

}  // namespace

Result<std::vector<gate::Need>> StartCrawler::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:StartCrawler", context, in.name);
}
Result<std::vector<gate::Need>> StopCrawler::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:StopCrawler", context, in.name);
}
Result<std::vector<gate::Need>> GetCrawlerMetrics::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:GetCrawlerMetrics", context);
}
Result<std::vector<gate::Need>> ListCrawls::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:ListCrawls", context, in.crawler_name);
}
Result<std::vector<gate::Need>> UpdateCrawlerSchedule::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:UpdateCrawlerSchedule", context, in.crawler_name);
}
Result<std::vector<gate::Need>> StartCrawlerSchedule::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:StartCrawlerSchedule", context, in.crawler_name);
}
Result<std::vector<gate::Need>> StopCrawlerSchedule::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnCrawler("glue:StopCrawlerSchedule", context, in.crawler_name);
}

Result<StartCrawler::Answer> CrawlControl::Do(const gate::Authorized<StartCrawler>& call) const {
  TRY_ASSIGN(CrawlerRow row, ExistingCrawler(call, call->in.name));
  TRY(BeginCrawl(call.tx(), row, random_.Uuid(), call.now_ms()));
  call.AfterCommit([this, id = row.id] { queue_.Enqueue(id); });
  return StartCrawler::Answer();
}

Result<StopCrawler::Answer> CrawlControl::Do(const gate::Authorized<StopCrawler>& call) const {
  TRY_ASSIGN(CrawlerRow row, ExistingCrawler(call, call->in.name));
  if (row.state == "STOPPING") {
    return FailAs(ErrorCode::kConflict, "CrawlerStoppingException", fmt::format("Crawler with name {} is stopping", row.name));
  }
  if (row.state != "RUNNING") {
    return FailAs(ErrorCode::kConflict, "CrawlerNotRunningException", fmt::format("Crawler with name {} isn't running", row.name));
  }
  row.state = "STOPPING";
  TRY(ReplaceCrawler(call.tx(), row));
  call.AfterCommit([this, id = row.id] { queue_.Cancel(id); });
  return StopCrawler::Answer();
}

Result<GetCrawlerMetrics::Answer> CrawlControl::Do(const gate::Authorized<GetCrawlerMetrics>& call) const {
  const auto& in = call->in;
  const std::string list = fmt::format("GetCrawlerMetrics/{}/{}", call.caller().account, call.info().region);
  TRY_ASSIGN(std::string after, pages_.Cursor(list, in.next_token));
  const std::size_t page = PageSize(in.max_results, kPageMax);
  GetCrawlerMetrics::Answer answer{.crawler_metrics_list = std::vector<wire::glue::CrawlerMetrics>()};
  std::vector<CrawlerRow> rows;
  if (in.crawler_name_list && !in.crawler_name_list->empty()) {
    for (const std::string& name : *in.crawler_name_list) {
      TRY_ASSIGN(auto row, FindCrawler(call.tx(), call.caller().account, call.info().region, name));
      if (row && row->name > after) rows.push_back(std::move(*row));
    }
    std::sort(rows.begin(), rows.end(), [](const CrawlerRow& a, const CrawlerRow& b) { return a.name < b.name; });
  } else {
    TRY_ASSIGN(rows,
               ListCrawlerRows(call.tx(), call.caller().account, call.info().region, after, static_cast<std::int64_t>(page) + 1));
  }
  for (const CrawlerRow& row : rows) {
    if (answer.crawler_metrics_list->size() == page) {
      answer.next_token = pages_.Next(list, *answer.crawler_metrics_list->back().crawler_name);
      break;
    }
    TRY_ASSIGN(auto metrics, MetricsOf(call.tx(), row));
    answer.crawler_metrics_list->push_back(std::move(metrics));
  }
  return answer;
}

Result<ListCrawls::Answer> CrawlControl::Do(const gate::Authorized<ListCrawls>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(auto conditions, ConditionsOf(in.filters));
  TRY_ASSIGN(CrawlerRow row, ExistingCrawler(call, in.crawler_name));
  const std::string list = fmt::format("ListCrawls/{}/{}/{}", call.caller().account, call.info().region, row.id);
  TRY_ASSIGN(std::string cursor, pages_.Cursor(list, in.next_token));
  std::int64_t before = INT64_MAX;
  if (!cursor.empty()) std::from_chars(cursor.data(), cursor.data() + cursor.size(), before);
  const std::size_t page = PageSize(in.max_results, kPageMax);
  std::vector<store::Value> values{row.id, before};
  std::string where;
  for (CrawlCondition& condition : conditions) {
    where += " AND " + condition.sql;
    values.push_back(std::move(condition.value));
  }
  values.emplace_back(static_cast<std::int64_t>(page) + 1);
  TRY_ASSIGN(auto runs, call.tx().Query(fmt::format("SELECT id, crawl_id, state, started_ms, ended_ms, message, tables_created, "
                                                    "tables_updated, tables_deleted FROM catalog_crawls WHERE crawler_id = ? AND "
                                                    "id < ?{} ORDER BY id DESC LIMIT ?",
                                                    where),
                                        values));
  ListCrawls::Answer answer{.crawls = std::vector<wire::glue::CrawlerHistory>()};
  for (const store::Row& run : runs) {
    if (answer.crawls->size() == page) {
      answer.next_token = pages_.Next(list, std::to_string(before));
      break;
    }
    before = run.Int(0);
    wire::glue::CrawlerHistory history{.crawl_id = run.Text(1), .state = run.Text(2), .start_time = wire::Timestamp{run.Int(3)}};
    if (run.Int(4) != 0) history.end_time = wire::Timestamp{run.Int(4)};
    if (!run.Text(5).empty()) history.error_message = run.Text(5);
    history.summary = fmt::format(R"({{"TABLE":{{"ADD":{},"UPDATE":{},"DELETE":{}}}}})", run.Int(6), run.Int(7), run.Int(8));
    answer.crawls->push_back(std::move(history));
  }
  return answer;
}

Result<UpdateCrawlerSchedule::Answer> CrawlControl::Do(const gate::Authorized<UpdateCrawlerSchedule>& call) const {
  TRY_ASSIGN(CrawlerRow row, ExistingCrawler(call, call->in.crawler_name));
  row.schedule.clear();
  row.definition.schedule.reset();
  if (std::string expression = call->in.schedule.value_or(""); !expression.empty()) {
    TRY(Schedule::Parse(expression));
    row.schedule = expression;
    row.definition.schedule = wire::glue::Schedule{.schedule_expression = expression, .state = "SCHEDULED"};
  }
  TRY(ReplaceCrawler(call.tx(), row));
  return UpdateCrawlerSchedule::Answer();
}

Result<StartCrawlerSchedule::Answer> CrawlControl::Do(const gate::Authorized<StartCrawlerSchedule>& call) const {
  TRY_ASSIGN(CrawlerRow row, ExistingCrawler(call, call->in.crawler_name));
  if (!row.definition.schedule) return FailAs(ErrorCode::kConflict, "NoScheduleException", "The crawler has no schedule.");
  if (!row.schedule.empty()) return FailAs(ErrorCode::kConflict, "SchedulerRunningException", "The schedule is running.");
  row.schedule = row.definition.schedule->schedule_expression.value_or("");
  TRY(ReplaceCrawler(call.tx(), row));
  return StartCrawlerSchedule::Answer();
}

Result<StopCrawlerSchedule::Answer> CrawlControl::Do(const gate::Authorized<StopCrawlerSchedule>& call) const {
  TRY_ASSIGN(CrawlerRow row, ExistingCrawler(call, call->in.crawler_name));
  if (row.schedule.empty()) return FailAs(ErrorCode::kConflict, "SchedulerNotRunningException", "The schedule is not running.");
  row.schedule.clear();
  TRY(ReplaceCrawler(call.tx(), row));
  return StopCrawlerSchedule::Answer();
}

}  // namespace hanse::catalog
