#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/wire_operation.h"
#include "query/operation.h"
#include "wire/hanse_service.h"

namespace hanse::query {

// Data usage controls: how much all queries of a workgroup together may scan in the last so many minutes. Athena leaves this to
// alarms of CloudWatch that somebody acts on; here it is a limit (lakeformation.md 8.2). A query that starts may scan what is left,
// and none starts where nothing is. What a query scans counts when it ends, however it ends: those that run at once may pass the
// limit by what each was given.
struct SetDataUsageControls : gate::WireOperation<wire::hanse_service::op::SetDataUsageControls, gate::Record::kWrite> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};
struct GetDataUsage : gate::WireOperation<wire::hanse_service::op::GetDataUsage, gate::Record::kRead> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Whose bytes are counted.
struct CountedGroup {
  std::string account, region, workgroup;
};

// Any thread.
class DataUsage {
 public:
  static constexpr std::int64_t kMinutesKept = 44'640;  // 31 days: the longest period.

  Result<SetDataUsageControls::Answer> Do(const gate::Authorized<SetDataUsageControls>& call);
  Result<GetDataUsage::Answer> Do(const gate::Authorized<GetDataUsage>& call);

  static Result<void> Count(store::Transaction& tx, const CountedGroup& group, std::uint64_t scanned_bytes, TimeMs now_ms);
  // What the next query may scan; nothing: as much as it likes.
  static Result<std::optional<std::uint64_t>> Left(store::Transaction& tx, const CountedGroup& group, TimeMs now_ms);
};

using DataUsageOperations = gate::List<SetDataUsageControls, GetDataUsage>;

}  // namespace hanse::query
