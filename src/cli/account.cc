#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "cli/output.h"
#include "client/aws_client.h"
#include "wire/organizations.h"

namespace hanse::cli {
namespace {

namespace orgs = wire::organizations;
using Rows = std::vector<std::vector<client::Cell>>;

const std::vector<std::string> kColumns = {"account", "name", "email", "status"};

Result<Rows> List(const std::string& profile_name) {
  TRY_ASSIGN(client::Profile profile, client::ReadProfile(profile_name));
  SystemClock clock;
  TRY_ASSIGN(auto as, client::AwsClient::Open(profile, clock));
  Rows rows;
  std::optional<std::string> token;
  do {
    TRY_ASSIGN(auto page, as->Call<orgs::op::ListAccounts>({.next_token = token}));
    for (const orgs::Account& account : page.accounts.value_or(std::vector<orgs::Account>{})) {
      rows.push_back({account.id, account.name, account.email, account.status});
    }
    token = page.next_token;
  } while (token);
  return rows;
}

Result<Rows> Create(const std::string& profile_name, const std::string& name, const std::string& email) {
  TRY_ASSIGN(client::Profile profile, client::ReadProfile(profile_name));
  SystemClock clock;
  TRY_ASSIGN(auto as, client::AwsClient::Open(profile, clock));
  TRY_ASSIGN(auto made, as->Call<orgs::op::CreateAccount>({.email = email, .account_name = name}));
  orgs::CreateAccountStatus status = *made.create_account_status;
  while (status.state == "IN_PROGRESS") {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    TRY_ASSIGN(auto now, as->Call<orgs::op::DescribeCreateAccountStatus>({.create_account_request_id = status.id}));
    status = *now.create_account_status;
  }
  if (status.state != "SUCCEEDED") {
    return Fail(ErrorCode::kConflict,
                fmt::format("account \"{}\" was not made: {}", name, status.failure_reason.value_or("no reason")));
  }
  return Rows{{status.account_id, name, email, "ACTIVE"}};
}

int Show(const std::string& command, Format format, const Result<Rows>& rows) {
  if (!rows) return Failed(command, rows.error());
  Print(format, kColumns, *rows);
  return 0;
}

}  // namespace

int RunAccountList(const std::string& profile, Format format) { return Show("account list", format, List(profile)); }

int RunAccountCreate(const std::string& profile, const std::string& name, const std::string& email, Format format) {
  return Show("account create", format, Create(profile, name, email));
}

}  // namespace hanse::cli
