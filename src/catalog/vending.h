#pragma once
#include "catalog/access.h"
#include "catalog/grounds.h"
#include "catalog/query_authorization.h"
#include "gate/wire_operation.h"
#include "wire/lakeformation.h"

// Credentials for the files of tables, for engines outside the server. Source: lakeformation.md, sections 1.6 and 6. The caller
// needs the operation and lakeformation:GetDataAccess in IAM, the grant in Lake Formation, and settings that let engines read; the
// access is recorded durably before the answer, in both accounts where there are two.
namespace hanse::catalog {

template <class W>
struct VendingOperation : gate::WireOperation<W, gate::Record::kDataAccess> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction&) const {
    const AccountId& account = context.caller.account;
    return std::vector<gate::Need>{{"lakeformation:" + std::string(W::kName), "*", account},
                                   {"lakeformation:GetDataAccess", "*", account}};
  }
};
struct GetTemporaryGlueTableCredentials : VendingOperation<wire::lakeformation::op::GetTemporaryGlueTableCredentials> {};
struct GetTemporaryGluePartitionCredentials : VendingOperation<wire::lakeformation::op::GetTemporaryGluePartitionCredentials> {};
// By places, for whole tables alone; READWRITE takes ALL.
struct GetTemporaryDataLocationCredentials : VendingOperation<wire::lakeformation::op::GetTemporaryDataLocationCredentials> {};

// identity/ seals credentials; server/ connects it. Any thread.
class CredentialIssuer {
 public:
  virtual ~CredentialIssuer() = default;
  struct Order {
    std::string role_arn, session_name, policy;
    Vended for_whom;
    std::int64_t duration_s = 0;
    TimeMs now_ms = 0;
  };
  struct Credentials {
    std::string access_key, secret_key, token;
    TimeMs expires_ms = 0;
  };
  // kAccessDenied where the role does not trust Lake Formation.
  virtual Result<Credentials> Issue(store::Transaction& tx, const Order& order) = 0;
};

// Any thread; what it is given outlives it.
class Vending {
 public:
  struct Parts {
    const Access& access;
    const QueryAuthorizations& authorizations;
    const gate::Gate& gate;
    CredentialIssuer& issuer;
    Random& random;
  };
  explicit Vending(const Parts& parts) : parts_(parts) {}
  Result<GetTemporaryGlueTableCredentials::Answer> Do(const gate::Authorized<GetTemporaryGlueTableCredentials>& call) const;
  Result<GetTemporaryGluePartitionCredentials::Answer> Do(const gate::Authorized<GetTemporaryGluePartitionCredentials>& call) const;
  Result<GetTemporaryDataLocationCredentials::Answer> Do(const gate::Authorized<GetTemporaryDataLocationCredentials>& call) const;

  // Whether vended credentials still stand, asked at each use: the grounds hold, the place is still read with the very role that
  // the credentials are of, and the reader still has GetDataAccess in IAM.
  Result<bool> Stand(store::Transaction& tx, const Caller& vended, const RequestInfo& info) const;

 private:
  // What the three operations ask for, besides the place.
  struct Asked {
    Grounds grounds;
    std::int64_t duration_s = 0;
    std::string audit_context;
    std::optional<wire::lakeformation::QuerySessionContext> query;
  };
  template <class Input>
  static Result<Asked> AskedBy(const Input& in);
  Result<OpenedTable> OpenByArn(const gate::Call& call, const std::string& table_arn) const;
  Result<CredentialIssuer::Credentials> Give(const gate::Call& call, const Asked& asked,
                                             const std::vector<std::string>& paths) const;
  // The table that a path belongs to: the nearest one at or above it in a catalog for which the path is registered.
  Result<store::TableRow> TableAt(const gate::Call& call, const std::string& path) const;

  Parts parts_;
};

namespace vending {
using Operations =
    gate::List<GetTemporaryGlueTableCredentials, GetTemporaryGluePartitionCredentials, GetTemporaryDataLocationCredentials>;
}

}  // namespace hanse::catalog
