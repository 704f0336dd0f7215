#pragma once
#include <vector>

#include "governance/share_rows.h"
#include "wire/ram.h"

namespace hanse::governance {

Result<wire::ram::ResourceShare> ShownShare(store::Transaction& tx, const ShareRow& share);
wire::ram::ResourceShareAssociation ShownPrincipal(const ShareRow& share, const SharePrincipalRow& principal);

// What a share holds: by its grants, or by hand. Each once.
struct ShareResource {
  std::string arn, type, status;
  TimeMs created_ms = 0, updated_ms = 0;
};
Result<std::vector<ShareResource>> ResourcesOf(store::Transaction& tx, const ShareRow& share);
wire::ram::ResourceShareAssociation ShownResource(const ShareRow& share, const ShareResource& resource);
wire::ram::Resource ListedResource(const ShareRow& share, const ShareResource& resource);

std::unexpected<Error> NoShare(const std::string& arn);

}  // namespace hanse::governance
