#include "organisation/rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "organisation/guardrails.h"

namespace hanse::organisation {
namespace {

constexpr int kMaxDepth = 16;  // A tree that is deeper was broken: five units is what CreateOrganizationalUnit allows.

std::string OrganizationsArn(const OrganizationRow& organization, std::string_view rest) {
  return fmt::format("arn:aws:organizations::{}:{}", organization.management_account, rest);
}

}  // namespace

std::unexpected<Error> Refuse(ErrorCode code, std::string name, std::string message) {
  return FailAs(code, std::move(name), std::move(message));
}

std::string OrganizationRow::Arn() const { return OrganizationsArn(*this, "organization/" + id); }
std::string OrganizationRow::RootArn() const { return OrganizationsArn(*this, fmt::format("root/{}/{}", id, root)); }
std::string OrganizationRow::AccountArn(std::string_view account) const {
  return OrganizationsArn(*this, fmt::format("account/{}/{}", id, account));
}
std::string OrganizationRow::UnitArn(std::string_view unit) const {
  return OrganizationsArn(*this, fmt::format("ou/{}/{}", id, unit));
}
std::string OrganizationRow::PolicyArn(std::string_view policy) const {
  if (policy == kFullAccess) return fmt::format("arn:aws:organizations::aws:policy/service_control_policy/{}", policy);
  return OrganizationsArn(*this, fmt::format("policy/{}/service_control_policy/{}", id, policy));
}

Result<OrganizationRow> ReadOrganization(store::Transaction& tx) {
  TRY_ASSIGN(auto row, tx.RecallMaybe("SELECT id, root, management_account, created_ms FROM organizations"));
  if (!row) {
    return Refuse(ErrorCode::kNotFound, "AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
  }
  return OrganizationRow{row->Text(0), row->Text(1), row->Text(2), row->Int(3)};
}

Result<std::optional<UnitRow>> FindUnit(store::Transaction& tx, std::string_view id) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT id, name, parent, arn FROM organizational_units WHERE id = ?", {std::string(id)}));
  if (!row) return std::optional<UnitRow>();
  return std::optional(UnitRow{row->Text(0), row->Text(1), row->Text(2), row->Text(3)});
}

Result<std::vector<std::string>> PathTo(store::Transaction& tx, const OrganizationRow& organization, std::string_view node) {
  std::vector<std::string> path;
  std::string at(node);
  while (at != organization.root) {
    TRY_ASSIGN(auto unit, FindUnit(tx, at));
    if (!unit || path.size() > kMaxDepth) return std::vector<std::string>();
    path.push_back(at);
    at = unit->parent;
  }
  path.push_back(at);
  std::ranges::reverse(path);
  return path;
}

Result<std::vector<std::string>> PathOf(store::Transaction& tx, const AccountId& account) {
  TRY_ASSIGN(auto row, store::FindAccount(tx, account));
  if (!row || row->parent.empty()) return std::vector<std::string>();
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(tx));
  TRY_ASSIGN(std::vector<std::string> path, PathTo(tx, organization, row->parent));
  if (path.empty()) return Fail(ErrorCode::kUnavailable, fmt::format("the unit of account {} cannot be read", account));
  return path;
}

Result<void> InsertAccount(store::Transaction& tx, const OrganizationRow& organization, const NewAccount& account, TimeMs now_ms) {
  TRY(
      tx.Execute("INSERT INTO accounts (account, name, email, arn, status, joined_ms, joined_method, parent) "
                 "VALUES (?, ?, ?, ?, 'ACTIVE', ?, ?, ?)",
                 {account.account, account.name, account.email, organization.AccountArn(account.account), now_ms,
                  account.joined_method, organization.root}));
  return StartWithFullAccess(tx, organization, account.account);
}

Result<std::optional<Node>> FindNode(store::Transaction& tx, const OrganizationRow& organization, std::string_view id) {
  if (id == organization.root) return std::optional(Node{NodeKind::kRoot, organization.root, organization.RootArn(), "Root", ""});
  if (id.starts_with("ou-")) {
    TRY_ASSIGN(auto unit, FindUnit(tx, id));
    if (!unit) return std::optional<Node>();
    return std::optional(Node{NodeKind::kUnit, unit->id, unit->arn, unit->name, unit->parent});
  }
  TRY_ASSIGN(auto account, store::FindAccount(tx, id));
  if (!account || account->parent.empty()) return std::optional<Node>();
  return std::optional(Node{NodeKind::kAccount, account->account, account->arn, account->name, account->parent});
}

std::string_view WireName(NodeKind kind) {
  switch (kind) {
    case NodeKind::kRoot: return "ROOT";
    case NodeKind::kUnit: return "ORGANIZATIONAL_UNIT";
    case NodeKind::kAccount: return "ACCOUNT";
  }
  return "ROOT";
}

}  // namespace hanse::organisation
