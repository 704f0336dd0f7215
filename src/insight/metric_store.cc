#include "insight/metric_store.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include <boost/json.hpp>

namespace hanse::insight {
namespace {

constexpr std::int64_t kDay = 86'400;
struct Tier {
  std::int64_t period_s, kept_s;
};
constexpr Tier kTiers[] = {{1, 3 * 3600}, {60, 15 * kDay}, {300, 63 * kDay}, {3600, 455 * kDay}};

std::int64_t Floor(std::int64_t number, std::int64_t step) { return number - ((number % step) + step) % step; }

Result<std::optional<std::pair<Id, TimeMs>>> FindSeries(store::Transaction& tx, const MetricKey& key) {
  TRY_ASSIGN(auto row,
             tx.Maybe("SELECT id, last_ms FROM metric_series WHERE account = ? AND region = ? AND namespace = ? AND name = ? "
                      "AND dimensions = ?",
                      {key.account, key.region, key.space, key.name, DimensionsText(key.dimensions)}));
  if (!row) return std::optional<std::pair<Id, TimeMs>>();
  return std::optional(std::pair(row->Int(0), row->Int(1)));
}

// The tier to read: the coarsest that the period is made of and that the start falls upon.
const Tier& TierFor(const MetricRange& range, std::int64_t now_s, std::int64_t* start_s) {
  const std::int64_t age_s = now_s - *start_s;
  const Tier* least = range.period_s < 60 ? &kTiers[0] : &kTiers[1];
  for (const Tier& tier : kTiers) {
    if (tier.period_s >= 60 && range.period_s % tier.period_s == 0 && tier.period_s > least->period_s &&
        age_s > (&tier - 1)->kept_s) {
      least = &tier;
    }
  }
  *start_s = Floor(*start_s, least->period_s);
  const Tier* best = least;
  for (const Tier& tier : kTiers) {
    if (tier.period_s > best->period_s && range.period_s % tier.period_s == 0 && *start_s % tier.period_s == 0) best = &tier;
  }
  return *best;
}

}  // namespace

std::string DimensionsText(const Dimensions& dimensions) {
  boost::json::array pairs;
  for (const auto& [name, value] : dimensions) pairs.push_back(boost::json::array{name, value});
  return boost::json::serialize(pairs);
}

Dimensions DimensionsOf(const std::string& text) {
  Dimensions dimensions;
  boost::system::error_code error;
  const boost::json::value pairs = boost::json::parse(text, error);
  if (error || !pairs.is_array()) return dimensions;
  for (const auto& pair : pairs.get_array()) {
    const auto* both = pair.if_array();
    if (!both || both->size() != 2 || !(*both)[0].is_string() || !(*both)[1].is_string()) continue;
    dimensions.emplace((*both)[0].get_string(), (*both)[1].get_string());
  }
  return dimensions;
}

Aggregate AggregateOf(double value) { return {.samples = 1, .total = value, .lowest = value, .highest = value}; }

void Aggregate::Add(const Aggregate& other) {
  if (other.samples == 0) return;
  lowest = samples == 0 ? other.lowest : std::min(lowest, other.lowest);
  highest = samples == 0 ? other.highest : std::max(highest, other.highest);
  samples += other.samples;
  total += other.total;
}

Result<void> AddToMetric(store::Transaction& tx, const MetricKey& key, const std::string& unit, TimeMs at_ms,
                         const Aggregate& values, Resolution resolution) {
  const TimeMs minute_ms = Floor(at_ms, 60'000);
  TRY_ASSIGN(auto series, FindSeries(tx, key));
  if (!series) {
    TRY_ASSIGN(Id id, tx.NewId());
    TRY(tx.Execute(
        "INSERT INTO metric_series (id, account, region, namespace, name, dimensions, last_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
        {id, key.account, key.region, key.space, key.name, DimensionsText(key.dimensions), minute_ms}));
    series.emplace(id, minute_ms);
  }
  const auto [id, last_ms] = *series;
  if (last_ms < minute_ms) TRY(tx.Execute("UPDATE metric_series SET last_ms = ? WHERE id = ?", {minute_ms, id}));
  for (const Tier& tier : kTiers) {
    if (tier.period_s == 1 && resolution != Resolution::kSecond) continue;
    TRY(tx.Execute(
        "INSERT INTO metric_points (series_id, period, at_s, unit, samples, total, lowest, highest) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (series_id, period, at_s, unit) DO UPDATE SET "
        "samples = metric_points.samples + excluded.samples, total = metric_points.total + excluded.total, "
        "lowest = CASE WHEN excluded.lowest < metric_points.lowest THEN excluded.lowest ELSE metric_points.lowest END, "
        "highest = CASE WHEN excluded.highest > metric_points.highest THEN excluded.highest ELSE metric_points.highest END",
        {id, tier.period_s, Floor(at_ms / 1000, tier.period_s), unit, values.samples, values.total, values.lowest,
         values.highest}));
  }
  return {};
}

Result<std::vector<MetricPoint>> ReadPoints(store::Transaction& tx, const MetricKey& key, const std::optional<std::string>& unit,
                                            const MetricRange& range, TimeMs now_ms) {
  TRY_ASSIGN(auto series, FindSeries(tx, key));
  if (!series) return std::vector<MetricPoint>();
  std::int64_t start_s = range.start_ms / 1000;
  const Tier& tier = TierFor(range, now_ms / 1000, &start_s);
  const std::int64_t from_s = std::max(start_s, Floor(now_ms / 1000 - tier.kept_s, tier.period_s));
  std::string sql =
      "SELECT at_s, unit, samples, total, lowest, highest FROM metric_points WHERE series_id = ? AND period = ? AND "
      "at_s >= ? AND at_s < ?";
  std::vector<store::Value> values{series->first, tier.period_s, from_s, (range.end_ms + 999) / 1000};
  if (unit) {
    sql += " AND unit = ?";
    values.emplace_back(*unit);
  }
  TRY_ASSIGN(auto rows, tx.Query(sql + " ORDER BY at_s, unit", values));
  std::map<std::pair<std::int64_t, std::string>, Aggregate> periods;
  for (const store::Row& row : rows) {
    const std::int64_t begin = start_s + (row.Int(0) - start_s) / range.period_s * range.period_s;
    periods[{begin, row.Text(1)}].Add({row.Double(2), row.Double(3), row.Double(4), row.Double(5)});
  }
  std::vector<MetricPoint> points;
  points.reserve(periods.size());
  for (const auto& [at, aggregate] : periods) points.push_back({at.first * 1000, at.second, aggregate});
  return points;
}

Result<void> ForgetOldPoints(store::Transaction& tx, TimeMs now_ms) {
  const std::int64_t hour = now_ms / 3'600'000;
  TRY_ASSIGN(auto first, tx.Execute("UPDATE counters SET value = ? WHERE name = 'metrics_swept_hour' AND value < ?", {hour, hour}));
  if (first == 0) return {};
  for (const Tier& tier : kTiers) {
    TRY(tx.Execute("DELETE FROM metric_points WHERE period = ? AND at_s < ?",
                   {tier.period_s, now_ms / 1000 - tier.kept_s - tier.period_s}));
  }
  TRY(tx.Execute("DELETE FROM metric_series WHERE last_ms < ?", {now_ms - std::end(kTiers)[-1].kept_s * 1000}));
  return {};
}

}  // namespace hanse::insight
