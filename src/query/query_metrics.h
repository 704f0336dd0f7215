#pragma once
#include <span>
#include <string>
#include <string_view>

#include "query/execution_store.h"

// What CloudWatch is told of queries (Amazon Athena User Guide, "Monitor Athena query metrics"), where their workgroup has
// PublishCloudWatchMetricsEnabled. Any thread.
namespace hanse::query {

// Takes measures of a query that has ended, in the transaction in which it ends. server/ connects it to insight/.
class QueryMetrics {
 public:
  virtual ~QueryMetrics() = default;
  struct Query {
    std::string account, region, workgroup, state, type;  // "SUCCEEDED", "DML"
  };
  struct Measure {
    std::string_view name, unit;  // "TotalExecutionTime", "Milliseconds"
    double value = 0;
  };
  virtual Result<void> Publish(store::Transaction& tx, const Query& query, std::span<const Measure> measures, TimeMs now_ms) = 0;
};

// What the execution's statistics have of it.
Result<void> PublishStatistics(store::Transaction& tx, QueryMetrics& metrics, const Execution& execution,
                               const wire::athena::QueryExecutionStatistics& statistics, TimeMs now_ms);

}  // namespace hanse::query
