#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "audit/journal.h"
#include "catalog/access.h"
#include "catalog/page.h"
#include "catalog/policy.h"
#include "crypto/key.h"
#include "gate/gate.h"
#include "gate/lake.h"
#include "store/test_store.h"

// For the tests of this folder: a gate over a real store, with a lake whose grants a test writes down itself.
namespace hanse::catalog {

// Grants by the caller's principal ARN and the thing's path ("sales", "sales.orders"; of another account "222222222222:sales").
class TestLake final : public gate::Lake {
 public:
  std::map<std::pair<std::string, std::string>, policy::PermissionSet> grants;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> columns;  // SELECT on these alone.
  std::set<std::string> registered;                                                 // Prefixes "s3://bucket/prefix".
  std::set<std::pair<std::string, std::string>> locations;                          // Principal and prefix: DATA_LOCATION_ACCESS.
  bool shared = false;

  Result<policy::TableAccess> OnTable(store::Transaction& tx, const Caller& caller, const store::TableRow& table) override;
  Result<policy::DatabaseAccess> OnDatabase(store::Transaction& tx, const Caller& caller,
                                            const store::DatabaseRow& database) override;
  Result<policy::PermissionSet> OnCatalog(store::Transaction& tx, const Caller& caller, std::string_view account,
                                          std::string_view region) override;
  Result<bool> MayUseLocation(store::Transaction& tx, const Caller& caller, std::string_view account, std::string_view region,
                              std::string_view s3_path, const store::DatabaseRow* within) override;
  Result<std::optional<gate::RegisteredLocation>> LocationOf(store::Transaction& tx, std::string_view account,
                                                             std::string_view region, std::string_view s3_path) override;
  Result<bool> SharedWith(store::Transaction& tx, std::string_view owner, std::string_view region, const Caller& consumer) override;
  Result<void> DatabaseCreated(store::Transaction& tx, const Caller& creator, const store::DatabaseRow& database) override;
  Result<void> TableCreated(store::Transaction& tx, const Caller& creator, const store::TableRow& table,
                            const store::DatabaseRow& in) override;
  Result<bool> TableDefaultsAllowIam(store::Transaction& tx, std::string_view account, std::string_view region) override;

 private:
  policy::PermissionSet Held(const Caller& caller, const std::string& path) const;
};

// Everybody may do everything in IAM but what `denied` names.
class TestPolicies final : public gate::PolicySource {
 public:
  std::set<std::string> denied;  // "glue:GetTable"
  Result<policy::Facts> FactsOf(store::Transaction& tx, const Caller& caller) override;
};

class TestJournal final : public audit::Journal {
 public:
  std::vector<std::string> records;
  Result<void> Append(std::string_view record_json, audit::Durability durability) override;
  void OutboxHasRows() override {}
};

inline constexpr std::string_view kOwner = "111111111111";
inline constexpr std::string_view kConsumer = "222222222222";

struct TestWorld {
  TestWorld();
  gate::Context As(std::string_view name, std::string_view account = kOwner) const;
  static std::string ArnOf(std::string_view name, std::string_view account = kOwner);
  void Grant(std::string_view name, const std::string& path, policy::PermissionSet permissions, std::string_view account = kOwner);

  store::TestStore store;
  TestLake lake;
  TestPolicies policies;
  TestJournal journal;
  ManualClock clock;
  SeededRandom random{1};
  CatalogPolicies catalog_policies{lake};
  gate::Gate gate;
  Access access{lake};
  Pages pages{crypto::Key::Draw(random), random};
};

}  // namespace hanse::catalog
