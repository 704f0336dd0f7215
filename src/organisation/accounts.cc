#include <fmt/format.h>

#include "model/ids.h"
#include "organisation/organisation.h"

namespace hanse::organisation {
namespace {

namespace orgs = wire::organizations;

constexpr const char* kAdminRole = "OrganizationAccountAccessRole";
constexpr std::size_t kTagsMax = 50;

std::unexpected<Error> NoAccount(const std::string& id) {
  return FailAs(ErrorCode::kNotFound, "AccountNotFoundException", fmt::format("You specified an account that doesn't exist: {}.", id));
}

orgs::Account AsAccount(const store::Account& row, const std::string& joined_method) {
  return {.id = row.account,
          .arn = row.arn,
          .email = row.email,
          .name = row.name,
          .status = row.status,
          .state = row.status,
          .joined_method = joined_method,
          .joined_timestamp = wire::Timestamp{row.joined_ms}};
}

std::string JoinedMethod(const OrganizationRow& organization, const store::Account& row) {
  return row.account == organization.management_account ? "INVITED" : "CREATED";
}

orgs::CreateAccountStatus AsStatus(const store::Row& row) {
  orgs::CreateAccountStatus status{.id = row.Text(0),
                                   .account_name = row.Text(1),
                                   .state = row.Text(3),
                                   .requested_timestamp = wire::Timestamp{row.Int(5)},
                                   .completed_timestamp = wire::Timestamp{row.Int(6)}};
  if (!row.Text(2).empty()) status.account_id = row.Text(2);
  if (!row.Text(4).empty()) status.failure_reason = row.Text(4);
  return status;
}

constexpr const char* kCreations = "SELECT id, account_name, account, state, failure, requested_ms, completed_ms FROM account_creations ";

// An id that no account has had.
Result<AccountId> FreeAccountId(store::Transaction& tx, Random& random) {
  while (true) {
    AccountId id = NewAccountId(random);
    TRY_ASSIGN(auto taken, store::FindAccount(tx, id));
    if (!taken) return id;
  }
}

Result<void> AddTag(store::Transaction& tx, const std::string& resource, const orgs::Tag& tag) {
  TRY(tx.Execute("INSERT INTO organization_tags (resource, tag_key, tag_value) VALUES (?, ?, ?) ON CONFLICT (resource, tag_key) DO UPDATE "
                 "SET tag_value = excluded.tag_value",
                 {resource, *tag.key, *tag.value}));
  return {};
}

// Whether an id names an account, a unit or the root.
Result<void> CheckTaggable(store::Transaction& tx, const std::string& id) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(tx));
  if (id == organization.root) return {};
  TRY_ASSIGN(auto unit, FindUnit(tx, id));
  TRY_ASSIGN(auto account, store::FindAccount(tx, id));
  if (unit || account) return {};
  return FailAs(ErrorCode::kNotFound, "TargetNotFoundException", fmt::format("We can't find a root, OU or account with the id {}.", id));
}

}  // namespace

Result<CreateAccount::Answer> Organisation::Do(const gate::Authorized<CreateAccount>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  std::string request = NewCreateAccountRequestId(parts_.random);
  TRY_ASSIGN(auto taken, call.tx().Maybe("SELECT 1 FROM accounts WHERE email = ?", {*in.email}));
  AccountId account;
  if (!taken) {
    TRY_ASSIGN(account, FreeAccountId(call.tx(), parts_.random));
    TRY(call.tx().Execute("INSERT INTO accounts (account, name, email, arn, status, joined_ms, joined_method, parent) VALUES (?, ?, ?, ?, "
                          "'ACTIVE', ?, 'CREATED', ?)",
                          {account, *in.account_name, *in.email, organization.AccountArn(account), call.now_ms(), organization.root}));
    TRY(parts_.baseline.Lay(call.tx(), account, in.role_name.value_or(kAdminRole), organization.management_account, call.now_ms()));
    for (const orgs::Tag& tag : in.tags.value_or(std::vector<orgs::Tag>{})) TRY(AddTag(call.tx(), account, tag));
  }
  TRY(call.tx().Execute("INSERT INTO account_creations (id, account_name, account, state, failure, requested_ms, completed_ms) VALUES (?, ?, "
                        "?, ?, ?, ?, ?)",
                        {request, *in.account_name, account, std::string(taken ? "FAILED" : "SUCCEEDED"),
                         std::string(taken ? "EMAIL_ALREADY_EXISTS" : ""), call.now_ms(), call.now_ms()}));
  TRY_ASSIGN(store::Row row, call.tx().One(std::string(kCreations) + "WHERE id = ?", {request}));
  return CreateAccount::Answer{.create_account_status = AsStatus(row)};
}

Result<DescribeCreateAccountStatus::Answer> Organisation::Do(const gate::Authorized<DescribeCreateAccountStatus>& call) {
  TRY_ASSIGN(auto row, call.tx().Maybe(std::string(kCreations) + "WHERE id = ?", {*call->in.create_account_request_id}));
  if (!row) {
    return FailAs(ErrorCode::kNotFound, "CreateAccountStatusNotFoundException", "We can't find a create account request with that id.");
  }
  return DescribeCreateAccountStatus::Answer{.create_account_status = AsStatus(*row)};
}

Result<ListCreateAccountStatus::Answer> Organisation::Do(const gate::Authorized<ListCreateAccountStatus>& call) {
  TRY_ASSIGN(std::string after, After("creations", call->in.next_token));
  std::int64_t limit = call->in.max_results.value_or(20);
  std::vector<std::string> states = call->in.states.value_or(std::vector<std::string>{"IN_PROGRESS", "SUCCEEDED", "FAILED"});
  std::string marks;
  std::vector<store::Value> parameters = {after};
  for (const std::string& state : states) {
    marks += marks.empty() ? "?" : ", ?";
    parameters.emplace_back(state);
  }
  parameters.emplace_back(limit + 1);
  TRY_ASSIGN(auto rows, call.tx().Query(fmt::format("{} WHERE id > ? AND state IN ({}) ORDER BY id LIMIT ?", kCreations, marks), parameters));
  ListCreateAccountStatus::Answer answer{.create_account_statuses = std::vector<orgs::CreateAccountStatus>{}};
  for (const store::Row& row : rows) {
    if (static_cast<std::int64_t>(answer.create_account_statuses->size()) == limit) break;
    answer.create_account_statuses->push_back(AsStatus(row));
  }
  bool more = static_cast<std::int64_t>(rows.size()) > limit;
  answer.next_token = Next("creations", more, more ? *answer.create_account_statuses->back().id : "");
  return answer;
}

Result<std::vector<store::Account>> Organisation::AccountsAfter(store::Transaction& tx, const std::string& parent, const std::string& after,
                                                                std::int64_t limit) const {
  TRY_ASSIGN(auto rows, tx.Query("SELECT account, name, email, arn, status, parent, joined_ms FROM accounts WHERE account > ? AND (? = '' OR "
                                 "parent = ?) ORDER BY account LIMIT ?",
                                 {after, parent, parent, limit}));
  std::vector<store::Account> accounts;
  for (const store::Row& row : rows) {
    accounts.push_back({row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Int(6)});
  }
  return accounts;
}

Result<ListAccounts::Answer> Organisation::Do(const gate::Authorized<ListAccounts>& call) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(std::string after, After("accounts", call->in.next_token));
  std::int64_t limit = call->in.max_results.value_or(20);
  TRY_ASSIGN(auto accounts, AccountsAfter(call.tx(), "", after, limit + 1));
  ListAccounts::Answer answer{.accounts = std::vector<orgs::Account>{}};
  bool more = static_cast<std::int64_t>(accounts.size()) > limit;
  if (more) accounts.pop_back();
  for (const store::Account& row : accounts) answer.accounts->push_back(AsAccount(row, JoinedMethod(organization, row)));
  answer.next_token = Next("accounts", more, more ? accounts.back().account : "");
  return answer;
}

Result<ListAccountsForParent::Answer> Organisation::Do(const gate::Authorized<ListAccountsForParent>& call) {
  const std::string& parent = *call->in.parent_id;
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  if (!UnitsAbove(call.tx(), organization, parent)) {
    return FailAs(ErrorCode::kNotFound, "ParentNotFoundException", fmt::format("We can't find a root or OU with the ParentId {}.", parent));
  }
  TRY_ASSIGN(std::string after, After("accounts/" + parent, call->in.next_token));
  std::int64_t limit = call->in.max_results.value_or(20);
  TRY_ASSIGN(auto accounts, AccountsAfter(call.tx(), parent, after, limit + 1));
  ListAccountsForParent::Answer answer{.accounts = std::vector<orgs::Account>{}};
  bool more = static_cast<std::int64_t>(accounts.size()) > limit;
  if (more) accounts.pop_back();
  for (const store::Account& row : accounts) answer.accounts->push_back(AsAccount(row, JoinedMethod(organization, row)));
  answer.next_token = Next("accounts/" + parent, more, more ? accounts.back().account : "");
  return answer;
}

Result<DescribeAccount::Answer> Organisation::Do(const gate::Authorized<DescribeAccount>& call) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(auto row, store::FindAccount(call.tx(), *call->in.account_id));
  if (!row) return NoAccount(*call->in.account_id);
  return DescribeAccount::Answer{.account = AsAccount(*row, JoinedMethod(organization, *row))};
}

Result<MoveAccount::Answer> Organisation::Do(const gate::Authorized<MoveAccount>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(auto account, store::FindAccount(call.tx(), *in.account_id));
  if (!account) return NoAccount(*in.account_id);
  if (account->parent != *in.source_parent_id) {
    return FailAs(ErrorCode::kNotFound, "SourceParentNotFoundException", "We can't find a source root or OU that holds the account.");
  }
  if (!UnitsAbove(call.tx(), organization, *in.destination_parent_id)) {
    return FailAs(ErrorCode::kNotFound, "DestinationParentNotFoundException", "We can't find the destination root or OU.");
  }
  if (*in.source_parent_id == *in.destination_parent_id) {
    return FailAs(ErrorCode::kAlreadyExists, "DuplicateAccountException", "That account is already present in the specified destination.");
  }
  TRY(call.tx().Execute("UPDATE accounts SET parent = ? WHERE account = ?", {*in.destination_parent_id, *in.account_id}));
  return MoveAccount::Answer{};
}

Result<TagResource::Answer> Organisation::Do(const gate::Authorized<TagResource>& call) {
  TRY(CheckTaggable(call.tx(), *call->in.resource_id));
  for (const orgs::Tag& tag : *call->in.tags) TRY(AddTag(call.tx(), *call->in.resource_id, tag));
  TRY_ASSIGN(auto count, call.tx().One("SELECT count(*) FROM organization_tags WHERE resource = ?", {*call->in.resource_id}));
  if (count.Int(0) > static_cast<std::int64_t>(kTagsMax)) {
    return FailAs(ErrorCode::kLimitExceeded, "ConstraintViolationException", fmt::format("A resource has at most {} tags.", kTagsMax));
  }
  return TagResource::Answer{};
}

Result<UntagResource::Answer> Organisation::Do(const gate::Authorized<UntagResource>& call) {
  TRY(CheckTaggable(call.tx(), *call->in.resource_id));
  for (const std::string& key : *call->in.tag_keys) {
    TRY(call.tx().Execute("DELETE FROM organization_tags WHERE resource = ? AND tag_key = ?", {*call->in.resource_id, key}));
  }
  return UntagResource::Answer{};
}

Result<ListTagsForResource::Answer> Organisation::Do(const gate::Authorized<ListTagsForResource>& call) {
  TRY(CheckTaggable(call.tx(), *call->in.resource_id));
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT tag_key, tag_value FROM organization_tags WHERE resource = ? ORDER BY tag_key", {*call->in.resource_id}));
  ListTagsForResource::Answer answer{.tags = std::vector<orgs::Tag>{}};
  for (const store::Row& row : rows) answer.tags->push_back({.key = row.Text(0), .value = row.Text(1)});
  return answer;
}

}  // namespace hanse::organisation
