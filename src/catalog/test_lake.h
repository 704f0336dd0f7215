#pragma once
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "audit/test_journal.h"
#include "catalog/access.h"
#include "catalog/definer_view.h"
#include "catalog/names.h"
#include "catalog/page.h"
#include "catalog/policy.h"
#include "crypto/key.h"
#include "gate/gate.h"
#include "gate/lake.h"
#include "store/test_store.h"

// For the tests of this folder: a gate over a real store, with a lake whose grants a test writes down itself.
namespace hanse::catalog {

// Grants by the caller's principal ARN and the thing's path ("sales", "sales.orders"; of another account "222222222222:sales").
class TestLake final : public gate::Lake, public gate::ViewRights {
 public:
  std::set<std::pair<std::string, std::string>> grantable;  // As `grants`: SELECT with the grant option.
  std::set<std::string> open_to_iam;                        // "sales.orders"
  std::map<std::pair<std::string, std::string>, policy::PermissionSet> grants;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> columns;          // SELECT on these alone.
  std::map<std::pair<std::string, std::string>, std::string> rows;                          // A row filter over what is read.
  std::map<std::pair<std::string, std::string>, std::map<std::string, std::string>> cells;  // Cell filters over what is read.
  std::set<std::string> registered;                                                         // Prefixes "s3://bucket/prefix".
  std::set<std::pair<std::string, std::string>> locations;  // Principal and prefix: DATA_LOCATION_ACCESS.
  bool shared = false;
  gate::OutsideReading outside;
  std::string role = "arn:aws:iam::1:role/r";
  bool hybrid = false;
  bool by_iam = false;  // IAM_ALLOWED_PRINCIPALS stands beside every grant.

  Result<policy::TableAccess> OnTable(store::Transaction&, const Caller& caller, const store::TableRow& table) override {
    policy::TableAccess access;
    const std::string path = PathOf(caller, table.account, table.database_name + "." + table.name);
    access.permissions = Held(caller, path);
    access.visible = !access.permissions.empty();
    access.by_iam = by_iam;
    access.readable = access.permissions.Grants(policy::Permission::kSelect);
    if (access.visible) {
      access.columns = table.columns;
      access.columns.insert(access.columns.end(), table.keys.begin(), table.keys.end());
      access.described_columns = access.columns;
    }
    if (auto some = columns.find({caller.principal_arn, path}); some != columns.end()) {
      access.visible = access.readable = true;
      access.columns = access.described_columns = some->second;
    }
    if (auto filter = rows.find({caller.principal_arn, path}); filter != rows.end()) access.row_filter = filter->second;
    if (auto some = cells.find({caller.principal_arn, path}); some != cells.end()) access.cell_filters = some->second;
    return access;
  }

  Result<bool> MayPassOn(store::Transaction&, const Caller& caller, const store::TableRow& table) const override {
    return grantable.contains({caller.principal_arn, PathOf(caller, table.account, table.database_name + "." + table.name)});
  }
  Result<bool> IsOpenToIam(store::Transaction&, const store::TableRow& table) const override {
    return open_to_iam.contains(table.database_name + "." + table.name);
  }

  Result<bool> IsOpenToIam(store::Transaction&, const store::DatabaseRow& database) const override {
    return open_to_iam.contains(database.name);
  }

  Result<policy::DatabaseAccess> OnDatabase(store::Transaction&, const Caller& caller,
                                            const store::DatabaseRow& database) override {
    policy::DatabaseAccess access;
    const std::string path = PathOf(caller, database.account, database.name);
    access.permissions = Held(caller, path);
    access.visible = !access.permissions.empty();
    for (const auto& [key, held] : grants) {
      access.visible = access.visible || (key.first == caller.principal_arn && key.second.starts_with(path + "."));
    }
    return access;
  }

  Result<policy::PermissionSet> OnCatalog(store::Transaction&, const Caller& caller, std::string_view account,
                                          std::string_view) override {
    return Held(caller, PathOf(caller, account, "catalog"));
  }

  Result<bool> MayUseLocation(store::Transaction&, const Caller& caller, std::string_view, std::string_view, std::string_view path,
                              const store::DatabaseRow*) override {
    const std::string* prefix = PrefixOf(path);
    return prefix == nullptr || locations.contains({caller.principal_arn, *prefix});
  }

  Result<std::optional<gate::RegisteredLocation>> LocationOf(store::Transaction&, std::string_view account, std::string_view,
                                                             std::string_view path) override {
    const std::string* prefix = PrefixOf(path);
    if (prefix == nullptr) return std::nullopt;
    return gate::RegisteredLocation{.account = std::string(account), .arn = *prefix, .role_arn = role, .hybrid = hybrid};
  }

  Result<gate::OutsideReading> OutsideReadingOf(store::Transaction&, const Caller&, std::string_view, std::string_view) override {
    return outside;
  }

  Result<bool> SharedWith(store::Transaction&, std::string_view, std::string_view, const Caller&) override { return shared; }

  Result<bool> NamesReaderTo(store::Transaction&, const Caller&, std::string_view, std::string_view) override { return false; }

  Result<void> DatabaseCreated(store::Transaction&, const Caller& creator, const store::DatabaseRow& database) override {
    grants[{creator.principal_arn, database.name}].Add(policy::Permission::kAll);
    return {};
  }

  Result<void> TableCreated(store::Transaction&, const Caller& creator, const store::TableRow& table,
                            const store::DatabaseRow&) override {
    const std::string path = PathOf(creator, table.account, table.database_name + "." + table.name);
    grants[{creator.principal_arn, path}].Add(policy::Permission::kAll);
    return {};
  }

  Result<bool> TableDefaultsAllowIam(store::Transaction&, std::string_view, std::string_view) override { return false; }

 private:
  static std::string PathOf(const Caller& caller, std::string_view account, const std::string& path) {
    return caller.account == account ? path : std::string(account) + ":" + path;
  }
  policy::PermissionSet Held(const Caller& caller, const std::string& path) const {
    auto found = grants.find({caller.principal_arn, path});
    return found == grants.end() ? policy::PermissionSet() : found->second;
  }
  const std::string* PrefixOf(std::string_view path) const {
    auto found = std::ranges::find_if(registered, [&](const std::string& prefix) { return LiesBelow(path, prefix); });
    return found == registered.end() ? nullptr : &*found;
  }
};

// Everybody may do everything in IAM but what `denied` names.
class TestPolicies final : public gate::PolicySource {
 public:
  std::set<std::string> denied;  // "glue:GetTable"
  Result<policy::Facts> FactsOf(store::Transaction& tx, const Caller& caller) override;
};

// Roles by their ARN, and the services that they trust.
class TestRoles final : public RoleSessions {
 public:
  std::set<std::pair<std::string, std::string>> trusts;
  Result<Caller> Assume(store::Transaction& tx, std::string_view role_arn, std::string_view service) override;
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
  audit::TestJournal journal;
  ManualClock clock;
  SeededRandom random{1};
  CatalogPolicies catalog_policies{lake};
  gate::Gate gate;
  Access access{lake};
  TestRoles roles;
  DefinerViews views{lake, lake, roles};
  Pages pages{crypto::Key::Draw(random), random};
};

// Whatever role is asked for, the session of the one of that name.
class OneRole final : public RoleSessions {
 public:
  OneRole(const TestWorld& world, std::string name) : world_(world), name_(std::move(name)) {}
  bool trusts = true;
  Result<Caller> Assume(store::Transaction&, std::string_view, std::string_view) override {
    if (!trusts) return Fail(ErrorCode::kAccessDenied, "not trusted");
    return world_.As(name_).caller;
  }

 private:
  const TestWorld& world_;
  const std::string name_;
};

}  // namespace hanse::catalog
