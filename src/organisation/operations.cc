#include "organisation/operations.h"

#include "organisation/rows.h"

namespace hanse::organisation {
namespace {

Result<bool> Has(Authority authority, store::Transaction& tx, const OrganizationRow& organization, const AccountId& account) {
  if (account == organization.management_account) return true;
  if (authority == Authority::kManagement || account.empty()) return false;
  TRY_ASSIGN(auto row, store::FindAccount(tx, account));
  if (!row || row->parent.empty()) return false;
  if (authority == Authority::kMember) return true;
  TRY_ASSIGN(auto delegate, tx.Maybe("SELECT service FROM delegated_administrators WHERE account = ? LIMIT 1", {account}));
  return delegate != nullptr;
}

}  // namespace

Result<std::vector<gate::Need>> NeedAs(Authority authority, const gate::Context& context, store::Transaction& tx,
                                       std::string action, const std::optional<std::string>& target,
                                       const std::optional<std::string>& service) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(tx));
  TRY_ASSIGN(bool may, Has(authority, tx, organization, context.caller.account));
  if (!may) {
    return Refuse(ErrorCode::kAccessDenied, "AccessDeniedException", "You don't have permissions to access this resource.");
  }
  gate::Need need{.action = std::move(action), .resource = "*"};
  if (target) {
    TRY_ASSIGN(auto node, FindNode(tx, organization, *target));
    if (node)
      need.resource = node->arn;
    else if (target->starts_with("p-"))
      need.resource = organization.PolicyArn(*target);
  }
  if (service) need.context["organizations:serviceprincipal"] = {*service};
  return std::vector<gate::Need>{std::move(need)};
}

}  // namespace hanse::organisation
