#include <fmt/format.h>

#include "organisation/organisation.h"
#include "organisation/shown_account.h"

namespace hanse::organisation {
namespace {

Result<store::Account> MemberOf(store::Transaction& tx, const std::string& id) {
  TRY_ASSIGN(auto account, store::FindAccount(tx, id));
  if (!account || account->parent.empty()) {
    return Refuse(ErrorCode::kNotFound, "AccountNotFoundException", "You specified an account that doesn't exist.");
  }
  return *std::move(account);
}

}  // namespace

Result<RegisterDelegatedAdministrator::Answer> Organisation::Do(const gate::Authorized<RegisterDelegatedAdministrator>& call) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(store::Account account, MemberOf(call.tx(), *call->in.account_id));
  if (account.account == organization.management_account) {
    return Refuse(ErrorCode::kConflict, "ConstraintViolationException",
                  "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR: the management account needs no delegation.");
  }
  TRY_ASSIGN(std::int64_t made,
             call.tx().Execute("INSERT INTO delegated_administrators (account, service, enabled_ms) VALUES (?, ?, ?) "
                               "ON CONFLICT DO NOTHING",
                               {account.account, *call->in.service_principal, call.now_ms()}));
  if (made == 0) {
    return Refuse(ErrorCode::kAlreadyExists, "AccountAlreadyRegisteredException",
                  "The specified account is already a delegated administrator for this AWS service.");
  }
  return RegisterDelegatedAdministrator::Answer{};
}

Result<DeregisterDelegatedAdministrator::Answer> Organisation::Do(const gate::Authorized<DeregisterDelegatedAdministrator>& call) {
  TRY(MemberOf(call.tx(), *call->in.account_id));
  TRY_ASSIGN(std::int64_t gone, call.tx().Execute("DELETE FROM delegated_administrators WHERE account = ? AND service = ?",
                                                  {*call->in.account_id, *call->in.service_principal}));
  if (gone == 0) {
    return Refuse(ErrorCode::kNotFound, "AccountNotRegisteredException",
                  "The specified account is not a delegated administrator for this AWS service.");
  }
  return DeregisterDelegatedAdministrator::Answer{};
}

Result<ListDelegatedAdministrators::Answer> Organisation::Do(const gate::Authorized<ListDelegatedAdministrators>& call) {
  const std::string service = call->in.service_principal.value_or("");
  TRY_ASSIGN(auto page, pages_.Begin("ListDelegatedAdministrators/" + service, call->in.next_token, call->in.max_results));
  TRY_ASSIGN(auto rows, call.tx().Query(
                            fmt::format("SELECT {}, min(d.enabled_ms) "
                                        "FROM delegated_administrators d JOIN accounts a ON a.account = d.account WHERE (? = '' OR "
                                        "d.service = ?) AND a.account > ? GROUP BY a.account ORDER BY a.account LIMIT ?",
                                        kAccountColumns),
                            {service, service, page.after, page.limit + 1}));
  ListDelegatedAdministrators::Answer answer;
  answer.next_token = pages_.End(page, &rows, [](const store::Row& row) { return row.Text(0); });
  answer.delegated_administrators.emplace();
  for (const store::Row& row : rows) {
    auto shown = ShownAccount<wire::organizations::DelegatedAdministrator>(row);
    shown.delegation_enabled_date = wire::Timestamp{row.Int(7)};
    answer.delegated_administrators->push_back(std::move(shown));
  }
  return answer;
}

Result<ListDelegatedServicesForAccount::Answer> Organisation::Do(const gate::Authorized<ListDelegatedServicesForAccount>& call) {
  const std::string& account = *call->in.account_id;
  TRY_ASSIGN(auto page, pages_.Begin("ListDelegatedServices/" + account, call->in.next_token, call->in.max_results));
  TRY(MemberOf(call.tx(), account));
  TRY_ASSIGN(auto rows,
             call.tx().Query("SELECT service, enabled_ms FROM delegated_administrators WHERE account = ? AND service > ? "
                             "ORDER BY service LIMIT ?",
                             {account, page.after, page.limit + 1}));
  if (rows.empty() && page.after.empty()) {
    return Refuse(ErrorCode::kNotFound, "AccountNotRegisteredException", "The specified account is not a delegated administrator.");
  }
  ListDelegatedServicesForAccount::Answer answer;
  answer.next_token = pages_.End(page, &rows, [](const store::Row& row) { return row.Text(0); });
  answer.delegated_services.emplace();
  for (const store::Row& row : rows) {
    answer.delegated_services->push_back(
        {.service_principal = row.Text(0), .delegation_enabled_date = wire::Timestamp{row.Int(1)}});
  }
  return answer;
}

}  // namespace hanse::organisation
