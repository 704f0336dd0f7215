#include <fmt/format.h>

#include "organisation/organisation.h"
#include "organisation/shown_account.h"

namespace hanse::organisation {
namespace {

// The accounts that `where` names; `a` is their table.
std::string Accounts(std::string_view where) { return fmt::format("SELECT {} FROM accounts a {}", kAccountColumns, where); }

wire::organizations::Account AccountToWire(const store::Row& row) { return ShownAccount<wire::organizations::Account>(row); }

std::unexpected<Error> NoAccount() {
  return Refuse(ErrorCode::kNotFound, "AccountNotFoundException", "You specified an account that doesn't exist.");
}

Result<store::Account> Member(store::Transaction& tx, const std::string& id) {
  TRY_ASSIGN(auto account, store::FindAccount(tx, id));
  if (!account || account->parent.empty()) return NoAccount();
  return *std::move(account);
}

std::unexpected<Error> ManagementStays() {
  return Refuse(ErrorCode::kConflict, "MasterCannotLeaveOrganizationException",
                "You can't remove a management account from an organization.");
}

}  // namespace

Result<ListAccounts::Answer> Organisation::Do(const gate::Authorized<ListAccounts>& call) {
  TRY_ASSIGN(auto page, pages_.Begin("ListAccounts", call->in.next_token, call->in.max_results));
  TRY_ASSIGN(auto rows, call.tx().Query(Accounts("WHERE parent <> '' AND account > ? ORDER BY account LIMIT ?"),
                                        {page.after, page.limit + 1}));
  ListAccounts::Answer answer;
  answer.next_token = pages_.End(page, &rows, [](const store::Row& row) { return row.Text(0); });
  answer.accounts.emplace();
  for (const store::Row& row : rows) answer.accounts->push_back(AccountToWire(row));
  return answer;
}

Result<ListAccountsForParent::Answer> Organisation::Do(const gate::Authorized<ListAccountsForParent>& call) {
  const std::string& parent = *call->in.parent_id;
  TRY_ASSIGN(auto page, pages_.Begin("ListAccountsForParent/" + parent, call->in.next_token, call->in.max_results));
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(std::vector<std::string> path, PathTo(call.tx(), organization, parent));
  if (path.empty()) return Refuse(ErrorCode::kNotFound, "ParentNotFoundException", "You specified parent that doesn't exist.");
  TRY_ASSIGN(auto rows, call.tx().Query(Accounts("WHERE parent = ? AND account > ? ORDER BY account LIMIT ?"),
                                        {parent, page.after, page.limit + 1}));
  ListAccountsForParent::Answer answer;
  answer.next_token = pages_.End(page, &rows, [](const store::Row& row) { return row.Text(0); });
  answer.accounts.emplace();
  for (const store::Row& row : rows) answer.accounts->push_back(AccountToWire(row));
  return answer;
}

Result<DescribeAccount::Answer> Organisation::Do(const gate::Authorized<DescribeAccount>& call) {
  TRY_ASSIGN(auto row, call.tx().Maybe(Accounts("WHERE account = ? AND parent <> ''"), {*call->in.account_id}));
  if (!row) return NoAccount();
  return DescribeAccount::Answer{.account = AccountToWire(*row)};
}

Result<MoveAccount::Answer> Organisation::Do(const gate::Authorized<MoveAccount>& call) {
  const std::string &source = *call->in.source_parent_id, &destination = *call->in.destination_parent_id;
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(store::Account account, Member(call.tx(), *call->in.account_id));
  TRY_ASSIGN(std::vector<std::string> from, PathTo(call.tx(), organization, source));
  if (from.empty() || account.parent != source) {
    return Refuse(ErrorCode::kNotFound, "SourceParentNotFoundException",
                  "We can't find a source root or OU with the ParentId that you specified.");
  }
  TRY_ASSIGN(std::vector<std::string> to, PathTo(call.tx(), organization, destination));
  if (to.empty()) {
    return Refuse(ErrorCode::kNotFound, "DestinationParentNotFoundException",
                  "We can't find the destination container (a root or OU) with the ParentId that you specified.");
  }
  if (source == destination) {
    return Refuse(ErrorCode::kConflict, "DuplicateAccountException",
                  "That account is already present in the specified destination.");
  }
  TRY(call.tx().Execute("UPDATE accounts SET parent = ? WHERE account = ?", {destination, account.account}));
  call.NoteResource("AWS::Organizations::Account", account.arn);
  return MoveAccount::Answer{};
}

// A closed account is shut at once: PlacementOf says that it is not active, and nobody of it is let in any more.
Result<CloseAccount::Answer> Organisation::Do(const gate::Authorized<CloseAccount>& call) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(store::Account account, Member(call.tx(), *call->in.account_id));
  if (account.account == organization.management_account) {
    return Refuse(ErrorCode::kConflict, "ConstraintViolationException",
                  "CANNOT_CLOSE_MANAGEMENT_ACCOUNT: the management account stays.");
  }
  if (account.status != "ACTIVE") {
    return Refuse(ErrorCode::kConflict, "AccountAlreadyClosedException",
                  "You attempted to close an account that is already closed.");
  }
  TRY(call.tx().Execute("UPDATE accounts SET status = 'SUSPENDED' WHERE account = ?", {account.account}));
  call.NoteResource("AWS::Organizations::Account", account.arn);
  return CloseAccount::Answer{};
}

Result<RemoveAccountFromOrganization::Answer> Organisation::Do(const gate::Authorized<RemoveAccountFromOrganization>& call) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(store::Account account, Member(call.tx(), *call->in.account_id));
  if (account.account == organization.management_account) return ManagementStays();
  return Fail(ErrorCode::kUnsupported,
              "An account of this server cannot stand alone: RemoveAccountFromOrganization is not supported.");
}

Result<LeaveOrganization::Answer> Organisation::Do(const gate::Authorized<LeaveOrganization>& call) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  if (call.caller().account == organization.management_account) return ManagementStays();
  return Fail(ErrorCode::kUnsupported, "An account of this server cannot stand alone: LeaveOrganization is not supported.");
}

}  // namespace hanse::organisation
