#pragma once
#include "base/random.h"
#include "governance/operation.h"
#include "governance/ram_operation.h"
#include "wire/ram.h"

// Resource shares: those that grants make, seen and closed through RAM, and those made by hand (lakeformation.md, sections 5.2
// and 5.8).
namespace hanse::governance {

struct EnableSharingWithAwsOrganization : RamOperation<wire::ram::op::EnableSharingWithAwsOrganization> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct CreateResourceShare : RamOperation<wire::ram::op::CreateResourceShare> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct UpdateResourceShare : RamOperation<wire::ram::op::UpdateResourceShare> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct DeleteResourceShare : RamOperation<wire::ram::op::DeleteResourceShare> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct AssociateResourceShare : RamOperation<wire::ram::op::AssociateResourceShare> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct DisassociateResourceShare : RamOperation<wire::ram::op::DisassociateResourceShare> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct TagShare : RamOperation<wire::ram::op::TagResource> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct UntagShare : RamOperation<wire::ram::op::UntagResource> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};

// Any thread.
class Shares {
 public:
  explicit Shares(Random& random) : random_(random) {}
  Result<EnableSharingWithAwsOrganization::Answer> Do(const gate::Authorized<EnableSharingWithAwsOrganization>& call);
  Result<CreateResourceShare::Answer> Do(const gate::Authorized<CreateResourceShare>& call);
  Result<UpdateResourceShare::Answer> Do(const gate::Authorized<UpdateResourceShare>& call);
  Result<DeleteResourceShare::Answer> Do(const gate::Authorized<DeleteResourceShare>& call);
  Result<AssociateResourceShare::Answer> Do(const gate::Authorized<AssociateResourceShare>& call);
  Result<DisassociateResourceShare::Answer> Do(const gate::Authorized<DisassociateResourceShare>& call);
  Result<TagShare::Answer> Do(const gate::Authorized<TagShare>& call);
  Result<UntagShare::Answer> Do(const gate::Authorized<UntagShare>& call);

 private:
  Random& random_;
};

using ShareOperations = gate::List<EnableSharingWithAwsOrganization, CreateResourceShare, UpdateResourceShare, DeleteResourceShare,
                                   AssociateResourceShare, DisassociateResourceShare, TagShare, UntagShare>;

}  // namespace hanse::governance
