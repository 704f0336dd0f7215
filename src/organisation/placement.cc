#include <fmt/format.h>

#include "organisation/guardrails.h"

namespace hanse::organisation {

Result<bool> GuardrailsEnabled(store::Transaction& tx, const OrganizationRow& organization) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT kind FROM organization_policy_types WHERE root = ? AND kind = ?",
                                {organization.root, std::string(kServiceControl)}));
  return row != nullptr;
}

Result<void> StartWithFullAccess(store::Transaction& tx, const OrganizationRow& organization, std::string_view target) {
  TRY_ASSIGN(bool enabled, GuardrailsEnabled(tx, organization));
  if (!enabled) return {};
  TRY(tx.Execute("INSERT INTO organization_policy_targets (target, policy) VALUES (?, ?) ON CONFLICT DO NOTHING",
                 {std::string(target), std::string(kFullAccess)}));
  return {};
}

Result<policy::Placement> PlacementOf(store::Transaction& tx, std::string_view account) {
  policy::Placement placement;
  TRY_ASSIGN(auto row, store::FindAccount(tx, account));
  if (!row || row->status != "ACTIVE") return placement;
  placement.active = true;
  if (row->parent.empty()) return placement;
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(tx));
  placement.organization = organization.id;
  // An account whose unit cannot be found is held by guardrails that cannot be read.
  TRY_ASSIGN(placement.path, PathTo(tx, organization, row->parent));
  if (placement.path.empty()) return Fail(ErrorCode::kUnavailable, fmt::format("the unit of account {} cannot be read", account));
  if (account == organization.management_account) return placement;
  TRY_ASSIGN(bool enabled, GuardrailsEnabled(tx, organization));
  if (!enabled) return placement;

  std::vector<std::string> levels = placement.path;
  levels.emplace_back(account);
  for (const std::string& level : levels) {
    TRY_ASSIGN(auto rows, tx.Query("SELECT t.policy, p.content FROM organization_policy_targets t "
                                   "LEFT JOIN organization_policies p ON p.id = t.policy WHERE t.target = ?",
                                   {level}));
    std::vector<policy::NamedDocument>& documents = placement.service_control.emplace_back();
    for (const store::Row& one : rows) {
      const bool full = one.Text(0) == kFullAccess;
      if (!full && one.null(1)) return Fail(ErrorCode::kUnavailable, fmt::format("policy {} cannot be read", one.Text(0)));
      std::string_view text = full ? kFullAccessDocument : std::string_view(one.Text(1));
      TRY_ASSIGN(policy::DocumentPtr document, policy::ParseDocument(text, policy::DocumentKind::kServiceControl));
      documents.push_back({one.Text(0), std::move(document)});
    }
  }
  return placement;
}

}  // namespace hanse::organisation
