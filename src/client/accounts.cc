#include "client/accounts.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "wire/organizations.h"

namespace hanse::client {
namespace {

namespace orgs = wire::organizations;

constexpr std::chrono::milliseconds kAgain(20);

}  // namespace

Result<std::string> CreateAccount(AwsClient& as, const std::string& name, const std::string& email) {
  TRY_ASSIGN(auto made, as.Call<orgs::op::CreateAccount>({.email = email, .account_name = name}));
  orgs::CreateAccountStatus status = *made.create_account_status;
  while (status.state == "IN_PROGRESS") {
    std::this_thread::sleep_for(kAgain);
    TRY_ASSIGN(auto now, as.Call<orgs::op::DescribeCreateAccountStatus>({.create_account_request_id = status.id}));
    status = *now.create_account_status;
  }
  if (status.state == "SUCCEEDED") return *status.account_id;
  return Fail(ErrorCode::kConflict,
              fmt::format("account \"{}\" was not made: {}", name, status.failure_reason.value_or("no reason")));
}

}  // namespace hanse::client
