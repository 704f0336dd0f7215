#pragma once
#include <optional>
#include <string>
#include <vector>

#include "store/directory.h"

// The rows of the organisation and its tree.
namespace hanse::organisation {

struct OrganizationRow {
  std::string id, root, management_account;
  TimeMs created_ms = 0;

  std::string Arn() const;
  std::string RootArn() const;
  std::string AccountArn(const std::string& account) const;
};
struct UnitRow {
  std::string id, name, parent, arn;
};

// kNotFound "AWSOrganizationsNotInUseException" before the first start has made it.
Result<OrganizationRow> ReadOrganization(store::Transaction& tx);
Result<std::optional<UnitRow>> FindUnit(store::Transaction& tx, const std::string& id);
// The units from the one that is named up to, and without, the root; empty for the root. kNotFound where one is missing.
Result<std::vector<UnitRow>> UnitsAbove(store::Transaction& tx, const OrganizationRow& organization, const std::string& parent);
// r-…, ou-… from the root down to the unit that holds the account: Caller::organization_path.
Result<std::vector<std::string>> PathOf(store::Transaction& tx, const AccountId& account);

}  // namespace hanse::organisation
