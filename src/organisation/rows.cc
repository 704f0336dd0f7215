#include "organisation/rows.h"

#include <algorithm>

#include <fmt/format.h>

namespace hanse::organisation {
namespace {

constexpr int kDepthMax = 64;  // More than the tree can have: a loop in the rows ends here.

}  // namespace

std::string OrganizationRow::Arn() const { return fmt::format("arn:aws:organizations::{}:organization/{}", management_account, id); }

std::string OrganizationRow::RootArn() const { return fmt::format("arn:aws:organizations::{}:root/{}/{}", management_account, id, root); }

std::string OrganizationRow::AccountArn(const std::string& account) const {
  return fmt::format("arn:aws:organizations::{}:account/{}/{}", management_account, id, account);
}

Result<OrganizationRow> ReadOrganization(store::Transaction& tx) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT id, root, management_account, created_ms FROM organizations"));
  if (!row) return FailAs(ErrorCode::kNotFound, "AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
  return OrganizationRow{row->Text(0), row->Text(1), row->Text(2), row->Int(3)};
}

Result<std::optional<UnitRow>> FindUnit(store::Transaction& tx, const std::string& id) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT id, name, parent, arn FROM organizational_units WHERE id = ?", {id}));
  if (!row) return std::optional<UnitRow>();
  return std::optional<UnitRow>({row->Text(0), row->Text(1), row->Text(2), row->Text(3)});
}

Result<std::vector<UnitRow>> UnitsAbove(store::Transaction& tx, const OrganizationRow& organization, const std::string& parent) {
  std::vector<UnitRow> units;
  for (std::string at = parent; at != organization.root; at = units.back().parent) {
    TRY_ASSIGN(auto unit, FindUnit(tx, at));
    if (!unit || static_cast<int>(units.size()) == kDepthMax) return Fail(ErrorCode::kNotFound, fmt::format("no unit {}", at));
    units.push_back(std::move(*unit));
  }
  return units;
}

Result<std::vector<std::string>> PathOf(store::Transaction& tx, const AccountId& account) {
  TRY_ASSIGN(auto found, store::FindAccount(tx, account));
  if (!found || found->parent.empty()) return std::vector<std::string>{};
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(tx));
  TRY_ASSIGN(std::vector<UnitRow> units, UnitsAbove(tx, organization, found->parent));
  std::vector<std::string> path = {organization.root};
  for (auto unit = units.rbegin(); unit != units.rend(); ++unit) path.push_back(unit->id);
  return path;
}

}  // namespace hanse::organisation
