#pragma once
#include "governance/operation.h"
#include "governance/ram_operation.h"
#include "wire/ram.h"

// Invitations to shares from outside the organisation (lakeformation.md, section 5.3). Until one is accepted its share gives
// nothing.
namespace hanse::governance {

struct GetResourceShareInvitations : RamOperation<wire::ram::op::GetResourceShareInvitations> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};
struct AcceptResourceShareInvitation : RamOperation<wire::ram::op::AcceptResourceShareInvitation> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct RejectResourceShareInvitation : RamOperation<wire::ram::op::RejectResourceShareInvitation> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct ListPendingInvitationResources : RamOperation<wire::ram::op::ListPendingInvitationResources> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};

// Any thread.
class Invitations {
 public:
  Result<GetResourceShareInvitations::Answer> Do(const gate::Authorized<GetResourceShareInvitations>& call);
  Result<AcceptResourceShareInvitation::Answer> Do(const gate::Authorized<AcceptResourceShareInvitation>& call);
  Result<RejectResourceShareInvitation::Answer> Do(const gate::Authorized<RejectResourceShareInvitation>& call);
  Result<ListPendingInvitationResources::Answer> Do(const gate::Authorized<ListPendingInvitationResources>& call);
};

using InvitationOperations = gate::List<GetResourceShareInvitations, AcceptResourceShareInvitation, RejectResourceShareInvitation,
                                        ListPendingInvitationResources>;

}  // namespace hanse::governance
