#pragma once
#include "base/random.h"
#include "governance/operation.h"
#include "wire/ram.h"

// Resource shares: those that grants make, seen and closed through RAM, and those made by hand (lakeformation.md, sections 5.2
// and 5.8).
namespace hanse::governance {

struct EnableSharingWithAwsOrganization : Writes<wire::ram::op::EnableSharingWithAwsOrganization> {};
struct CreateResourceShare : Writes<wire::ram::op::CreateResourceShare> {};
struct UpdateResourceShare : Writes<wire::ram::op::UpdateResourceShare> {};
struct DeleteResourceShare : Writes<wire::ram::op::DeleteResourceShare> {};
struct AssociateResourceShare : Writes<wire::ram::op::AssociateResourceShare> {};
struct DisassociateResourceShare : Writes<wire::ram::op::DisassociateResourceShare> {};
struct TagShare : Writes<wire::ram::op::TagResource> {};
struct UntagShare : Writes<wire::ram::op::UntagResource> {};

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
