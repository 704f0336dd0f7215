// A server over a million tables of 30 columns and 100,000 grants: how it starts, how soon a change is in force, and what a page of
// a list costs somebody who sees one table in a hundred.
#include <chrono>
#include <fstream>

#include <fmt/format.h>

#include "bench/lake_benches.h"
#include "bench/large_lake.h"
#include "bench/running_server.h"
#include "client/signing.h"
#include "store/directory.h"
#include "store/sqlite/sqlite_store.h"
#include "wire/glue.h"
#include "wire/json.h"
#include "wire/lakeformation.h"

namespace hanse::bench {
namespace {

namespace glue = wire::glue;
namespace lf = wire::lakeformation;

constexpr int kServed = 25, kServedEach = LargeLake::kTables / kServed, kOneIn = 100, kColumnsEach = 30;
constexpr int kPages = 300, kRounds = 150;
constexpr const char* kTrustAll =
    R"({"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"sts:AssumeRole"}]})";
constexpr const char* kMayList =
    R"({"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["glue:Get*","lakeformation:GetDataAccess"],"Resource":"*"}]})";

double MillisecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

Result<void> Describe(client::AwsClient& admin) {
  TRY_ASSIGN(auto identity, admin.Form("sts", "GetCallerIdentity", {}));
  lf::DataLakeSettings settings{.data_lake_admins = {{lf::DataLakePrincipal{.data_lake_principal_identifier = identity["Arn"]}}},
                                .create_database_default_permissions = std::vector<lf::PrincipalPermissions>{},
                                .create_table_default_permissions = std::vector<lf::PrincipalPermissions>{}};
  TRY(admin.Call<lf::op::PutDataLakeSettings>({.data_lake_settings = settings}));
  TRY(admin.Call<glue::op::CreateDatabase>({.database_input = glue::DatabaseInput{.name = "template"}}));
  std::vector<glue::Column> columns;
  for (int i = 0; i < kColumnsEach; ++i)
    columns.push_back({.name = fmt::format("column_{}", i), .type = i % 2 ? "bigint" : "string"});
  TRY(admin.Call<glue::op::CreateTable>(
      {.database_name = "template",
       .table_input =
           glue::TableInput{.name = "template",
                            .storage_descriptor = glue::StorageDescriptor{.columns = columns, .location = "s3://nowhere/t/"},
                            .partition_keys = std::vector<glue::Column>{}}}));
  std::vector<std::string> values;
  for (int i = 0; i < LargeLake::kValues; ++i) values.push_back(fmt::format("v{}", i));
  for (int key = 1; key <= LargeLake::kKeys; ++key) {
    TRY(admin.Call<lf::op::CreateLFTag>({.tag_key = fmt::format("k{}", key), .tag_values = values}));
  }
  TRY(admin.Call<lf::op::CreateLFTag>({.tag_key = "slice", .tag_values = std::vector<std::string>{"x", "y"}}));
  return {};
}

// The rows of a lake, written beside the server as its operations would.
class Filler {
 public:
  explicit Filler(store::Transaction& tx) : tx_(tx), large_(7) {}

  Result<void> Fill() {
    TRY_ASSIGN(store::Row first, tx_.One("SELECT id, database_id, account, region FROM catalog_tables WHERE name = 'template'"));
    template_table_ = first.Int(0);
    template_database_ = first.Int(1);
    account_ = first.Text(2);
    region_ = first.Text(3);
    constexpr std::int64_t kAll = LargeLake::kTables + kServed + LargeLake::kPrincipals + LargeLake::kGrants;
    TRY_ASSIGN(store::Row last, tx_.One("UPDATE counters SET value = value + ? WHERE name = 'id' RETURNING value", {kAll}));
    next_ = last.Int(0) - kAll + 1;
    for (int key = 1; key <= LargeLake::kKeys; ++key) {
      TRY_ASSIGN(Id id, TagNamed(fmt::format("k{}", key)));
      tags_.push_back(id);
    }
    TRY_ASSIGN(slice_, TagNamed("slice"));
    for (int database = 0; database < kServed; ++database) TRY(Database(database));
    return Grants();
  }

 private:
  Result<Id> TagNamed(const std::string& key) {
    TRY_ASSIGN(store::Row row, tx_.One("SELECT id FROM lf_tags WHERE tag_key = ?", {key}));
    return row.Int(0);
  }
  Result<Id> Thing(const char* kind) {
    TRY(tx_.Execute("INSERT INTO things (id, kind) VALUES (?, ?)", {next_, std::string(kind)}));
    return next_++;
  }
  Result<void> Assign(Id thing, Id tag, const std::string& value) {
    TRY(tx_.Execute("INSERT INTO lf_assignments (thing_id, column_name, tag_id, tag_value) VALUES (?, '', ?, ?)",
                    {thing, tag, value}));
    return {};
  }
  Result<void> AssignAll(Id thing, const policy::Tags& tags) {
    for (const auto& [key, value] : tags) TRY(Assign(thing, tags_[static_cast<std::size_t>(key - 1)], value));
    return {};
  }

  Result<void> Database(int number) {
    const auto at = static_cast<std::size_t>(number);
    const std::string name = fmt::format("served_{}", number);
    TRY_ASSIGN(Id database, Thing("database"));
    TRY(
        tx_.Execute("INSERT INTO catalog_databases SELECT ?, account, region, ?, location, target_account, target_database, "
                    "target_region, definition FROM catalog_databases WHERE id = ?",
                    {database, name, template_database_}));
    TRY(AssignAll(database, large_.database_tags[at]));
    for (int i = 0; i < kServedEach; ++i) {
      const int table = number * kServedEach + i;
      TRY_ASSIGN(Id id, Thing("table"));
      TRY(
          tx_.Execute("INSERT INTO catalog_tables SELECT ?, ?, account, region, ?, ?, location, columns, keys, target_account, "
                      "target_database, target_table, target_region, version, definition FROM catalog_tables WHERE id = ?",
                      {id, database, name, fmt::format("table_{:06}", i), template_table_}));
      TRY(AssignAll(id, large_.own_sets[at][large_.own_set[static_cast<std::size_t>(table)]]));
      if (i % kOneIn == 0) TRY(Assign(id, slice_, "x"));
      tables_.push_back(id);
    }
    return {};
  }

  Result<void> Grants() {
    std::vector<Id> principals;
    for (int i = 0; i < LargeLake::kPrincipals; ++i) {
      TRY_ASSIGN(Id id, Thing("role"));
      principals.push_back(id);
    }
    for (const LargeLake::Grant& grant : large_.grants) {
      const Id principal = principals[static_cast<std::size_t>(grant.principal)];
      policy::TagExpression expression = grant.expression;
      for (policy::TagTerm& term : expression) term.tag = tags_[static_cast<std::size_t>(term.tag - 1)];
      const std::string detail = policy::EncodeExpression(expression);
      const Id table = grant.table == 0 ? 0 : tables_[static_cast<std::size_t>(grant.table - LargeLake::TableId(0))];
      TRY(tx_.Execute(
          "INSERT INTO lf_grants (id, keeper, owner, region, principal, principal_id, shown, kind, resource_key, object, "
          "thing_id, filter_id, expression_id, detail, condition, permissions, grantable, share_id, updated_ms, updated_by) "
          "VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, NULL, NULL, ?, '', ?, 0, NULL, 0, '') ON CONFLICT DO NOTHING",
          {next_++, account_, account_, region_, fmt::format("#{}", principal), principal,
           std::string(table ? "table" : "tables_by_tag"), table ? fmt::format("table:{}", table) : "tables:" + detail, table,
           table ? store::Value(table) : store::Value(), detail, std::int64_t{grant.permissions.bits()}}));
    }
    return {};
  }

  store::Transaction& tx_;
  const LargeLake large_;
  Id template_table_ = 0, template_database_ = 0, next_ = 0, slice_ = 0;
  std::string account_, region_;
  std::vector<Id> tags_, tables_;
};

Result<void> FillServed(const std::string& data) {
  TRY_ASSIGN(auto store, store::SqliteStore::Open(data + "/hanse.db"));
  TRY_ASSIGN(auto tx, store->BeginWrite());
  TRY(Filler(*tx).Fill());
  return tx->Commit();
}

double ResidentMegabytes(pid_t pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1'000;
  }
  return 0;
}

// A page of names for who sees one table in a hundred is quick once grants and tags are compiled. Nothing of it is said before.
Result<void> WaitUntilCompiled(client::AwsClient& reader) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(3);
  while (std::chrono::steady_clock::now() < end) {
    const auto start = std::chrono::steady_clock::now();
    TRY(reader.Call<glue::op::GetTables>({.database_name = "served_0", .max_results = 100, .attributes_to_get = {{"NAME"}}}));
    if (MillisecondsSince(start) < 10) return {};
  }
  return Fail(ErrorCode::kInternal, "lists stay slow");
}

// Pages of 100 over HTTP, from the first byte of the request to the last of the answer.
Result<void> ListPages(RunningServer& server, const client::Profile& profile, Metrics* metrics) {
  TRY_ASSIGN(auto connection, client::Connection::To(profile.endpoint_url));
  std::vector<double> whole, names;
  for (int i = 0; i < 2 * kPages; ++i) {
    glue::GetTablesRequest ask{.database_name = fmt::format("served_{}", i % kServed), .max_results = 100};
    if (i % 2 == 1) ask.attributes_to_get = {{"NAME"}};
    client::HttpRequest request{"POST", "/", {}, wire::ToJson(ask)};
    request.headers = {
        {"Host", connection->host()}, {"X-Amz-Target", "AWSGlue.GetTables"}, {"Content-Type", "application/x-amz-json-1.1"}};
    client::Sign(profile, "glue", server.clock().NowMs(), &request);
    auto start = std::chrono::steady_clock::now();
    TRY_ASSIGN(client::HttpResponse response, connection->Send(request));
    (i % 2 == 1 ? names : whole).push_back(MillisecondsSince(start));
    // Tables 0, 100, … 9900.
    if (response.status != 200 || !response.body.contains("\"table_009900\"") || response.body.contains("\"table_000001\"")) {
      return Fail(ErrorCode::kInternal, "GetTables answered something else: " + response.body.substr(0, 200));
    }
  }
  metrics->insert(metrics->end(), {{"page_of_100_p50_ms", Percentile(whole, 0.5)},
                                   {"page_of_100_p99_ms", Percentile(whole, 0.99)},
                                   {"page_of_100_names_p50_ms", Percentile(names, 0.5)}});
  return {};
}

// Each change, durable, and then the next read of the one whom it concerns, which must tell of it.
Result<void> Change(client::AwsClient& admin, client::AwsClient& reader, const std::string& role, Metrics* metrics) {
  std::vector<double> grants, revokes, retags, filters;
  const lf::DataLakePrincipal to{.data_lake_principal_identifier = role};
  for (int i = 0; i < kRounds; ++i) {
    const std::string name = fmt::format("table_{:06}", 1 + i * 7);
    const lf::Resource table{.table = lf::TableResource{.database_name = "served_3", .name = name}};
    const lf::LFTagPair slice{.tag_key = "slice", .tag_values = {{"x"}}};
    auto sees = [&] { return reader.Call<glue::op::GetTable>({.database_name = "served_3", .name = name}).has_value(); };
    auto timed = [&](std::vector<double>* to_list, auto call) -> Result<void> {
      auto start = std::chrono::steady_clock::now();
      TRY(call());
      to_list->push_back(MillisecondsSince(start));
      return {};
    };
    TRY(timed(&grants, [&] {
      return admin.Call<lf::op::GrantPermissions>({.principal = to, .resource = table, .permissions = {{"SELECT"}}});
    }));
    if (i % kOneIn != 0 && !sees()) return Fail(ErrorCode::kInternal, "a grant is not in force");
    TRY(timed(&revokes, [&] {
      return admin.Call<lf::op::RevokePermissions>({.principal = to, .resource = table, .permissions = {{"SELECT"}}});
    }));
    if ((1 + i * 7) % kOneIn != 0 && sees()) return Fail(ErrorCode::kInternal, "a revoked grant still works");
    TRY(timed(&retags, [&] { return admin.Call<lf::op::AddLFTagsToResource>({.resource = table, .lf_tags = {{slice}}}); }));
    if (!sees()) return Fail(ErrorCode::kInternal, "a tag is not in force");
    TRY(timed(&retags, [&] { return admin.Call<lf::op::RemoveLFTagsFromResource>({.resource = table, .lf_tags = {{slice}}}); }));
    if (sees()) return Fail(ErrorCode::kInternal, "a tag that is gone still works");
    lf::DataCellsFilter filter{.table_catalog_id = "111111111111", .database_name = "served_3", .table_name = name, .name = "f"};
    filter.row_filter = lf::RowFilter{.filter_expression = fmt::format("column_1 = {}", i)};
    filter.column_wildcard.emplace();
    TRY(admin.Call<lf::op::CreateDataCellsFilter>({.table_data = filter}));
    filter.row_filter = lf::RowFilter{.filter_expression = fmt::format("column_1 = {}", i + 1)};
    TRY(timed(&filters, [&] { return admin.Call<lf::op::UpdateDataCellsFilter>({.table_data = filter}); }));
  }
  const std::pair<const char*, std::vector<double>*> lists[] = {
      {"grant", &grants}, {"revoke", &revokes}, {"retag", &retags}, {"filter", &filters}};
  for (const auto& [name, list] : lists) {
    metrics->emplace_back(fmt::format("{}_p50_ms", name), Percentile(*list, 0.5));
    metrics->emplace_back(fmt::format("{}_p99_ms", name), Percentile(*list, 0.99));
  }
  // A whole database: all its tables inherit.
  const lf::Resource database{.database = lf::DatabaseResource{.name = "served_4"}};
  const lf::LFTagPair slice{.tag_key = "slice", .tag_values = {{"x"}}};
  auto start = std::chrono::steady_clock::now();
  TRY(admin.Call<lf::op::AddLFTagsToResource>({.resource = database, .lf_tags = {{slice}}}));
  metrics->emplace_back("retag_40000_tables_ms", MillisecondsSince(start));
  if (!reader.Call<glue::op::GetTable>({.database_name = "served_4", .name = "table_000001"})) {
    return Fail(ErrorCode::kInternal, "an inherited tag is not in force");
  }
  return {};
}

}  // namespace

Result<Metrics> LargeServer() {
  TRY_ASSIGN(auto server, RunningServer::Start());
  std::string role_arn;
  {
    TRY_ASSIGN(auto admin, server->Management());
    TRY(Describe(*admin));
    TRY_ASSIGN(auto role, admin->Form("iam", "CreateRole", {{"RoleName", "reader"}, {"AssumeRolePolicyDocument", kTrustAll}}));
    TRY(admin->Form("iam", "PutRolePolicy", {{"RoleName", "reader"}, {"PolicyName", "read"}, {"PolicyDocument", kMayList}}));
    role_arn = role["Arn"];
  }
  TRY(server->Stop());
  TRY(FillServed(server->data()));
  Metrics metrics;
  auto start = std::chrono::steady_clock::now();
  TRY(server->StartAgain());
  metrics.emplace_back("cold_start_s", MillisecondsSince(start) / 1'000);
  TRY_ASSIGN(auto admin, server->Management());
  TRY_ASSIGN(auto reader, admin->Assume(role_arn, "reader"));
  lf::LFTagPolicyResource slices{.resource_type = "TABLE", .expression = {{lf::LFTag{.tag_key = "slice", .tag_values = {{"x"}}}}}};
  TRY(admin->Call<lf::op::GrantPermissions>({.principal = lf::DataLakePrincipal{.data_lake_principal_identifier = role_arn},
                                             .resource = lf::Resource{.lf_tag_policy = slices},
                                             .permissions = {{"SELECT"}}}));
  TRY(WaitUntilCompiled(*reader));
  metrics.emplace_back("compiled_after_s", MillisecondsSince(start) / 1'000);
  metrics.emplace_back("resident_compiled_mb", ResidentMegabytes(server->pid()));
  TRY(ListPages(*server, reader->profile(), &metrics));
  TRY(Change(*admin, *reader, role_arn, &metrics));
  metrics.emplace_back("resident_after_mb", ResidentMegabytes(server->pid()));
  return metrics;
}

}  // namespace hanse::bench
