#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "gate/gate.h"
#include "wire/glue.h"

// Tables that lie in a warehouse (docs/decisions/0007-tables-in-a-warehouse.md), as crawlers over JDBC write them: the parameters
// classification (postgresql, redshift) and connectionName, and the location DATABASE.SCHEMA.TABLE.
//
// THE SECURITY RULE. Their rows are read with the login of the connection, whoever asks. So who ties a table to a connection, or
// leads it to another place there, needs glue:GetConnection on it: he could have the login itself. Whom Lake Formation shows such a
// table needs nothing of the connection; whom IAM_ALLOWED_PRINCIPALS lets in needs glue:GetConnection too.
namespace hanse::catalog {

struct WarehousePlace {
  std::string connection;  // Of the table's own account and region.
  std::string location;
  bool operator==(const WarehousePlace&) const = default;
};
// Nothing: the table lies elsewhere. `T`: wire::glue::Table or TableInput.
template <class T>
std::optional<WarehousePlace> WarehousePlaceOf(const T& table) {
  if (!table.parameters) return std::nullopt;
  auto kind = table.parameters->find("classification"), name = table.parameters->find("connectionName");
  if (kind == table.parameters->end() || name == table.parameters->end() || name->second.empty()) return std::nullopt;
  if (kind->second != "postgresql" && kind->second != "redshift") return std::nullopt;
  return WarehousePlace{name->second, table.storage_descriptor ? table.storage_descriptor->location.value_or("") : ""};
}

struct WarehouseTable {
  std::string database, schema, table;
};
// kInvalidArgument where a location is no DATABASE.SCHEMA.TABLE.
Result<WarehouseTable> ReadWarehouseLocation(const std::string& location);

// IAM asks for the catalog and the connection ("*": any).
std::vector<gate::Need> NeedsOnConnection(std::string_view action, std::string_view region, const AccountId& owner,
                                          std::string_view name);

// A connection as the service uses it: with its passwords.
struct ConnectionLogin {
  AccountId account;
  std::string region, name, type;
  std::map<std::string, std::string> properties;
  std::string secret;  // Name or ARN of the secret that holds user and password; empty: none.
};

// A table or view of a warehouse.
struct WarehouseRelation {
  std::string database, schema, name;
  bool view = false;
  std::int64_t rows = -1, bytes = -1;  // As the warehouse estimates them; negative: it has not.
  std::vector<wire::glue::Column> columns;
};

// What the catalog asks of warehouses; server/ connects it. It calls none but those that the operator allows. Any thread; it waits.
class WarehouseCalls {
 public:
  virtual ~WarehouseCalls() = default;
  // What reading the secret `id` of `account` takes.
  virtual Result<gate::Need> NeedOnSecret(const gate::Call& call, const AccountId& account, const std::string& id) = 0;
  // Whether the login lets us in.
  virtual Result<void> Test(const ConnectionLogin& login) = 0;
  // '%' in the names stands for any characters.
  virtual Result<std::vector<WarehouseRelation>> Relations(const ConnectionLogin& login, const WarehouseTable& names,
                                                           std::stop_token stop) = 0;
};

}  // namespace hanse::catalog
