#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "catalog/catalog.h"
#include "gate/gate.h"
#include "secrets/secrets.h"
#include "warehouse/table_reads.h"

namespace hanse::server {

// The warehouses that connections lead to, as far as the operator lets them be called. THE SECURITY RULE: a login's secret is read
// as the account of its connection, by Glue, and that is in the journal; where the login goes is checked before. Any thread.
class Warehouses final : public catalog::WarehouseCalls {
 public:
  struct Parts {
    store::Store& store;
    const gate::Gate& gate;
    secrets::Secrets& secrets;
    const catalog::Catalog& catalog;
    const Clock& clock;
    Random& random;
  };
  // `certificates`: the file of those that are trusted.
  Warehouses(Parts parts, warehouse::AllowedHosts allowed, std::string certificates)
      : parts_(parts), allowed_(std::move(allowed)), certificates_(std::move(certificates)) {}

  Result<gate::Need> NeedOnSecret(const gate::Call& call, const AccountId& account, const std::string& id) override;
  Result<void> Test(const catalog::ConnectionLogin& login) override;
  Result<std::vector<catalog::WarehouseRelation>> Relations(const catalog::ConnectionLogin& login,
                                                            const catalog::WarehouseTable& names, std::stop_token stop) override;

  Result<warehouse::Address> AddressOf(const catalog::ConnectionLogin& login) const;
  // Of the connection of that name.
  Result<warehouse::Address> AddressOf(const AccountId& account, const std::string& region, const std::string& connection) const;
  const std::string& certificates() const { return certificates_; }

 private:
  Result<void> AddSecret(const catalog::ConnectionLogin& login, std::map<std::string, std::string>* properties) const;

  Parts parts_;
  const warehouse::AllowedHosts allowed_;
  const std::string certificates_;
};

// A table of one query that lies in a warehouse.
struct KnownWarehouseTable {
  AccountId account;
  std::string region;
  catalog::WarehousePlace place;
};

// What one query reads of warehouses. Its end ends what it still reads. One thread.
class WarehouseScans {
 public:
  explicit WarehouseScans(const Warehouses& warehouses) : warehouses_(warehouses) {}
  // The number that the table is read by; none of a file's.
  std::uint64_t Know(KnownWarehouseTable table);
  // The worker's end of a stream of the columns' rows. Does not wait for the warehouse.
  Result<int> Start(std::uint64_t object, const std::vector<std::string>& columns);

 private:
  struct Called {
    std::string database;
    std::unique_ptr<warehouse::TableReads> reads;
  };
  Result<Called*> Call(const KnownWarehouseTable& table);

  const Warehouses& warehouses_;
  std::vector<KnownWarehouseTable> known_;
  std::map<std::string, Called> called_;  // By account, region and connection.
};

// About how many bytes a scan of the table brings: as its crawler found (sizeKey), else a guess.
std::uint64_t WarehouseBytesOf(const wire::glue::Table& table);

}  // namespace hanse::server
