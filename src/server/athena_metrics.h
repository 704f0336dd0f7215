#pragma once
#include "query/query_metrics.h"

namespace hanse::server {

// Measures of queries as CloudWatch's metrics of the namespace AWS/Athena.
class AthenaMetrics final : public query::QueryMetrics {
 public:
  Result<void> Publish(store::Transaction& tx, const Query& query, std::span<const Measure> measures, TimeMs now_ms) override;
};

}  // namespace hanse::server
