#include "query/query_metrics.h"

#include <vector>

#include "query/workgroup.h"

namespace hanse::query {

Result<void> PublishStatistics(store::Transaction& tx, QueryMetrics& metrics, const Execution& execution,
                               const wire::athena::QueryExecutionStatistics& statistics, TimeMs now_ms) {
  gate::Context context;
  context.caller.account = execution.account;
  context.info.region = execution.region;
  auto group = WorkGroups::Read(tx, context, execution.workgroup);
  if (!group) return {};  // Deleted meanwhile.
  if (!group->configuration || !group->configuration->publish_cloud_watch_metrics_enabled.value_or(false)) return {};
  std::vector<QueryMetrics::Measure> measures;
  auto add = [&](std::string_view name, std::string_view unit, const std::optional<std::int64_t>& value) {
    if (value) measures.push_back({name, unit, static_cast<double>(*value)});
  };
  add("TotalExecutionTime", "Milliseconds", statistics.total_execution_time_in_millis);
  add("QueryQueueTime", "Milliseconds", statistics.query_queue_time_in_millis);
  add("QueryPlanningTime", "Milliseconds", statistics.query_planning_time_in_millis);
  add("EngineExecutionTime", "Milliseconds", statistics.engine_execution_time_in_millis);
  add("ServicePreProcessingTime", "Milliseconds", statistics.service_pre_processing_time_in_millis);
  add("ServiceProcessingTime", "Milliseconds", statistics.service_processing_time_in_millis);
  add("ProcessedBytes", "Bytes", statistics.data_scanned_in_bytes);
  if (measures.empty()) return {};
  const std::string type = execution.definition.statement_type.value_or("UTILITY");
  return metrics.Publish(tx, {execution.account, execution.region, execution.workgroup, execution.state, type}, measures, now_ms);
}

}  // namespace hanse::query
