#pragma once
#include "catalog/catalog.h"
#include "identity/callers.h"
#include "identity/sts.h"

namespace hanse::server {

// Lake Formation's credentials for data: catalog/ says for what, identity/ seals them as sessions of the registered location's
// role, and the gate asks here at every use whether they stand. The role must trust Lake Formation when they are given and when
// they are used. Any thread.
class VendedCredentials final : public catalog::CredentialIssuer, public gate::VendedSource {
 public:
  // `catalog` is asked at uses only: it may be made after this.
  VendedCredentials(identity::Callers& callers, identity::Sts& sts, const catalog::Catalog& catalog)
      : callers_(callers), sts_(sts), catalog_(catalog) {}

  Result<Credentials> Issue(store::Transaction& tx, const Order& order) override {
    TRY_ASSIGN(Caller assumed, callers_.AssumeForService(tx, order.role_arn, kLakeFormation, order.session_name, order.now_ms));
    TRY_ASSIGN(auto made, sts_.Vend(assumed, order.for_whom, order.policy, order.now_ms, order.duration_s));
    return Credentials{*made.access_key_id, *made.secret_access_key, *made.session_token, made.expiration->ms};
  }

  Result<bool> Stand(store::Transaction& tx, const Caller& vended, const RequestInfo& info) override {
    TRY_ASSIGN(bool trusted, callers_.TrustsService(tx, vended.principal_arn, kLakeFormation, info.now_ms));
    return trusted ? catalog_.vending().Stand(tx, vended, info) : Result<bool>(false);
  }

 private:
  static constexpr std::string_view kLakeFormation = "lakeformation.amazonaws.com";
  identity::Callers& callers_;
  identity::Sts& sts_;
  const catalog::Catalog& catalog_;
};

}  // namespace hanse::server
