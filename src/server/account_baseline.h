#pragma once
#include "identity/baseline.h"
#include "keys/domain_keys.h"
#include "organisation/organisation.h"

namespace hanse::server {

// What a new account gets: the role by which the management account enters it, and its domain key.
class AccountBaseline final : public organisation::Baseline {
 public:
  AccountBaseline(keys::DomainKeys& keys, Random& random, std::string region)
      : keys_(keys), random_(random), region_(std::move(region)) {}

  Result<void> Lay(store::Transaction& tx, const AccountId& account, const std::string& admin_role,
                   const AccountId& management_account, TimeMs now_ms) override {
    TRY(keys_.Domain(tx, account, region_, now_ms));
    return identity::CreateAccessRole(tx, random_, account, management_account, admin_role, now_ms);
  }

 private:
  keys::DomainKeys& keys_;
  Random& random_;
  const std::string region_;
};

}  // namespace hanse::server
