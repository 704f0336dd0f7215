#pragma once
#include "governance/operation.h"
#include "wire/lakeformation.h"

// Registered locations (lakeformation.md, sections 1.3, 2.9 and 6.5). Lake Formation asks nothing beyond IAM here: the action and
// the passing of the role.
namespace hanse::governance {

struct RegisterResource : LakeOperation<wire::lakeformation::op::RegisterResource> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct UpdateResource : LakeOperation<wire::lakeformation::op::UpdateResource> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct DeregisterResource : LakeOperation<wire::lakeformation::op::DeregisterResource> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct DescribeResource : LakeOperation<wire::lakeformation::op::DescribeResource> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};
struct ListResources : LakeOperation<wire::lakeformation::op::ListResources> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};

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
