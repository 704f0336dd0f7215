// GetTable over HTTP with SigV4, one client on one connection, at 100,000 tables of 30 columns. The tables past the first are
// copies of its rows, laid into the store while the server is stopped: what is measured is reading, not 100,000 creations.
#include <chrono>

#include <fmt/format.h>

#include "bench/report.h"
#include "bench/running_server.h"
#include "store/sqlite/sqlite_store.h"
#include "wire/glue.h"
#include "wire/lakeformation.h"

namespace hanse::bench {
namespace {

namespace glue = wire::glue;

constexpr int kTables = 100'000, kColumns = 30, kReads = 20'000;

glue::TableInput FirstTable() {
  std::vector<glue::Column> columns;
  for (int i = 0; i < kColumns; ++i) columns.push_back({.name = fmt::format("column_{}", i), .type = i % 2 ? "bigint" : "string"});
  glue::StorageDescriptor storage{
      .columns = columns,
      .location = "s3://nowhere/t/",
      .input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      .output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      .serde_info = glue::SerDeInfo{.serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}};
  return {
      .name = "t_0", .storage_descriptor = storage, .partition_keys = std::vector<glue::Column>{}, .table_type = "EXTERNAL_TABLE"};
}

Result<void> CopyTables(const std::string& data) {
  TRY_ASSIGN(auto store, store::SqliteStore::Open(data + "/hanse.db"));
  TRY_ASSIGN(auto tx, store->BeginWrite());
  TRY_ASSIGN(store::Row first, tx->One("SELECT id FROM catalog_tables WHERE name = 't_0'"));
  TRY_ASSIGN(store::Row last,
             tx->One("UPDATE counters SET value = value + ? WHERE name = 'id' RETURNING value", {std::int64_t{kTables}}));
  std::int64_t base = last.Int(0) - kTables;
  for (std::int64_t i = 1; i < kTables; ++i) {
    TRY(tx->Execute("INSERT INTO things (id, kind) VALUES (?, 'table')", {base + i}));
    TRY(tx->Execute(
        "INSERT INTO catalog_tables SELECT ?, database_id, account, region, database_name, ?, location, columns, keys, "
        "target_account, target_database, target_table, target_region, version, definition FROM catalog_tables WHERE id = ?",
        {base + i, fmt::format("t_{}", i), first.Int(0)}));
  }
  return tx->Commit();
}

}  // namespace

Result<Metrics> Catalog() {
  TRY_ASSIGN(auto server, RunningServer::Start());
  {
    TRY_ASSIGN(auto admin, server->Management());
    // A data lake administrator may describe every table: the copies have no grants of their own.
    namespace lf = wire::lakeformation;
    TRY_ASSIGN(auto identity, admin->Form("sts", "GetCallerIdentity", {}));
    lf::DataLakeSettings settings{.data_lake_admins = {{lf::DataLakePrincipal{.data_lake_principal_identifier = identity["Arn"]}}}};
    TRY(admin->Call<lf::op::PutDataLakeSettings>({.data_lake_settings = settings}));
    TRY(admin->Call<glue::op::CreateDatabase>({.database_input = glue::DatabaseInput{.name = "bench"}}));
    TRY(admin->Call<glue::op::CreateTable>({.database_name = "bench", .table_input = FirstTable()}));
  }
  TRY(server->Stop());
  TRY(CopyTables(server->data()));
  TRY(server->StartAgain());
  TRY_ASSIGN(auto admin, server->Management());
  std::vector<double> samples;
  for (int i = 0; i < kReads; ++i) {
    std::string name = fmt::format("t_{}", (static_cast<std::int64_t>(i) * 7919) % kTables);
    auto start = std::chrono::steady_clock::now();
    TRY(admin->Call<glue::op::GetTable>({.database_name = "bench", .name = name}));
    samples.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  }
  samples.erase(samples.begin(), samples.begin() + 1000);  // The first warm the caches.
  return Metrics{{"tables", kTables}, {"p50_us", Percentile(samples, 0.5)}, {"p99_us", Percentile(samples, 0.99)}};
}

}  // namespace hanse::bench
