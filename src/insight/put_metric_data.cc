#include <cmath>

#include <fmt/format.h>

#include "insight/cloudwatch.h"

namespace hanse::insight {
namespace {

using wire::cloudwatch::MetricDatum;

constexpr TimeMs kPastMs = TimeMs{14} * 24 * 3600 * 1000, kAheadMs = TimeMs{2} * 3600 * 1000;
constexpr std::size_t kDataMax = 1000, kValuesMax = 150;

Result<void> CheckNumber(double value) {
  if (std::isfinite(value) && std::abs(value) <= std::ldexp(1.0, 360)) return {};
  return WrongValue("A value must be a number between -2^360 and 2^360.");
}

Result<Aggregate> OfSet(const wire::cloudwatch::StatisticSet& set) {
  Aggregate sum{.samples = *set.sample_count, .total = *set.sum, .lowest = *set.minimum, .highest = *set.maximum};
  for (double value : {sum.samples, sum.total, sum.lowest, sum.highest}) TRY(CheckNumber(value));
  if (sum.samples <= 0 || sum.lowest > sum.highest) return WrongValue("StatisticValues are those of at least one sample.");
  return sum;
}

Result<Aggregate> OfValues(const std::vector<double>& values, const std::optional<std::vector<double>>& counts) {
  if (values.empty() || values.size() > kValuesMax) return WrongValue(fmt::format("Values are 1 to {}.", kValuesMax));
  if (counts && counts->size() != values.size()) return WrongCombination("Counts are as many as Values.");
  Aggregate sum;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double count = counts ? (*counts)[i] : 1;
    TRY(CheckNumber(values[i]));
    TRY(CheckNumber(count));
    if (count < 0) return WrongValue("Counts are not negative.");
    sum.Add({.samples = count, .total = values[i] * count, .lowest = values[i], .highest = values[i]});
  }
  if (sum.samples == 0) return WrongValue("Values come with at least one count.");
  return sum;
}

Result<Aggregate> ValuesOf(const MetricDatum& datum) {
  if (int{datum.value.has_value()} + int{datum.statistic_values.has_value()} + int{datum.values.has_value()} != 1) {
    return WrongCombination("A datum has one of Value, Values and StatisticValues.");
  }
  if (datum.counts && !datum.values) return WrongCombination("Counts come with Values.");
  if (datum.statistic_values) return OfSet(*datum.statistic_values);
  if (datum.values) return OfValues(*datum.values, datum.counts);
  TRY(CheckNumber(*datum.value));
  return AggregateOf(*datum.value);
}

Result<void> Add(const gate::Call& call, const std::string& space, const MetricDatum& datum) {
  TRY_ASSIGN(Aggregate values, ValuesOf(datum));
  TRY_ASSIGN(MetricKey key, MetricOf(call, space, datum.metric_name, datum.dimensions));
  const TimeMs at_ms = datum.timestamp ? datum.timestamp->ms : call.now_ms();
  if (at_ms < call.now_ms() - kPastMs || at_ms > call.now_ms() + kAheadMs) {
    return WrongValue("A Timestamp lies at most two weeks back and two hours ahead.");
  }
  const int resolution = datum.storage_resolution.value_or(60);
  if (resolution != 1 && resolution != 60) return WrongValue("StorageResolution is 1 or 60.");
  return AddToMetric(call.tx(), key, datum.unit.value_or("None"), at_ms, values,
                     resolution == 1 ? Resolution::kSecond : Resolution::kMinute);
}

}  // namespace

Result<PutMetricData::Answer> CloudWatch::Do(const gate::Authorized<PutMetricData>& call) {
  const auto& in = call->in;
  if (in.entity_metric_data) return Fail(ErrorCode::kUnsupported, "EntityMetricData");
  if (in.namespace_->starts_with("AWS/"))
    return WrongValue("The parameter Namespace must not begin with AWS/: services write there.");
  if (!in.metric_data || in.metric_data->empty()) {
    return FailAs(ErrorCode::kInvalidArgument, "MissingParameter", "The parameter MetricData is required.");
  }
  if (in.metric_data->size() > kDataMax) return WrongValue(fmt::format("MetricData are at most {}.", kDataMax));
  for (const MetricDatum& datum : *in.metric_data) TRY(Add(call, *in.namespace_, datum));
  TRY(ForgetOldPoints(call.tx(), call.now_ms()));
  return PutMetricData::Answer();
}

}  // namespace hanse::insight
