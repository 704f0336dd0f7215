#pragma once
#include "catalog/names.h"
#include "catalog/operation.h"
#include "catalog/page.h"
#include "crypto/key.h"

// Connections: what engines need to reach a store elsewhere; and how the catalog is told to encrypt. Sources: AWS Glue API
// Reference, "Connection API" and "Data Catalog encryption settings". THE SECURITY RULE: a password is never kept in the clear and
// never in the journal. It lies sealed under the account's domain key; where the settings name a key of their own
// (ReturnConnectionPasswordEncrypted), it is encrypted with that one as the caller, who needs kms:Encrypt, and only the ciphertext
// is kept and shown (ENCRYPTED_PASSWORD).
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

  Connections(ConnectionKeys& keys, Random& random, const Pages& pages) : keys_(keys), random_(random), pages_(pages) {}
  Result<CreateConnection::Answer> Do(const gate::Authorized<CreateConnection>& call) const;
  Result<GetConnection::Answer> Do(const gate::Authorized<GetConnection>& call) const;
  Result<GetConnections::Answer> Do(const gate::Authorized<GetConnections>& call) const;
  Result<UpdateConnection::Answer> Do(const gate::Authorized<UpdateConnection>& call) const;
  Result<DeleteConnection::Answer> Do(const gate::Authorized<DeleteConnection>& call) const;
  Result<BatchDeleteConnection::Answer> Do(const gate::Authorized<BatchDeleteConnection>& call) const;
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
  Result<void> Unseal(const gate::Call& call, Id id, const Sealed& sealed, wire::glue::Connection* connection) const;
  Result<wire::glue::Connection> Shown(const gate::Call& call, const store::Row& row, bool hide) const;

  ConnectionKeys& keys_;
  Random& random_;
  const Pages& pages_;
};

namespace connection {
using Operations = gate::List<CreateConnection, GetConnection, GetConnections, UpdateConnection, DeleteConnection,
                              BatchDeleteConnection, GetDataCatalogEncryptionSettings, PutDataCatalogEncryptionSettings>;
}

}  // namespace hanse::catalog
