#include "catalog/test_lake.h"

namespace hanse::catalog {
Result<policy::Facts> TestPolicies::FactsOf(store::Transaction&, const Caller& caller) {
  std::string text = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"})";
  for (const std::string& action : denied) text += R"(,{"Effect":"Deny","Action":")" + action + R"(","Resource":"*"})";
  TRY_ASSIGN(auto document, policy::ParseDocument(text + "]}", policy::DocumentKind::kIdentity));
  policy::Facts facts{.caller = caller};
  facts.identity.push_back({"inline:test", std::move(document)});
  return facts;
}

Result<Caller> TestRoles::Assume(store::Transaction&, std::string_view role_arn, std::string_view service) {
  if (!trusts.contains({std::string(role_arn), std::string(service)})) return Fail(ErrorCode::kAccessDenied, "not trusted");
  const std::string arn(role_arn), name = arn.substr(arn.rfind('/') + 1);
  Caller caller{.kind = CallerKind::kSession, .account = arn.substr(13, 12), .principal_arn = arn, .name = name};
  caller.arn = "arn:aws:sts::" + caller.account + ":assumed-role/" + name + "/service";
  return caller;
}

TestWorld::TestWorld()
    : gate({.store = *store,
            .journal = journal,
            .clock = clock,
            .random = random,
            .policies = policies,
            .resource_policies = {{"glue", &catalog_policies}}}) {
  Grant("admin", "catalog", policy::Permission::kCreateDatabase);
  Grant("admin", "catalog", policy::Permission::kCreateDatabase, kConsumer);
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

void TestWorld::Grant(std::string_view name, const std::string& path, policy::PermissionSet permissions, std::string_view account) {
  lake.grants[{ArnOf(name, account), path}].Add(permissions);
}

}  // namespace hanse::catalog
