#include "model/ids.h"
#include "organisation/guardrails.h"
#include "organisation/organisation.h"

namespace hanse::organisation {
namespace {

Result<wire::organizations::Organization> ToWire(store::Transaction& tx, const OrganizationRow& row) {
  wire::organizations::Organization made{.id = row.id,
                                         .arn = row.Arn(),
                                         .feature_set = "ALL",
                                         .master_account_arn = row.AccountArn(row.management_account),
                                         .master_account_id = row.management_account};
  TRY_ASSIGN(auto account, store::FindAccount(tx, row.management_account));
  if (account) made.master_account_email = account->email;
  made.available_policy_types = {{.type = std::string(kServiceControl), .status = "ENABLED"}};
  return made;
}

}  // namespace

Result<void> Organisation::Found(store::Transaction& tx, const AccountId& management_account, TimeMs now_ms) {
  TRY_ASSIGN(auto there, tx.Maybe("SELECT id FROM organizations"));
  if (there) return {};
  OrganizationRow row{NewOrganizationId(random_), NewRootId(random_), management_account, now_ms};
  TRY(tx.Execute("INSERT INTO organizations (id, root, management_account, created_ms) VALUES (?, ?, ?, ?)",
                 {row.id, row.root, row.management_account, row.created_ms}));
  return InsertAccount(tx, row, {management_account, "management", "management@localhost.localdomain", "INVITED"}, now_ms);
}

Result<CreateOrganization::Answer> Organisation::Do(const gate::Authorized<CreateOrganization>&) {
  return Refuse(ErrorCode::kAlreadyExists, "AlreadyInOrganizationException",
                "This account is already a member of an organization.");
}

Result<DescribeOrganization::Answer> Organisation::Do(const gate::Authorized<DescribeOrganization>& call) {
  TRY_ASSIGN(OrganizationRow row, ReadOrganization(call.tx()));
  DescribeOrganization::Answer answer;
  TRY_ASSIGN(answer.organization, ToWire(call.tx(), row));
  return answer;
}

Result<wire::organizations::Root> Organisation::RootOf(store::Transaction& tx, const OrganizationRow& row) {
  wire::organizations::Root root{.id = row.root, .arn = row.RootArn(), .name = "Root"};
  root.policy_types.emplace();
  TRY_ASSIGN(auto enabled, tx.Query("SELECT kind FROM organization_policy_types WHERE root = ?", {row.root}));
  for (const store::Row& one : enabled) root.policy_types->push_back({.type = one.Text(0), .status = "ENABLED"});
  return root;
}

Result<ListRoots::Answer> Organisation::Do(const gate::Authorized<ListRoots>& call) {
  TRY(pages_.Begin("ListRoots", call->in.next_token, call->in.max_results));
  TRY_ASSIGN(OrganizationRow row, ReadOrganization(call.tx()));
  TRY_ASSIGN(wire::organizations::Root root, RootOf(call.tx(), row));
  ListRoots::Answer answer;
  answer.roots = {std::move(root)};
  return answer;
}

Result<EnableAWSServiceAccess::Answer> Organisation::Do(const gate::Authorized<EnableAWSServiceAccess>& call) {
  TRY(call.tx().Execute("INSERT INTO organization_services (service, enabled_ms) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        {*call->in.service_principal, call.now_ms()}));
  return EnableAWSServiceAccess::Answer{};
}

Result<DisableAWSServiceAccess::Answer> Organisation::Do(const gate::Authorized<DisableAWSServiceAccess>& call) {
  TRY(call.tx().Execute("DELETE FROM organization_services WHERE service = ?", {*call->in.service_principal}));
  return DisableAWSServiceAccess::Answer{};
}

Result<ListAWSServiceAccessForOrganization::Answer> Organisation::Do(
    const gate::Authorized<ListAWSServiceAccessForOrganization>& call) {
  TRY_ASSIGN(auto page, pages_.Begin("ListAWSServiceAccess", call->in.next_token, call->in.max_results));
  TRY_ASSIGN(auto rows,
             call.tx().Query("SELECT service, enabled_ms FROM organization_services WHERE service > ? ORDER BY service LIMIT ?",
                             {page.after, page.limit + 1}));
  ListAWSServiceAccessForOrganization::Answer answer;
  answer.next_token = pages_.End(page, &rows, [](const store::Row& row) { return row.Text(0); });
  answer.enabled_service_principals.emplace();
  for (const store::Row& row : rows) {
    answer.enabled_service_principals->push_back({.service_principal = row.Text(0), .date_enabled = wire::Timestamp{row.Int(1)}});
  }
  return answer;
}

}  // namespace hanse::organisation
