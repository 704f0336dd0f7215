#include "server/athena_metrics.h"

#include "insight/metric_store.h"

namespace hanse::server {

Result<void> AthenaMetrics::Publish(store::Transaction& tx, const Query& query, std::span<const Measure> measures, TimeMs now_ms) {
  insight::MetricKey key{.account = query.account, .region = query.region, .space = "AWS/Athena"};
  key.dimensions = {{"QueryState", query.state}, {"QueryType", query.type}, {"WorkGroup", query.workgroup}};
  for (const Measure& measure : measures) {
    key.name = measure.name;
    TRY(insight::AddToMetric(tx, key, std::string(measure.unit), now_ms, insight::AggregateOf(measure.value),
                             insight::Resolution::kMinute));
  }
  return insight::ForgetOldPoints(tx, now_ms);
}

}  // namespace hanse::server
