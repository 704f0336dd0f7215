#pragma once
#include "governance/operation.h"
#include "wire/ram.h"

// What RAM shows of shares: to the owner its own (SELF), to a consumer those that are open to it (OTHER-ACCOUNTS).
namespace hanse::governance {

struct GetResourceShares : Reads<wire::ram::op::GetResourceShares> {};
struct GetResourceShareAssociations : Reads<wire::ram::op::GetResourceShareAssociations> {};
struct ListSharedResources : Reads<wire::ram::op::ListResources> {};
struct ListPrincipals : Reads<wire::ram::op::ListPrincipals> {};

// Any thread.
class ShareListing {
 public:
  Result<GetResourceShares::Answer> Do(const gate::Authorized<GetResourceShares>& call);
  Result<GetResourceShareAssociations::Answer> Do(const gate::Authorized<GetResourceShareAssociations>& call);
  Result<ListSharedResources::Answer> Do(const gate::Authorized<ListSharedResources>& call);
  Result<ListPrincipals::Answer> Do(const gate::Authorized<ListPrincipals>& call);
};

using ShareListingOperations = gate::List<GetResourceShares, GetResourceShareAssociations, ListSharedResources, ListPrincipals>;

}  // namespace hanse::governance
