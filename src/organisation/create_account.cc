#include <fmt/format.h>

#include "model/ids.h"
#include "organisation/guardrails.h"
#include "organisation/organisation.h"

namespace hanse::organisation {
namespace {

constexpr std::string_view kAccessRole = "OrganizationAccountAccessRole";
constexpr int kDraws = 100;

wire::organizations::CreateAccountStatus StatusToWire(const store::Row& row) {
  wire::organizations::CreateAccountStatus status{.id = row.Text(0),
                                                  .account_name = row.Text(1),
                                                  .state = row.Text(3),
                                                  .requested_timestamp = wire::Timestamp{row.Int(5)},
                                                  .completed_timestamp = wire::Timestamp{row.Int(6)}};
  if (!row.Text(2).empty()) status.account_id = row.Text(2);
  if (!row.Text(4).empty()) status.failure_reason = row.Text(4);
  return status;
}

constexpr std::string_view kStatusColumns =
    "SELECT id, account_name, account, state, failure, requested_ms, completed_ms FROM account_creations ";

// Accounts are never deleted, so a number that is free was never used.
Result<AccountId> DrawAccount(store::Transaction& tx, Random& random) {
  for (int i = 0; i < kDraws; ++i) {
    AccountId account = NewAccountId(random);
    TRY_ASSIGN(auto taken, store::FindAccount(tx, account));
    if (!taken) return account;
  }
  return Fail(ErrorCode::kUnavailable, "no account number is free");
}

}  // namespace

Result<CreateAccount::Answer> Organisation::Do(const gate::Authorized<CreateAccount>& call) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  const std::string id = NewCreateAccountRequestId(random_);
  std::string account, failure;
  TRY_ASSIGN(auto taken, call.tx().Maybe("SELECT account FROM accounts WHERE lower(email) = lower(?)", {*call->in.email}));
  if (taken) {
    failure = "EMAIL_ALREADY_EXISTS";
  } else {
    TRY_ASSIGN(account, DrawAccount(call.tx(), random_));
    TRY(InsertAccount(call.tx(), organization, {account, *call->in.account_name, *call->in.email, "CREATED"}, call.now_ms()));
    TRY(baseline_.Lay(call.tx(), account, call->in.role_name.value_or(std::string(kAccessRole)), organization.management_account,
                      call.now_ms()));
    for (const wire::organizations::Tag& tag : call->in.tags.value_or(std::vector<wire::organizations::Tag>())) {
      TRY(call.tx().Execute("INSERT INTO organization_tags (resource, tag_key, tag_value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                            {account, *tag.key, *tag.value}));
    }
    call.NoteResource("AWS::Organizations::Account", organization.AccountArn(account));
  }
  TRY(
      call.tx().Execute("INSERT INTO account_creations (id, account_name, account, state, failure, requested_ms, completed_ms) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?)",
                        {id, *call->in.account_name, account, std::string(failure.empty() ? "SUCCEEDED" : "FAILED"), failure,
                         call.now_ms(), call.now_ms()}));
  TRY_ASSIGN(auto row, call.tx().One(std::string(kStatusColumns) + "WHERE id = ?", {id}));
  return CreateAccount::Answer{.create_account_status = StatusToWire(row)};
}

Result<DescribeCreateAccountStatus::Answer> Organisation::Do(const gate::Authorized<DescribeCreateAccountStatus>& call) {
  TRY_ASSIGN(auto row, call.tx().Maybe(std::string(kStatusColumns) + "WHERE id = ?", {*call->in.create_account_request_id}));
  if (!row) {
    return Refuse(ErrorCode::kNotFound, "CreateAccountStatusNotFoundException",
                  "We can't find a create account request with the CreateAccountRequestId that you specified.");
  }
  return DescribeCreateAccountStatus::Answer{.create_account_status = StatusToWire(*row)};
}

Result<ListCreateAccountStatus::Answer> Organisation::Do(const gate::Authorized<ListCreateAccountStatus>& call) {
  std::string states = ",";
  for (const std::string& state : call->in.states.value_or(std::vector<std::string>())) states += state + ",";
  TRY_ASSIGN(auto page, pages_.Begin("ListCreateAccountStatus" + states, call->in.next_token, call->in.max_results));
  TRY_ASSIGN(auto rows,
             call.tx().Query(std::string(kStatusColumns) + "WHERE id > ? AND (? = ',' OR (state = 'SUCCEEDED' AND ? = 1) OR "
                                                           "(state = 'FAILED' AND ? = 1)) ORDER BY id LIMIT ?",
                             {page.after, states, std::int64_t{states.find(",SUCCEEDED,") != std::string::npos},
                              std::int64_t{states.find(",FAILED,") != std::string::npos}, page.limit + 1}));
  ListCreateAccountStatus::Answer answer;
  answer.next_token = pages_.End(page, &rows, [](const store::Row& row) { return row.Text(0); });
  answer.create_account_statuses.emplace();
  for (const store::Row& row : rows) answer.create_account_statuses->push_back(StatusToWire(row));
  return answer;
}

}  // namespace hanse::organisation
