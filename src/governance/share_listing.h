#pragma once
#include "governance/operation.h"
#include "governance/ram_operation.h"
#include "wire/ram.h"

// What RAM shows of shares: to the owner its own (SELF), to a consumer those that are open to it (OTHER-ACCOUNTS).
namespace hanse::governance {

struct GetResourceShares : RamOperation<wire::ram::op::GetResourceShares> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};
struct GetResourceShareAssociations : RamOperation<wire::ram::op::GetResourceShareAssociations> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};
struct ListSharedResources : RamOperation<wire::ram::op::ListResources> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};
struct ListPrincipals : RamOperation<wire::ram::op::ListPrincipals> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};

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
