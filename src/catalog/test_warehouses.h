#pragma once
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/warehouse.h"

namespace hanse::catalog {

// For the tests of this folder: a warehouse of tables that a test writes down. Names of secrets are those of the account alone.
class TestWarehouses final : public WarehouseCalls {
 public:
  std::vector<WarehouseRelation> relations;
  std::vector<ConnectionLogin> logins;  // Of each call.
  Result<void> answer;                  // Of each call.

  Result<gate::Need> NeedOnSecret(const gate::Call&, const AccountId& account, const std::string& id) override {
    const bool foreign = id.starts_with("arn:") && Split(id, ':')[4] != account;
    return gate::Need{.action = "secretsmanager:GetSecretValue", .resource = id, .owner = foreign ? Split(id, ':')[4] : account};
  }
  Result<void> Test(const ConnectionLogin& login) override {
    logins.push_back(login);
    return answer;
  }
  Result<std::vector<WarehouseRelation>> Relations(const ConnectionLogin& login, const WarehouseTable& names,
                                                   std::stop_token) override {
    logins.push_back(login);
    if (!answer) return std::unexpected(answer.error());
    std::vector<WarehouseRelation> found;
    for (const WarehouseRelation& one : relations) {
      if (names.schema == "%" || names.schema == one.schema) found.push_back(one);
    }
    return found;
  }
};

}  // namespace hanse::catalog
