#pragma once
#include <string>
#include <vector>

#include "audit/index.h"
#include "audit/outbox.h"
#include "gate/gate.h"
#include "wire/cloudtrail.h"

// CloudTrail's reading side: what was recorded in the caller's account, and the organisation's trail, which is there from the first
// record on and which nobody stops. Source: CloudTrail API reference.
namespace hanse::insight {

struct LookupEvents {
  static constexpr gate::Rule kRule{"cloudtrail", "LookupEvents", gate::Record::kRead};
  using Wire = wire::cloudtrail::op::LookupEvents;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct DescribeTrails {
  static constexpr gate::Rule kRule{"cloudtrail", "DescribeTrails", gate::Record::kRead};
  using Wire = wire::cloudtrail::op::DescribeTrails;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct ListTrails {
  static constexpr gate::Rule kRule{"cloudtrail", "ListTrails", gate::Record::kRead};
  using Wire = wire::cloudtrail::op::ListTrails;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetTrail {
  static constexpr gate::Rule kRule{"cloudtrail", "GetTrail", gate::Record::kRead};
  using Wire = wire::cloudtrail::op::GetTrail;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetTrailStatus {
  static constexpr gate::Rule kRule{"cloudtrail", "GetTrailStatus", gate::Record::kRead};
  using Wire = wire::cloudtrail::op::GetTrailStatus;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

using Operations = gate::List<LookupEvents, DescribeTrails, ListTrails, GetTrail, GetTrailStatus>;

// Any thread; index and outbox outlive it. A look-up waits up to a second for the records of changes that were answered before it.
class CloudTrail {
 public:
  CloudTrail(audit::Index& index, audit::Outbox& outbox) : index_(index), outbox_(outbox) {}

  Result<LookupEvents::Answer> Do(const gate::Authorized<LookupEvents>& call);
  Result<DescribeTrails::Answer> Do(const gate::Authorized<DescribeTrails>& call);
  Result<ListTrails::Answer> Do(const gate::Authorized<ListTrails>& call);
  Result<GetTrail::Answer> Do(const gate::Authorized<GetTrail>& call);
  Result<GetTrailStatus::Answer> Do(const gate::Authorized<GetTrailStatus>& call);

 private:
  audit::Index& index_;
  audit::Outbox& outbox_;
};

}  // namespace hanse::insight
