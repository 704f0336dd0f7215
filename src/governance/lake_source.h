#pragma once
#include "gate/lake.h"
#include "gate/reached_tables.h"
#include "gate/view_rights.h"

namespace hanse::governance {

class LakeKeeper;

// Lake Formation for the rest of the server: the second door (gate/lake.h), as of the caller's own transaction. Any thread.
class LakeSource final : public gate::Lake, public gate::ReachedTables, public gate::ViewRights {
 public:
  // Writes `clock`'s time on the grants that creators receive. Decides from what `keeper` has where that is exact, else from the
  // rows.
  explicit LakeSource(const Clock& clock, const LakeKeeper* keeper = nullptr) : clock_(clock), keeper_(keeper) {}

  Result<policy::TableAccess> OnTable(store::Transaction& tx, const Caller& caller, const store::TableRow& table) override;
  Result<policy::DatabaseAccess> OnDatabase(store::Transaction& tx, const Caller& caller,
                                            const store::DatabaseRow& database) override;
  Result<std::optional<std::vector<Id>>> Reached(store::Transaction& tx, const Caller& caller, const store::DatabaseRow& database,
                                                 std::string_view after, std::size_t limit) const override;
  Result<std::vector<policy::TableAccess>> OnTables(store::Transaction& tx, const Caller& caller,
                                                    const store::DatabaseRow& database,
                                                    std::span<const store::TableRow> tables) const override;
  Result<bool> MayPassOn(store::Transaction& tx, const Caller& caller, const store::TableRow& table) const override;
  Result<bool> IsOpenToIam(store::Transaction& tx, const store::TableRow& table) const override;
  Result<bool> IsOpenToIam(store::Transaction& tx, const store::DatabaseRow& database) const override;
  Result<policy::PermissionSet> OnCatalog(store::Transaction& tx, const Caller& caller, std::string_view account,
                                          std::string_view region) override;
  Result<bool> MayUseLocation(store::Transaction& tx, const Caller& caller, std::string_view account, std::string_view region,
                              std::string_view s3_path, const store::DatabaseRow* within) override;
  Result<std::optional<gate::RegisteredLocation>> LocationOf(store::Transaction& tx, std::string_view account,
                                                             std::string_view region, std::string_view s3_path) override;
  Result<gate::OutsideReading> OutsideReadingOf(store::Transaction& tx, const Caller& caller, std::string_view account,
                                                std::string_view region) override;
  Result<bool> SharedWith(store::Transaction& tx, std::string_view owner, std::string_view region, const Caller& consumer) override;
  Result<bool> NamesReaderTo(store::Transaction& tx, const Caller& reader, std::string_view region,
                             std::string_view owner) override;
  Result<void> DatabaseCreated(store::Transaction& tx, const Caller& creator, const store::DatabaseRow& database) override;
  Result<void> TableCreated(store::Transaction& tx, const Caller& creator, const store::TableRow& table,
                            const store::DatabaseRow& in) override;
  Result<bool> TableDefaultsAllowIam(store::Transaction& tx, std::string_view account, std::string_view region) override;

 private:
  const Clock& clock_;
  const LakeKeeper* keeper_;
};

}  // namespace hanse::governance
