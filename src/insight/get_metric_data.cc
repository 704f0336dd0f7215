#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "insight/cloudwatch.h"
#include "insight/metric_math.h"

namespace hanse::insight {
namespace {

using wire::cloudwatch::MetricDataQuery;
using wire::cloudwatch::MetricDataResult;

std::unexpected<Error> Invalid(std::string message) {
  return FailAs(ErrorCode::kInvalidArgument, "ValidationError", std::move(message));
}

bool IsId(std::string_view id) {
  auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  return !id.empty() && id.front() >= 'a' && id.front() <= 'z' && std::ranges::all_of(id, fits);
}

// The series of one request, each made when it is first asked for.
class Queries {
 public:
  explicit Queries(const gate::Authorized<GetMetricData>& call) : call_(call) {}

  Result<void> Take(const std::vector<MetricDataQuery>& queries) {
    for (const MetricDataQuery& query : queries) {
      const std::string id = query.id.value_or("");
      if (!IsId(id))
        return Invalid(fmt::format("The Id '{}' must begin with a lower case letter and hold letters, digits and _.", id));
      if (!by_id_.emplace(id, &query).second) return Invalid(fmt::format("The Id '{}' stands twice.", id));
      if (query.metric_stat.has_value() == query.expression.has_value()) {
        return Invalid(fmt::format("The query '{}' must have one of MetricStat and Expression.", id));
      }
      if (query.account_id && *query.account_id != call_.caller().account) return Fail(ErrorCode::kUnsupported, "AccountId");
      if (query.label && query.label->find("${") != std::string::npos) return Fail(ErrorCode::kUnsupported, "a Label with ${…}");
    }
    return {};
  }

  Result<const Series*> Of(std::string_view id) {
    if (auto made = made_.find(id); made != made_.end()) return &made->second;
    auto query = by_id_.find(id);
    if (query == by_id_.end()) return Invalid(fmt::format("There is no query '{}'.", id));
    if (!making_.insert(query->first).second) return Invalid(fmt::format("The query '{}' asks for itself.", id));
    if (++depth_ > CloudWatch::kChainMax) {  // Each is evaluated on the stack of the one that asks.
      return Invalid(fmt::format("Queries ask for one another more than {} deep.", CloudWatch::kChainMax));
    }
    TRY_ASSIGN(Series series, Make(*query->second));
    --depth_;
    points_ += series.size();
    if (points_ > CloudWatch::kPointsMax) {
      return FailAs(ErrorCode::kLimitExceeded, "LimitExceeded",
                    fmt::format("More than {} datapoints: ask for a shorter time or a longer Period.", CloudWatch::kPointsMax));
    }
    return &made_.emplace(query->first, std::move(series)).first->second;
  }

 private:
  Result<Series> Make(const MetricDataQuery& query) {
    if (query.expression) return Evaluate(*query.expression, [this](std::string_view id) { return Of(id); });
    const auto& stat = *query.metric_stat;
    TRY(CheckPeriod(*stat.period));
    const MetricRange range{call_->in.start_time->ms, call_->in.end_time->ms, *stat.period};
    TRY_ASSIGN(MetricKey key, MetricOf(call_, stat.metric->namespace_, stat.metric->metric_name, stat.metric->dimensions));
    TRY(StatisticOf({}, *stat.stat));
    TRY_ASSIGN(auto points, ReadPoints(call_.tx(), key, stat.unit, range, call_.now_ms()));
    std::map<TimeMs, Aggregate> together;  // Of all units.
    for (const MetricPoint& point : points) together[point.at_ms].Add(point.values);
    Series series;
    for (const auto& [at_ms, values] : together) {
      TRY_ASSIGN(double value, StatisticOf(values, *stat.stat));
      series.emplace(at_ms, value);
    }
    return series;
  }

  const gate::Authorized<GetMetricData>& call_;
  std::map<std::string, const MetricDataQuery*, std::less<>> by_id_;
  std::map<std::string, Series, std::less<>> made_;
  std::set<std::string, std::less<>> making_;
  std::size_t points_ = 0, depth_ = 0;
};

// How many points earlier pages have told.
Result<std::size_t> ToldBefore(const std::optional<std::string>& token) {
  std::size_t told = 0;
  if (!token || token->empty()) return told;
  auto read = std::from_chars(token->data(), token->data() + token->size(), told);
  if (read.ec == std::errc() && read.ptr == token->data() + token->size()) return told;
  return FailAs(ErrorCode::kInvalidArgument, "InvalidNextToken", "The NextToken is none of this request's.");
}

}  // namespace

Result<GetMetricData::Answer> CloudWatch::Do(const gate::Authorized<GetMetricData>& call) {
  const auto& in = call->in;
  if (in.metric_data_queries->size() > kQueriesMax) return Invalid(fmt::format("MetricDataQueries are at most {}.", kQueriesMax));
  if (in.start_time->ms >= in.end_time->ms) return Invalid("The parameter StartTime must be less than the parameter EndTime.");
  TRY_ASSIGN(std::size_t skip, ToldBefore(in.next_token));
  const int wanted = in.max_datapoints.value_or(static_cast<int>(kPointsMax));
  if (wanted < 1 || wanted > static_cast<int>(kPointsMax))
    return WrongValue(fmt::format("MaxDatapoints must be 1 to {}.", kPointsMax));
  Queries queries(call);
  TRY(queries.Take(*in.metric_data_queries));
  GetMetricData::Answer answer{.metric_data_results = std::vector<MetricDataResult>(),
                               .messages = std::vector<wire::cloudwatch::MessageData>()};
  const std::size_t begin = skip;
  std::size_t room = static_cast<std::size_t>(wanted);
  for (const MetricDataQuery& query : *in.metric_data_queries) {
    TRY_ASSIGN(const Series* series, queries.Of(*query.id));
    if (!query.return_data.value_or(true)) continue;
    std::vector<std::pair<TimeMs, double>> points(series->begin(), series->end());
    if (in.scan_by.value_or("TimestampDescending") == "TimestampDescending") std::ranges::reverse(points);
    MetricDataResult result{.id = query.id, .timestamps = std::vector<wire::Timestamp>(), .values = std::vector<double>()};
    result.label = query.label ? query.label : query.metric_stat ? query.metric_stat->metric->metric_name : query.id;
    const std::size_t from = std::min(skip, points.size()), count = std::min(room, points.size() - from);
    for (std::size_t i = from; i < from + count; ++i) {
      result.timestamps->push_back(wire::Timestamp{points[i].first});
      result.values->push_back(points[i].second);
    }
    skip -= from;
    room -= count;
    const bool whole = from + count == points.size();
    result.status_code = whole ? "Complete" : "PartialData";
    if (!whole) answer.next_token = std::to_string(begin + static_cast<std::size_t>(wanted));
    answer.metric_data_results->push_back(std::move(result));
  }
  return answer;
}

}  // namespace hanse::insight
