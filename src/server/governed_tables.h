#pragma once
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "catalog/query_table.h"
#include "gate/gate.h"
#include "identity/callers.h"
#include "objects/inside.h"
#include "query/world.h"
#include "server/held_rights.h"
#include "server/warehouses.h"

namespace hanse::server {

// What a query's tables are made of. All outlive it.
struct TableParts {
  const gate::Gate& gate;
  store::Store& store;
  const Clock& clock;
  identity::Callers& callers;
  const catalog::QueryTables& tables;
  const HeldRights& held;
  objects::Inside& inside;
  Warehouses& warehouses;
  query::World& world;  // For information_schema's lists.
};

// The role of a registered location, for one query of somebody in `account`; kAccessDenied where it is gone or trusts Lake
// Formation no more.
Result<Caller> AssumePlaceRole(identity::Callers& callers, store::Transaction& tx, const gate::RegisteredLocation& registered,
                               const AccountId& account, const std::string& query_id, TimeMs now_ms);

// The tables of one query as its caller may read them: opened through both doors (catalog::OpenForQuery), their files listed and
// opened as the role of the registered location, or as the caller where the place is not registered (design.md, section 8, "Who
// acts as whom"). What a view with its definer's rights stands on is opened as its definer, for as long as the caller may read the
// view, and only what the view names (catalog/definer_view.h). One thread.
class GovernedTables final : public query::QueryTables {
 public:
  GovernedTables(TableParts parts, gate::Context as, std::string query_id)
      : parts_(parts), as_(std::move(as)), query_id_(std::move(query_id)), warehouses_(parts.warehouses) {}

  Result<engine::TableSource> Resolve(std::string_view database, std::string_view table) override {
    return ResolveWhere(database, table, {});
  }
  Result<engine::TableSource> ResolveWhere(std::string_view database, std::string_view table,
                                           const engine::ColumnConditions& conditions) override;
  Result<engine::TableSource> ResolveBeneath(std::uint64_t view, std::string_view database, std::string_view table) override;
  Result<engine::OpenObject> Open(std::uint64_t object) override;
  Result<std::vector<std::uint64_t>> Locate(std::uint64_t metadata, const std::vector<std::string>& places) override;
  Result<int> ReadRows(std::uint64_t object, const std::vector<std::string>& columns) override;
  Result<std::vector<engine::ListedTable>> List() override;
  Result<void> HoldRights(const query::TableGround& ground, store::Basis* basis) override;
  std::string reader() const override { return reader_; }
  bool filtered() const override { return filtered_; }
  bool governed() const override { return governed_; }
  // query::World::DataBelow.
  Result<std::vector<std::string>> DataBelow(const wire::glue::Table& table);

 private:
  // A file that the scan may ask for: its place, and who may read it.
  using Reader = std::shared_ptr<const gate::Context>;
  struct Known {
    Reader as;
    std::string bucket, key;
  };
  // Whether the caller may use the data catalog and it is that account's; where not, one text alike.
  Result<void> CheckCatalog(const engine::DatabaseName& name);
  // A view's definer, as whom something beneath it is read.
  struct Definer {
    gate::Context as;
    catalog::BeneathView beneath;
  };
  // Each of these reads as `as`: the caller, or a view's definer.
  Result<catalog::GovernedTable> Opened(const gate::Context& as, std::string_view database, std::string_view table,
                                        const engine::ColumnConditions& conditions,
                                        const std::optional<catalog::BeneathView>& beneath);
  Result<engine::TableSource> Scanned(const gate::Context& as, const catalog::GovernedTable& governed, engine::TableSource source);
  Result<Reader> ReaderOf(const gate::Context& as, const std::optional<gate::RegisteredLocation>& registered);
  // Asks anew whether the caller may read the view, and whether its definer may be acted for.
  Result<Definer> DefinerOf(const query::TableGround& view, store::Basis* basis);
  Result<void> AddFiles(const gate::Context& as, const std::string& location,
                        const std::optional<gate::RegisteredLocation>& registered, std::vector<engine::FileSource>* files);

  // The files of registered partitions, in the order of the partitions. Places of one bucket that one reader reads are listed
  // together; he must be allowed each of them.
  struct ListedPlace {
    std::string prefix;
    std::size_t partition = 0;  // Of GovernedTable::partitions.
  };
  Result<void> AddPartitions(const gate::Context& as, const catalog::GovernedTable& governed,
                             std::vector<engine::FileSource>* files);
  Result<void> AddPlaces(const Reader& reader, const std::string& bucket, std::span<const ListedPlace> places,
                         const catalog::GovernedTable& governed, std::vector<std::vector<engine::FileSource>>* files);
  engine::FileSource Add(const Reader& reader, const std::string& bucket, const objects::ListedObject& object);

  // Where an Iceberg table lies. What its metadata names there is read as its location's role; wherever else that points, the
  // caller reads with his own rights: who wrote the metadata showed a right to the table's own place alone.
  struct IcebergPlace {
    std::string bucket, prefix;
    Reader inside, outside;
  };
  Result<void> AddIceberg(const gate::Context& as, const catalog::GovernedTable& governed, std::vector<engine::FileSource>* files);
  Result<std::uint64_t> Know(const IcebergPlace& place, const std::string& object);

  void AddWarehouse(const catalog::GovernedTable& governed, std::vector<engine::FileSource>* files);

  // The files of a table whose partitions are projected (catalog/partition_projection.h).
  Result<void> AddProjected(const gate::Context& as, const catalog::GovernedTable& governed,
                            std::vector<engine::FileSource>* files);

  TableParts parts_;
  gate::Context as_;
  std::string query_id_;
  std::vector<Known> known_;                                // Object n is known_[n - 1].
  std::map<std::uint64_t, IcebergPlace> iceberg_;           // By the object of their metadata file.
  std::vector<query::TableGround> views_;                   // Those with their definers' rights: number n is views_[n - 1].
  std::set<std::pair<std::string, std::string>> catalogs_;  // Name and account of those that the caller may use.
  WarehouseScans warehouses_;
  std::string reader_;
  bool filtered_ = false, governed_ = false;
};

}  // namespace hanse::server
