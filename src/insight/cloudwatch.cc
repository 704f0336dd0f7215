#include "insight/cloudwatch.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::insight {
namespace {

namespace cloudwatch = wire::cloudwatch;

constexpr TimeMs kActiveMs = TimeMs{14} * 24 * 3600 * 1000;  // What ListMetrics tells of.
constexpr TimeMs kRecentMs = TimeMs{3} * 3600 * 1000;        // RecentlyActive PT3H.
constexpr std::int64_t kSeriesAtOnce = 1000;

std::vector<gate::Need> NeedFor(std::string_view action) {
  return {{.action = fmt::format("cloudwatch:{}", action), .resource = "*", .owner = {}}};
}

bool Fits(const Dimensions& dimensions, const std::vector<cloudwatch::DimensionFilter>& filters) {
  return std::ranges::all_of(filters, [&](const cloudwatch::DimensionFilter& filter) {
    auto found = dimensions.find(filter.name.value_or(""));
    return found != dimensions.end() && (!filter.value || *filter.value == found->second);
  });
}

cloudwatch::Metric Shown(const store::Row& row, const Dimensions& dimensions) {
  cloudwatch::Metric metric{
      .namespace_ = row.Text(1), .metric_name = row.Text(2), .dimensions = std::vector<cloudwatch::Dimension>()};
  for (const auto& [name, value] : dimensions) metric.dimensions->push_back({.name = name, .value = value});
  return metric;
}

}  // namespace

std::unexpected<Error> WrongValue(std::string message) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterValue", std::move(message));
}
std::unexpected<Error> WrongCombination(std::string message) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterCombination", std::move(message));
}

Result<std::vector<gate::Need>> PutMetricData::On(const gate::Context&, store::Transaction&) const {
  auto needs = NeedFor(kRule.name);
  needs.front().context["cloudwatch:namespace"] = {in.namespace_.value_or("")};
  return needs;
}
Result<std::vector<gate::Need>> GetMetricData::On(const gate::Context&, store::Transaction&) const { return NeedFor(kRule.name); }
Result<std::vector<gate::Need>> GetMetricStatistics::On(const gate::Context&, store::Transaction&) const {
  return NeedFor(kRule.name);
}
Result<std::vector<gate::Need>> ListMetrics::On(const gate::Context&, store::Transaction&) const { return NeedFor(kRule.name); }

Result<double> StatisticOf(const Aggregate& values, std::string_view statistic) {
  if (statistic == "Sum") return values.total;
  if (statistic == "Average") return values.samples == 0 ? 0 : values.total / values.samples;
  if (statistic == "Minimum") return values.lowest;
  if (statistic == "Maximum") return values.highest;
  if (statistic == "SampleCount") return values.samples;
  return Fail(ErrorCode::kUnsupported, fmt::format("the statistic {}", statistic));
}

Result<void> CheckPeriod(std::int64_t period_s) {
  const bool short_one = period_s == 1 || period_s == 5 || period_s == 10 || period_s == 20 || period_s == 30;
  if (short_one || (period_s > 0 && period_s % 60 == 0)) return {};
  return WrongValue("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.");
}

Result<MetricKey> MetricOf(const gate::Call& call, const std::optional<std::string>& space, const std::optional<std::string>& name,
                           const std::optional<std::vector<cloudwatch::Dimension>>& dimensions) {
  MetricKey key{call.caller().account, call.info().region, space.value_or(""), name.value_or("")};
  if (!dimensions) return key;
  for (const cloudwatch::Dimension& dimension : *dimensions) {
    if (key.dimensions.emplace(dimension.name.value_or(""), dimension.value.value_or("")).second) continue;
    return WrongValue(fmt::format("The dimension {} is named twice.", dimension.name.value_or("")));
  }
  return key;
}

Result<GetMetricStatistics::Answer> CloudWatch::Do(const gate::Authorized<GetMetricStatistics>& call) {
  const auto& in = call->in;
  if (in.extended_statistics) return Fail(ErrorCode::kUnsupported, "ExtendedStatistics");
  if (!in.statistics)
    return WrongCombination("At least one of the parameters Statistics and ExtendedStatistics must be specified.");
  const MetricRange range{in.start_time->ms, in.end_time->ms, *in.period};
  TRY(CheckPeriod(range.period_s));
  if (range.start_ms >= range.end_ms) return WrongValue("The parameter StartTime must be less than the parameter EndTime.");
  if ((range.end_ms - range.start_ms) / 1000 / range.period_s > kStatisticsPointsMax) {
    return WrongCombination(fmt::format(
        "You have requested up to {} datapoints, which exceeds the limit of {}. You may reduce the datapoints requested by "
        "increasing Period, or decreasing the time range.",
        (range.end_ms - range.start_ms) / 1000 / range.period_s, kStatisticsPointsMax));
  }
  TRY_ASSIGN(MetricKey key, MetricOf(call, in.namespace_, in.metric_name, in.dimensions));
  TRY_ASSIGN(auto points, ReadPoints(call.tx(), key, in.unit, range, call.now_ms()));
  GetMetricStatistics::Answer answer{.label = in.metric_name, .datapoints = std::vector<cloudwatch::Datapoint>()};
  for (const MetricPoint& point : points) {
    cloudwatch::Datapoint told{.timestamp = wire::Timestamp{point.at_ms}, .unit = point.unit};
    for (const std::string& statistic : *in.statistics) {
      TRY_ASSIGN(double value, StatisticOf(point.values, statistic));
      if (statistic == "SampleCount") told.sample_count = value;
      if (statistic == "Average") told.average = value;
      if (statistic == "Sum") told.sum = value;
      if (statistic == "Minimum") told.minimum = value;
      if (statistic == "Maximum") told.maximum = value;
    }
    answer.datapoints->push_back(std::move(told));
  }
  return answer;
}

Result<ListMetrics::Answer> CloudWatch::Do(const gate::Authorized<ListMetrics>& call) {
  const auto& in = call->in;
  if (in.include_linked_accounts.value_or(false)) return Fail(ErrorCode::kUnsupported, "IncludeLinkedAccounts");
  if (in.owning_account && *in.owning_account != call.caller().account) return Fail(ErrorCode::kUnsupported, "OwningAccount");
  std::int64_t after = 0;
  if (const std::string token = in.next_token.value_or(""); !token.empty()) {
    auto read = std::from_chars(token.data(), token.data() + token.size(), after);
    if (read.ec != std::errc() || read.ptr != token.data() + token.size()) {
      return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterValue", "The parameter NextToken is none of this service's.");
    }
  }
  const auto filters = in.dimensions.value_or(std::vector<cloudwatch::DimensionFilter>());
  const TimeMs since_ms = call.now_ms() - (in.recently_active ? kRecentMs : kActiveMs);
  ListMetrics::Answer answer{.metrics = std::vector<cloudwatch::Metric>()};
  while (true) {
    std::string sql =
        "SELECT id, namespace, name, dimensions FROM metric_series WHERE account = ? AND region = ? AND last_ms >= ? AND id > ?";
    std::vector<store::Value> values{call.caller().account, call.info().region, since_ms, after};
    for (const auto& [column, wanted] :
         {std::pair(" AND namespace = ?", &in.namespace_), std::pair(" AND name = ?", &in.metric_name)}) {
      if (!*wanted) continue;
      sql += column;
      values.emplace_back(**wanted);
    }
    values.emplace_back(kSeriesAtOnce);
    TRY_ASSIGN(auto rows, call.tx().Query(sql + " ORDER BY id LIMIT ?", values));
    for (const store::Row& row : rows) {
      const Dimensions dimensions = DimensionsOf(row.Text(3));
      if (Fits(dimensions, filters)) {
        if (answer.metrics->size() == kPageMax) {
          answer.next_token = std::to_string(after);
          return answer;
        }
        answer.metrics->push_back(Shown(row, dimensions));
      }
      after = row.Int(0);
    }
    if (rows.size() < static_cast<std::size_t>(kSeriesAtOnce)) return answer;
  }
}

}  // namespace hanse::insight
