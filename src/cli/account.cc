#include "cli/output.h"
#include "client/accounts.h"
#include "client/aws_client.h"
#include "wire/organizations.h"

namespace hanse::cli {
namespace {

namespace orgs = wire::organizations;
using Rows = std::vector<std::vector<client::Cell>>;

const std::vector<std::string> kColumns = {"account", "name", "email", "status"};

Result<Rows> List(const std::string& profile_name) {
  SystemClock clock;
  TRY_ASSIGN(auto as, client::AwsClient::SignIn(profile_name, clock));
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
  SystemClock clock;
  TRY_ASSIGN(auto as, client::AwsClient::SignIn(profile_name, clock));
  TRY_ASSIGN(std::string id, client::CreateAccount(*as, name, email));
  return Rows{{id, name, email, "ACTIVE"}};
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
