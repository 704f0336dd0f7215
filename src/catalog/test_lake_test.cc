#include "catalog/test_lake.h"

#include "base/text.h"
#include "catalog/names.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
using policy::PermissionSet;

std::string PathOf(const Caller& caller, std::string_view account, const std::string& path) {
  return caller.account == account ? path : std::string(account) + ":" + path;
}

}  // namespace

PermissionSet TestLake::Held(const Caller& caller, const std::string& path) const {
  auto found = grants.find({caller.principal_arn, path});
  return found == grants.end() ? PermissionSet() : found->second;
}

Result<policy::TableAccess> TestLake::OnTable(store::Transaction&, const Caller& caller, const store::TableRow& table) {
  policy::TableAccess access;
  std::string path = PathOf(caller, table.account, table.database_name + "." + table.name);
  access.permissions = Held(caller, path);
  access.visible = !access.permissions.empty();
  access.readable = access.permissions.Grants(Permission::kSelect);
  if (access.visible) access.columns = access.described_columns = table.columns;
  if (auto some = columns.find({caller.principal_arn, path}); some != columns.end()) {
    access.visible = access.readable = true;
    access.columns = access.described_columns = some->second;
  }
  return access;
}

Result<policy::DatabaseAccess> TestLake::OnDatabase(store::Transaction&, const Caller& caller, const store::DatabaseRow& database) {
  policy::DatabaseAccess access;
  std::string path = PathOf(caller, database.account, database.name);
  access.permissions = Held(caller, path);
  access.visible = !access.permissions.empty();
  for (const auto& [key, held] : grants) {
    access.visible = access.visible || (key.first == caller.principal_arn && key.second.starts_with(path + "."));
  }
  return access;
}

Result<PermissionSet> TestLake::OnCatalog(store::Transaction&, const Caller& caller, std::string_view account, std::string_view) {
  return Held(caller, PathOf(caller, account, "catalog"));
}

Result<bool> TestLake::MayUseLocation(store::Transaction&, const Caller& caller, std::string_view, std::string_view,
                                      std::string_view path, const store::DatabaseRow*) {
  for (const std::string& prefix : registered) {
    if (LiesBelow(path, prefix)) return locations.contains({caller.principal_arn, prefix});
  }
  return true;
}

Result<std::optional<gate::RegisteredLocation>> TestLake::LocationOf(store::Transaction&, std::string_view account,
                                                                     std::string_view, std::string_view path) {
  for (const std::string& prefix : registered) {
    if (LiesBelow(path, prefix)) {
      return std::optional(
          gate::RegisteredLocation{.account = std::string(account), .arn = prefix, .role_arn = "arn:aws:iam::1:role/r"});
    }
  }
  return std::optional<gate::RegisteredLocation>();
}

Result<bool> TestLake::SharedWith(store::Transaction&, std::string_view, std::string_view, const Caller&) { return shared; }

Result<void> TestLake::DatabaseCreated(store::Transaction&, const Caller& creator, const store::DatabaseRow& database) {
  grants[{creator.principal_arn, database.name}].Add(Permission::kAll);
  return {};
}

Result<void> TestLake::TableCreated(store::Transaction&, const Caller& creator, const store::TableRow& table,
                                    const store::DatabaseRow&) {
  grants[{creator.principal_arn, PathOf(creator, table.account, table.database_name + "." + table.name)}].Add(Permission::kAll);
  return {};
}

Result<bool> TestLake::TableDefaultsAllowIam(store::Transaction&, std::string_view, std::string_view) { return false; }

Result<policy::Facts> TestPolicies::FactsOf(store::Transaction&, const Caller& caller) {
  std::string text = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"})";
  for (const std::string& action : denied) text += R"(,{"Effect":"Deny","Action":")" + action + R"(","Resource":"*"})";
  TRY_ASSIGN(auto document, policy::ParseDocument(text + "]}", policy::DocumentKind::kIdentity));
  policy::Facts facts{.caller = caller};
  facts.identity.push_back({"inline:test", std::move(document)});
  return facts;
}

Result<void> TestJournal::Append(std::string_view record_json, audit::Durability) {
  records.emplace_back(record_json);
  return {};
}

TestWorld::TestWorld()
    : gate({.store = *store,
            .journal = journal,
            .clock = clock,
            .random = random,
            .policies = policies,
            .resource_policies = {{"glue", &catalog_policies}}}) {
  Grant("admin", "catalog", Permission::kCreateDatabase);
  Grant("admin", "catalog", Permission::kCreateDatabase, kConsumer);
}

std::string TestWorld::ArnOf(std::string_view name, std::string_view account) {
  return "arn:aws:iam::" + std::string(account) + ":role/" + std::string(name);
}

gate::Context TestWorld::As(std::string_view name, std::string_view account) const {
  gate::Context context;
  context.caller.kind = CallerKind::kSession;
  context.caller.account = std::string(account);
  context.caller.principal_arn = ArnOf(name, account);
  context.caller.arn = "arn:aws:sts::" + std::string(account) + ":assumed-role/" + std::string(name) + "/s";
  context.caller.unique_id = "AROA" + std::string(name) + ":s";
  context.caller.name = std::string(name);
  context.info = {.id = "request", .service = "glue", .operation = "Test", .region = "us-east-1", .now_ms = clock.NowMs()};
  return context;
}

void TestWorld::Grant(std::string_view name, const std::string& path, PermissionSet permissions, std::string_view account) {
  lake.grants[{ArnOf(name, account), path}].Add(permissions);
}

}  // namespace hanse::catalog
