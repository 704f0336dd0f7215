#pragma once
#include "governance/permission_rows.h"
#include "wire/ram.h"

namespace hanse::governance {

wire::ram::ResourceSharePermissionSummary ShownPermission(const SharePermission& permission, std::int64_t version);
Result<wire::ram::ResourceSharePermissionDetail> PermissionInFull(store::Transaction& tx, const SharePermission& permission,
                                                                  std::int64_t version);

}  // namespace hanse::governance
