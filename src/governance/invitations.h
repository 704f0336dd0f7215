#pragma once
#include "governance/operation.h"
#include "wire/ram.h"

// Invitations to shares from outside the organisation (lakeformation.md, section 5.3). Until one is accepted its share gives
// nothing.
namespace hanse::governance {

struct GetResourceShareInvitations : Reads<wire::ram::op::GetResourceShareInvitations> {};
struct AcceptResourceShareInvitation : Writes<wire::ram::op::AcceptResourceShareInvitation> {};
struct RejectResourceShareInvitation : Writes<wire::ram::op::RejectResourceShareInvitation> {};
struct ListPendingInvitationResources : Reads<wire::ram::op::ListPendingInvitationResources> {};

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
