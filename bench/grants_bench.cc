// GrantPermissions until it is in force: the call returns when the grant is durable and counts; each grant is checked by the next
// read of the one who got it, each revoke by the next read that is refused.
#include <chrono>

#include <fmt/format.h>

#include "bench/report.h"
#include "bench/running_server.h"
#include "wire/glue.h"
#include "wire/lakeformation.h"

namespace hanse::bench {
namespace {

namespace glue = wire::glue;
namespace lf = wire::lakeformation;

constexpr int kTurns = 500;
constexpr const char* kTrust =
    R"({"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"sts:AssumeRole"}]})";
constexpr const char* kReader =
    R"({"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["glue:Get*","lakeformation:GetDataAccess"],"Resource":"*"}]})";

}  // namespace

Result<Metrics> Grants() {
  TRY_ASSIGN(auto server, RunningServer::Start());
  TRY_ASSIGN(auto admin, server->Management());
  TRY_ASSIGN(auto identity, admin->Form("sts", "GetCallerIdentity", {}));
  lf::DataLakeSettings settings{.data_lake_admins = {{lf::DataLakePrincipal{.data_lake_principal_identifier = identity["Arn"]}}},
                                .create_database_default_permissions = std::vector<lf::PrincipalPermissions>{},
                                .create_table_default_permissions = std::vector<lf::PrincipalPermissions>{}};
  TRY(admin->Call<lf::op::PutDataLakeSettings>({.data_lake_settings = settings}));
  TRY(admin->Call<glue::op::CreateDatabase>({.database_input = glue::DatabaseInput{.name = "bench"}}));
  glue::StorageDescriptor storage{.columns = {{glue::Column{.name = "id", .type = "bigint"}}}, .location = "s3://nowhere/t/"};
  TRY(admin->Call<glue::op::CreateTable>(
      {.database_name = "bench",
       .table_input =
           glue::TableInput{.name = "t", .storage_descriptor = storage, .partition_keys = std::vector<glue::Column>{}}}));
  TRY_ASSIGN(auto role, admin->Form("iam", "CreateRole", {{"RoleName", "reader"}, {"AssumeRolePolicyDocument", kTrust}}));
  TRY(admin->Form("iam", "PutRolePolicy", {{"RoleName", "reader"}, {"PolicyName", "read"}, {"PolicyDocument", kReader}}));
  TRY_ASSIGN(auto reader, admin->Assume(role["Arn"], "reader"));

  lf::DataLakePrincipal to{.data_lake_principal_identifier = role["Arn"]};
  lf::Resource table{.table = lf::TableResource{.database_name = "bench", .name = "t"}};
  std::vector<double> grants, revokes;
  auto milliseconds = [](auto start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  };
  for (int i = 0; i < kTurns; ++i) {
    auto start = std::chrono::steady_clock::now();
    TRY(admin->Call<lf::op::GrantPermissions>({.principal = to, .resource = table, .permissions = {{"SELECT"}}}));
    grants.push_back(milliseconds(start));
    TRY(reader->Call<glue::op::GetTable>({.database_name = "bench", .name = "t"}));
    start = std::chrono::steady_clock::now();
    TRY(admin->Call<lf::op::RevokePermissions>({.principal = to, .resource = table, .permissions = {{"SELECT"}}}));
    revokes.push_back(milliseconds(start));
    if (reader->Call<glue::op::GetTable>({.database_name = "bench", .name = "t"})) {
      return Fail(ErrorCode::kInternal, "a revoked grant still works");
    }
  }
  return Metrics{{"grant_p50_ms", Percentile(grants, 0.5)},
                 {"grant_p99_ms", Percentile(grants, 0.99)},
                 {"revoke_p50_ms", Percentile(revokes, 0.5)},
                 {"revoke_p99_ms", Percentile(revokes, 0.99)}};
}

}  // namespace hanse::bench
