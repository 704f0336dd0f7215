#pragma once
#include "governance/operation.h"
#include "wire/lakeformation.h"

// Registered locations (lakeformation.md, sections 1.3, 2.9 and 6.5). Lake Formation asks nothing beyond IAM here: the action and
// the passing of the role.
namespace hanse::governance {

struct RegisterResource : Writes<wire::lakeformation::op::RegisterResource> {};
struct UpdateResource : Writes<wire::lakeformation::op::UpdateResource> {};
struct DeregisterResource : Writes<wire::lakeformation::op::DeregisterResource> {};
struct DescribeResource : Reads<wire::lakeformation::op::DescribeResource> {};
struct ListResources : Reads<wire::lakeformation::op::ListResources> {};

// Any thread.
class Locations {
 public:
  Result<RegisterResource::Answer> Do(const gate::Authorized<RegisterResource>& call);
  Result<UpdateResource::Answer> Do(const gate::Authorized<UpdateResource>& call);
  Result<DeregisterResource::Answer> Do(const gate::Authorized<DeregisterResource>& call);
  Result<DescribeResource::Answer> Do(const gate::Authorized<DescribeResource>& call);
  Result<ListResources::Answer> Do(const gate::Authorized<ListResources>& call);
};

using LocationOperations = gate::List<RegisterResource, UpdateResource, DeregisterResource, DescribeResource, ListResources>;

}  // namespace hanse::governance
