#pragma once
#include <optional>
#include <vector>

#include "governance/grant_rows.h"
#include "wire/lakeformation.h"

namespace hanse::governance {

// A row of the grant table as clients read it: none, one or two answers. None: what it is about is gone.
Result<std::vector<wire::lakeformation::PrincipalResourcePermissions>> Shown(store::Transaction& tx, const GrantRow& row);
// The resource of a row; nothing where it is gone.
Result<std::optional<wire::lakeformation::Resource>> ShownResource(store::Transaction& tx, const GrantRow& row);
// The ARN under which RAM shows what a row shares (lakeformation.md, section 5.2), and RAM's type of it.
struct SharedResource {
  std::string arn, type;
};
Result<std::optional<SharedResource>> SharedBy(store::Transaction& tx, const GrantRow& row);

}  // namespace hanse::governance
