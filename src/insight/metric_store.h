#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

// Metrics as they are kept: what was measured, added up by the second, minute, five minutes and hour, each for as long as
// CloudWatch keeps it (API reference, GetMetricStatistics). Nothing of them is in memory.
namespace hanse::insight {

using Dimensions = std::map<std::string, std::string>;

// What one series is; of one account in one region.
struct MetricKey {
  std::string account, region, space, name;
  Dimensions dimensions = {};
};
std::string DimensionsText(const Dimensions& dimensions);
Dimensions DimensionsOf(const std::string& text);

// Some values, added up.
struct Aggregate {
  double samples = 0, total = 0, lowest = 0, highest = 0;
  void Add(const Aggregate& other);
};
Aggregate AggregateOf(double value);

enum class Resolution { kMinute, kSecond };
// Adds to the series, which is made if need be.
Result<void> AddToMetric(store::Transaction& tx, const MetricKey& key, const std::string& unit, TimeMs at_ms,
                         const Aggregate& values, Resolution resolution);

struct MetricPoint {
  TimeMs at_ms = 0;  // Where its period begins.
  std::string unit;
  Aggregate values;
};
struct MetricRange {
  TimeMs start_ms = 0, end_ms = 0;  // From the start on, before the end.
  std::int64_t period_s = 60;
};
// In the order of time. Periods begin at the start, which is rounded down to what is still kept of its age.
Result<std::vector<MetricPoint>> ReadPoints(store::Transaction& tx, const MetricKey& key, const std::optional<std::string>& unit,
                                            const MetricRange& range, TimeMs now_ms);

// Takes away what is older than it is kept, once an hour.
Result<void> ForgetOldPoints(store::Transaction& tx, TimeMs now_ms);

}  // namespace hanse::insight
