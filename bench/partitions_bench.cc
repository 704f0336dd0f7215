// GetPartitions over HTTP of a table with ten million partitions: expressions that select a hundred, by each key and each kind of
// comparison. The rows are laid into the store while the server is stopped, and its indexes made after them: what is measured is
// asking.
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "bench/lake_benches.h"
#include "bench/running_server.h"
#include "catalog/partition_order.h"
#include "catalog/partition_rows.h"
#include "store/sqlite/sqlite_store.h"
#include "wire/glue.h"
#include "wire/json.h"
#include "wire/lakeformation.h"

namespace hanse::bench {
namespace {

namespace glue = wire::glue;

// Each customer and each day has 100 partitions, each batch 25, each serial number is one's own.
constexpr std::int64_t kOfOne = 100, kOfBatch = 25, kFilledAtOnce = 250'000;
constexpr int kAsked = 40;

struct Kind {
  const char* name;
  std::function<std::string(std::int64_t)> expression;  // Of the hundred that begin at a partition whose number divides by 100.
};

std::string DayOf(std::int64_t number) {
  const std::chrono::sys_days day{std::chrono::year(1900) / 1 / 1};
  const std::chrono::year_month_day date(day + std::chrono::days(number));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string BatchOf(std::int64_t number) { return fmt::format("b{:08}", number); }

// The days go round while the customers go on, so that no later key follows the first one.
std::vector<std::string> ValuesAt(std::int64_t i, std::int64_t count) {
  const std::int64_t turned = i % (count / kOfOne);
  return {std::to_string(i / kOfOne), DayOf(turned), BatchOf(i * 7919 % count / kOfBatch), std::to_string(i)};
}

std::vector<Kind> Kinds(std::int64_t count) {
  const std::int64_t customers = count / kOfOne;
  return {
      {"first_equal", [](std::int64_t i) { return fmt::format("customer = {}", i / kOfOne); }},
      {"later_equal", [=](std::int64_t i) { return fmt::format("day = '{}'", DayOf(i % customers)); }},
      {"later_in",
       [](std::int64_t i) {
         const std::int64_t batch = i / kOfBatch;
         return fmt::format("batch IN ('{}', '{}', '{}', '{}')", BatchOf(batch), BatchOf(batch + 1), BatchOf(batch + 2),
                            BatchOf(batch + 3));
       }},
      {"text_between",
       [](std::int64_t i) { return fmt::format("batch BETWEEN '{}' AND '{}'", BatchOf(i / kOfBatch), BatchOf(i / kOfBatch + 3)); }},
      {"number_between", [](std::int64_t i) { return fmt::format("serial BETWEEN {} AND {}", i, i + 99); }},
      {"number_above", [=](std::int64_t) { return fmt::format("serial > {}", count - 101); }},
      {"first_below", [](std::int64_t) { return std::string("customer < 1"); }},
      {"date_between",
       [=](std::int64_t i) {
         return fmt::format("day > '{}' AND day < '{}'", DayOf(i % (customers - 2)), DayOf(i % (customers - 2) + 2));
       }},
      {"two_keys", [=](std::int64_t i) { return fmt::format("day >= '{}' AND customer = {}", DayOf(0), i / kOfOne); }}};
}

glue::TableInput Partitioned() {
  return {.name = "many",
          .storage_descriptor =
              glue::StorageDescriptor{.columns = {{{.name = "c", .type = "string"}}}, .location = "s3://nowhere/many/"},
          .partition_keys = {{{.name = "customer", .type = "int"},
                              {.name = "day", .type = "date"},
                              {.name = "batch", .type = "string"},
                              {.name = "serial", .type = "bigint"}}}};
}

Result<void> FillPartitions(const std::string& data, std::int64_t count) {
  TRY_ASSIGN(auto store, store::SqliteStore::Open(data + "/hanse.db"));
  TRY_ASSIGN(auto first, store->BeginWrite());
  TRY_ASSIGN(store::Row table, first->One("SELECT id FROM catalog_tables WHERE name = 'many'"));
  TRY_ASSIGN(auto indexes,
             first->Query("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'catalog_partitions' "
                          "AND sql IS NOT NULL"));
  for (const store::Row& index : indexes) TRY(first->Execute("DROP INDEX " + index.Text(0)));
  TRY(first->Commit());
  const glue::TableInput input = Partitioned();
  std::vector<catalog::PartitionKey> keys;
  for (const glue::Column& key : *input.partition_keys) keys.push_back({*key.name, *key.type});
  for (std::int64_t from = 0; from < count; from += kFilledAtOnce) {
    TRY_ASSIGN(auto tx, store->BeginWrite());
    for (std::int64_t i = from; i < std::min(count, from + kFilledAtOnce); ++i) {
      const std::vector<std::string> values = ValuesAt(i, count);
      const catalog::PartitionOrder order = catalog::OrderOf(keys, values);
      const std::string place = fmt::format("s3://nowhere/many/{}/", i);
      const std::string definition =
          wire::ToJson(glue::Partition{.values = values, .storage_descriptor = glue::StorageDescriptor{.location = place}});
      TRY(
          tx->Execute("INSERT INTO catalog_partitions (table_id, values_key, location, definition, sorted, sorted_1, sorted_2, "
                      "sorted_3) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                      {table.Int(0), catalog::ValuesKey(values), place, definition, order[0], order[1], order[2], order[3]}));
    }
    TRY(tx->Commit());
  }
  for (const store::Row& index : indexes) {
    TRY_ASSIGN(auto tx, store->BeginWrite());
    TRY(tx->Execute(index.Text(1)));
    TRY(tx->Commit());
  }
  return {};
}

Result<void> MakeTable(client::AwsClient& admin) {
  namespace lf = wire::lakeformation;
  TRY_ASSIGN(auto identity, admin.Form("sts", "GetCallerIdentity", {}));
  lf::DataLakeSettings settings{.data_lake_admins = {{lf::DataLakePrincipal{.data_lake_principal_identifier = identity["Arn"]}}}};
  TRY(admin.Call<lf::op::PutDataLakeSettings>({.data_lake_settings = settings}));
  TRY(admin.Call<glue::op::CreateDatabase>({.database_input = glue::DatabaseInput{.name = "bench"}}));
  TRY(admin.Call<glue::op::CreateTable>({.database_name = "bench", .table_input = Partitioned()}));
  return {};
}

}  // namespace

Result<Metrics> Partitions(const Options& options) {
  const std::int64_t count = std::max<std::int64_t>(options.partitions / 10'000, 1) * 10'000;
  TRY_ASSIGN(auto server, RunningServer::Start());
  {
    TRY_ASSIGN(auto admin, server->Management());
    TRY(MakeTable(*admin));
  }
  TRY(server->Stop());
  Result<void> filled;
  const double fill_s = Seconds([&] { filled = FillPartitions(server->data(), count); });
  TRY(filled);
  TRY(server->StartAgain());
  TRY_ASSIGN(auto admin, server->Management());
  Metrics metrics = {{"partitions", static_cast<double>(count)}, {"fill_s", fill_s}};
  std::vector<double> all;
  for (const Kind& kind : Kinds(count)) {
    std::vector<double> one;
    for (int i = 0; i < kAsked; ++i) {
      const std::string expression = kind.expression(i * 1'234'567 % (count / kOfOne - 10) * kOfOne);
      Result<glue::GetPartitionsResponse> answer;
      one.push_back(1'000 * Seconds([&] {
                      answer = admin->Call<glue::op::GetPartitions>(
                          {.database_name = "bench", .table_name = "many", .expression = expression});
                    }));
      TRY(answer);
      if (!answer->partitions || answer->partitions->size() != static_cast<std::size_t>(kOfOne) || answer->next_token) {
        return Fail(ErrorCode::kInternal, fmt::format("{} selects {} partitions", expression, answer->partitions->size()));
      }
    }
    all.insert(all.end(), one.begin(), one.end());
    metrics.emplace_back(fmt::format("{}_p50_ms", kind.name), Percentile(one, 0.5));
  }
  metrics.emplace_back("p50_ms", Percentile(all, 0.5));
  metrics.emplace_back("p99_ms", Percentile(all, 0.99));
  return metrics;
}

}  // namespace hanse::bench
