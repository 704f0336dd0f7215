#include "organisation/organisation.h"

#include <fmt/format.h>

#include "crypto/sealed.h"
#include "model/ids.h"

namespace hanse::organisation {

namespace orgs = wire::organizations;

Result<std::vector<gate::Need>> NeedsOn(std::string_view name, Audience who, const gate::Context& context, store::Transaction& tx) {
  if (who == Audience::kManagement) {
    TRY_ASSIGN(OrganizationRow organization, ReadOrganization(tx));
    if (organization.management_account != context.caller.account) {
      return FailAs(ErrorCode::kAccessDenied, "AccessDeniedException", "You don't have permissions to access this resource.");
    }
  }
  return std::vector<gate::Need>{{fmt::format("organizations:{}", name), "*", {}}};
}

Result<void> Organisation::Found(store::Transaction& tx, const AccountId& management_account, TimeMs now_ms) {
  TRY_ASSIGN(auto founded, tx.Maybe("SELECT 1 FROM organizations"));
  if (founded) return {};
  OrganizationRow row{NewOrganizationId(parts_.random), NewRootId(parts_.random), management_account, now_ms};
  TRY(tx.Execute("INSERT INTO organizations (id, root, management_account, created_ms) VALUES (?, ?, ?, ?)",
                 {row.id, row.root, row.management_account, row.created_ms}));
  TRY(tx.Execute("INSERT INTO accounts (account, name, email, arn, status, joined_ms, joined_method, parent) VALUES (?, 'management', "
                 "'management@localhost.localdomain', ?, 'ACTIVE', ?, 'INVITED', ?)",
                 {management_account, row.AccountArn(management_account), now_ms, row.root}));
  return {};
}

Result<std::string> Organisation::After(std::string_view list, const std::optional<std::string>& token) const {
  if (!token) return std::string();
  auto key = crypto::OpenToken(parts_.key, fmt::format("organisation/{}", list), *token);
  if (!key) return FailAs(ErrorCode::kInvalidArgument, "InvalidInputException", "You provided an invalid value for NextToken.");
  return std::move(*key);
}

std::optional<std::string> Organisation::Next(std::string_view list, bool more, const std::string& last) const {
  if (!more) return std::nullopt;
  return crypto::SealToken(parts_.key, parts_.random, fmt::format("organisation/{}", list), last);
}

Result<CreateOrganization::Answer> Organisation::Do(const gate::Authorized<CreateOrganization>&) {
  return FailAs(ErrorCode::kAlreadyExists, "AlreadyInOrganizationException", "The AWS account is already a member of an organization.");
}

Result<DescribeOrganization::Answer> Organisation::Do(const gate::Authorized<DescribeOrganization>& call) {
  TRY_ASSIGN(OrganizationRow row, ReadOrganization(call.tx()));
  TRY_ASSIGN(auto account, store::FindAccount(call.tx(), row.management_account));
  orgs::Organization organization{.id = row.id,
                                  .arn = row.Arn(),
                                  .feature_set = "ALL",
                                  .master_account_arn = row.AccountArn(row.management_account),
                                  .master_account_id = row.management_account,
                                  .master_account_email = account ? account->email : std::string()};
  organization.available_policy_types = {{orgs::PolicyTypeSummary{.type = "SERVICE_CONTROL_POLICY", .status = "ENABLED"}}};
  return DescribeOrganization::Answer{.organization = std::move(organization)};
}

Result<ListRoots::Answer> Organisation::Do(const gate::Authorized<ListRoots>& call) {
  TRY_ASSIGN(OrganizationRow row, ReadOrganization(call.tx()));
  return ListRoots::Answer{
      .roots = {{orgs::Root{.id = row.root, .arn = row.RootArn(), .name = "Root", .policy_types = std::vector<orgs::PolicyTypeSummary>{}}}}};
}

Result<EnableAWSServiceAccess::Answer> Organisation::Do(const gate::Authorized<EnableAWSServiceAccess>& call) {
  TRY(call.tx().Execute("INSERT INTO organization_services (service, enabled_ms) VALUES (?, ?) ON CONFLICT (service) DO NOTHING",
                        {*call->in.service_principal, call.now_ms()}));
  return EnableAWSServiceAccess::Answer{};
}

Result<DisableAWSServiceAccess::Answer> Organisation::Do(const gate::Authorized<DisableAWSServiceAccess>& call) {
  TRY(call.tx().Execute("DELETE FROM organization_services WHERE service = ?", {*call->in.service_principal}));
  return DisableAWSServiceAccess::Answer{};
}

Result<ListAWSServiceAccessForOrganization::Answer> Organisation::Do(const gate::Authorized<ListAWSServiceAccessForOrganization>& call) {
  TRY_ASSIGN(std::string after, After("services", call->in.next_token));
  std::int64_t limit = call->in.max_results.value_or(20);
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT service, enabled_ms FROM organization_services WHERE service > ? ORDER BY service LIMIT ?",
                                        {after, limit + 1}));
  ListAWSServiceAccessForOrganization::Answer answer{.enabled_service_principals = std::vector<orgs::EnabledServicePrincipal>{}};
  for (const store::Row& row : rows) {
    if (static_cast<std::int64_t>(answer.enabled_service_principals->size()) == limit) break;
    answer.enabled_service_principals->push_back({.service_principal = row.Text(0), .date_enabled = wire::Timestamp{row.Int(1)}});
  }
  bool more = static_cast<std::int64_t>(rows.size()) > limit;
  answer.next_token = Next("services", more, more ? *answer.enabled_service_principals->back().service_principal : "");
  return answer;
}

}  // namespace hanse::organisation
