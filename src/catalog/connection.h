#pragma once
#include "catalog/names.h"
#include "catalog/operation.h"
#include "catalog/page.h"
#include "catalog/warehouse.h"
#include "crypto/key.h"

// Connections: what engines need to reach a store elsewhere; and how the catalog is told to encrypt. Sources: AWS Glue API
// Reference, "Connection API" and "Data Catalog encryption settings". THE SECURITY RULE: a password is never kept in the clear and
// never in the journal. It lies sealed under the account's domain key; where the settings name a key of their own
// (ReturnConnectionPasswordEncrypted), it is encrypted with that one as the caller, who needs kms:Encrypt, and only the ciphertext
// is kept and shown (ENCRYPTED_PASSWORD). A connection may name a secret instead, of its own account: the service reads it as that
// account whenever it calls, so who names one needs secretsmanager:GetSecretValue on it, each time that he says where it is sent.
namespace hanse::catalog {

HANSE_GLUE_OPERATION(GetConnection, gate::Record::kRead);
HANSE_GLUE_OPERATION(GetConnections, gate::Record::kRead);
HANSE_GLUE_OPERATION(DeleteConnection, gate::Record::kWrite);
HANSE_GLUE_OPERATION(BatchDeleteConnection, gate::Record::kWrite);
HANSE_GLUE_OPERATION(GetDataCatalogEncryptionSettings, gate::Record::kRead);
HANSE_GLUE_OPERATION(PutDataCatalogEncryptionSettings, gate::Record::kWrite);
struct CreateConnection : gate::WireOperation<wire::glue::op::CreateConnection, gate::Record::kWrite> {
  std::string Parameters() const;  // Without passwords.
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};
struct UpdateConnection : gate::WireOperation<wire::glue::op::UpdateConnection, gate::Record::kWrite> {
  std::string Parameters() const;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Whether the warehouse that a connection leads to lets its login in. Needs nothing but the action; what fails is told as a query
// would be.
struct TestConnection : gate::WireOperation<wire::glue::op::TestConnection, gate::Record::kRead> {
  std::string Parameters() const;  // Without passwords.
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};
// A connection of the caller's account with its passwords, for work inside the server as a role (crawlers). No wire name.
struct OpenConnection {
  static constexpr gate::Rule kRule{"glue", "GetConnection", gate::Record::kRead};
  using Answer = ConnectionLogin;
  std::string name;
  std::string Parameters() const;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// The keys under which passwords lie. keys/ has them, server/ connects it. Any thread.
class ConnectionKeys {
 public:
  virtual ~ConnectionKeys() = default;
  // The ARN of the account's domain key.
  virtual Result<std::string> Domain(store::Transaction& tx, const AccountId& account, const std::string& region,
                                     TimeMs now_ms) = 0;
  // Seals or opens a data key; `context` binds it to its connection.
  virtual Result<std::string> Wrap(store::Transaction& tx, const std::string& arn, const crypto::Key& key,
                                   const std::string& context) = 0;
  virtual Result<crypto::Key> Unwrap(store::Transaction& tx, const std::string& arn, const std::string& wrapped,
                                     const std::string& context) = 0;
  // kms:Encrypt as the caller, recorded; base64.
  virtual Result<std::string> Encrypt(const gate::Call& call, const std::string& key_id, const std::string& text) = 0;
};

// Any thread; what it is given outlives it.
class Connections {
 public:
  static constexpr std::size_t kPageMax = 100;

  Connections(ConnectionKeys& keys, WarehouseCalls& warehouses, Random& random, const Pages& pages)
      : keys_(keys), warehouses_(warehouses), random_(random), pages_(pages) {}
  Result<CreateConnection::Answer> Do(const gate::Authorized<CreateConnection>& call) const;
  Result<GetConnection::Answer> Do(const gate::Authorized<GetConnection>& call) const;
  Result<GetConnections::Answer> Do(const gate::Authorized<GetConnections>& call) const;
  Result<UpdateConnection::Answer> Do(const gate::Authorized<UpdateConnection>& call) const;
  Result<DeleteConnection::Answer> Do(const gate::Authorized<DeleteConnection>& call) const;
  Result<BatchDeleteConnection::Answer> Do(const gate::Authorized<BatchDeleteConnection>& call) const;
  Result<TestConnection::Answer> Do(const gate::Authorized<TestConnection>& call) const;
  Result<OpenConnection::Answer> Do(const gate::Authorized<OpenConnection>& call) const;
  // For the reading of a table that was opened for its reader (warehouse.h). kNotFound where there is none of that name.
  Result<ConnectionLogin> LoginOf(store::Transaction& tx, const AccountId& account, const std::string& region,
                                  const std::string& name) const;
  Result<GetDataCatalogEncryptionSettings::Answer> Do(const gate::Authorized<GetDataCatalogEncryptionSettings>& call) const;
  Result<PutDataCatalogEncryptionSettings::Answer> Do(const gate::Authorized<PutDataCatalogEncryptionSettings>& call) const;

 private:
  using Properties = std::map<std::string, std::string>;
  struct Sealed {
    std::string key_arn, wrapped_key, passwords;
  };
  // Takes the passwords out of `connection`.
  Result<Sealed> Seal(const gate::Call& call, const AccountId& account, Id id, wire::glue::Connection* connection) const;
  // Puts them in again.
  Result<void> Unseal(store::Transaction& tx, Id id, const Sealed& sealed, wire::glue::Connection* connection) const;
  Result<wire::glue::Connection> Shown(store::Transaction& tx, const store::Row& row, bool hide) const;
  // That the caller may read the secret which `connection` of `account` names, if it does.
  Result<void> RequireSecret(const gate::Call& call, const AccountId& account, const wire::glue::Connection& connection) const;

  ConnectionKeys& keys_;
  WarehouseCalls& warehouses_;
  Random& random_;
  const Pages& pages_;
};

namespace connection {
using Operations =
    gate::List<CreateConnection, GetConnection, GetConnections, UpdateConnection, DeleteConnection, BatchDeleteConnection,
               TestConnection, GetDataCatalogEncryptionSettings, PutDataCatalogEncryptionSettings>;
}

}  // namespace hanse::catalog
