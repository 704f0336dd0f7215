#pragma once
#include <string>
#include <vector>

#include "gate/gate.h"
#include "gate/wire_operation.h"
#include "insight/metric_store.h"
#include "wire/cloudwatch.h"

// CloudWatch's metrics: those of the caller's account in the region that he asks. Source: CloudWatch API reference.
namespace hanse::insight {

struct PutMetricData {
  static constexpr gate::Rule kRule{"cloudwatch", "PutMetricData", gate::Record::kWrite, "Data"};
  using Wire = wire::cloudwatch::op::PutMetricData;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};
struct GetMetricData : gate::WireOperation<wire::cloudwatch::op::GetMetricData, gate::Record::kRead> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};
struct GetMetricStatistics : gate::WireOperation<wire::cloudwatch::op::GetMetricStatistics, gate::Record::kRead> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};
struct ListMetrics : gate::WireOperation<wire::cloudwatch::op::ListMetrics, gate::Record::kRead> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

using MetricOperations = gate::List<PutMetricData, GetMetricData, GetMetricStatistics, ListMetrics>;

// Any thread.
class CloudWatch {
 public:
  static constexpr std::size_t kQueriesMax = 500, kPointsMax = 100'800, kChainMax = 16;  // Of one GetMetricData.
  static constexpr std::int64_t kStatisticsPointsMax = 1440;                             // Of one GetMetricStatistics.
  static constexpr std::size_t kPageMax = 500;                                           // Of one ListMetrics.

  Result<PutMetricData::Answer> Do(const gate::Authorized<PutMetricData>& call);
  Result<GetMetricData::Answer> Do(const gate::Authorized<GetMetricData>& call);
  Result<GetMetricStatistics::Answer> Do(const gate::Authorized<GetMetricStatistics>& call);
  Result<ListMetrics::Answer> Do(const gate::Authorized<ListMetrics>& call);
};

// Of one statistic: "Average", "Sum", … kUnsupported by its name where it is none of the plain five.
Result<double> StatisticOf(const Aggregate& values, std::string_view statistic);
// InvalidParameterValue where nobody can ask for such a period.
Result<void> CheckPeriod(std::int64_t period_s);
// The caller's metric of that name. InvalidParameterValue where a dimension is named twice.
Result<MetricKey> MetricOf(const gate::Call& call, const std::optional<std::string>& space, const std::optional<std::string>& name,
                           const std::optional<std::vector<wire::cloudwatch::Dimension>>& dimensions);
std::unexpected<Error> WrongValue(std::string message);
std::unexpected<Error> WrongCombination(std::string message);

}  // namespace hanse::insight
