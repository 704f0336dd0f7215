// Athena over the wire: the round trip of the least query, fifty callers at once beside four, and one row out of ten thousand
// partitions. The server's CPU a query is given too, its workers' included, which noise moves less.
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>

#include "bench/filled_lake.h"
#include "bench/query_benches.h"
#include "engine/sample_data.h"
#include "wire/athena.h"

namespace hanse::bench {
namespace {

namespace athena = wire::athena;

constexpr int kTrips = 200, kCallers = 50, kFewCallers = 4, kPointFiles = 10'000, kPoints = 20, kContents = 16;
constexpr double kCrowdSeconds = 8;
constexpr const char* kSmall = "SELECT sum(v) FROM bench.small";

// From the start to the rows; `expected` is the only cell of the answer.
Result<void> Trip(client::AwsClient& as, const std::string& sql, const std::string& expected) {
  athena::StartQueryExecutionInput start{.query_string = sql};
  start.result_configuration = athena::ResultConfiguration{.output_location = "s3://bench-lake/answers/"};
  TRY_ASSIGN(auto started, as.Call<athena::op::StartQueryExecution>(start));
  while (true) {
    TRY_ASSIGN(auto got, as.Call<athena::op::GetQueryExecution>({.query_execution_id = *started.query_execution_id}));
    const std::string state = got.query_execution->status->state.value_or("");
    if (state == "SUCCEEDED") break;
    if (state == "FAILED") return Fail(ErrorCode::kInternal, got.query_execution->status->state_change_reason.value_or(sql));
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  TRY_ASSIGN(auto page, as.Call<athena::op::GetQueryResults>({.query_execution_id = *started.query_execution_id}));
  const auto& rows = *page.result_set->rows;
  if (rows.size() == 2 && rows[1].data->front().var_char_value == expected) return {};
  return Fail(ErrorCode::kInternal, "a wrong answer to " + sql);
}

struct Times {
  double p50_ms = 0, p99_ms = 0, cpu_ms = 0;
};

Result<Times> TripTimes(RunningServer& server, client::AwsClient& as, const std::string& sql, const std::string& expected,
                        int trips) {
  for (int i = 0; i < 3; ++i) TRY(Trip(as, sql, expected));
  std::vector<double> times_ms;
  const double before = CpuSecondsOf(server.pid());
  for (int i = 0; i < trips; ++i) {
    Result<void> done;
    times_ms.push_back(Seconds([&] { done = Trip(as, sql, expected); }) * 1000);
    TRY(std::move(done));
  }
  const double cpu_ms = (CpuSecondsOf(server.pid()) - before) * 1000 / trips;
  return Times{Percentile(times_ms, 0.5), Percentile(times_ms, 0.99), cpu_ms};
}

Result<double> QueriesPerSecond(RunningServer& server, int callers) {
  std::atomic<int> done = 0;
  std::atomic<bool> good = true;
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(kCrowdSeconds);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < callers; ++i) {
      threads.emplace_back([&] {
        auto as = server.Management();
        while (good && std::chrono::steady_clock::now() < end) {
          if (!as || !Trip(**as, kSmall, "4950")) good = false;
          ++done;
        }
      });
    }
  }
  if (!good) return Fail(ErrorCode::kInternal, "a query of the crowd failed");
  return done / kCrowdSeconds;
}

Result<void> MakePoints(RunningServer& server, client::AwsClient& admin) {
  std::vector<std::string> contents;
  for (int i = 0; i < kContents; ++i) {
    TRY_ASSIGN(std::string bytes, engine::SampleData::Shared().Parquet(fmt::format("SELECT {}::BIGINT * 3 AS v", i)));
    contents.push_back(std::move(bytes));
  }
  std::vector<FilledObject> objects;
  std::vector<std::string> values;
  for (int p = 0; p < kPointFiles; ++p) {
    objects.push_back({fmt::format("points/p={}/0.parquet", p), &contents[static_cast<std::size_t>(p % kContents)]});
    values.push_back(std::to_string(p));
  }
  TRY(FillBucket(server, objects));
  TRY(MakeLakeTable(admin, "points", {{"v", "bigint"}}, {{"p", "int"}}));
  return AddLakePartitions(admin, "points", "p", values);
}

}  // namespace

Result<Metrics> Queries() {
  TRY_ASSIGN(auto server, RunningServer::Start());
  TRY_ASSIGN(auto admin, server->Management());
  TRY(MakeLake(*admin));
  TRY(MakeLakeTable(*admin, "small", {{"v", "bigint"}}, {}));
  TRY_ASSIGN(std::string small, engine::SampleData::Shared().Parquet("SELECT i::BIGINT AS v FROM range(100) t(i)"));
  TRY(admin->PutObject(kLakeBucket, "small/0.parquet", std::move(small)));

  TRY_ASSIGN(Times one, TripTimes(*server, *admin, "SELECT 1", "1", kTrips));
  TRY_ASSIGN(Times sum, TripTimes(*server, *admin, kSmall, "4950", kTrips));
  TRY_ASSIGN(double few, QueriesPerSecond(*server, kFewCallers));
  TRY_ASSIGN(double crowd, QueriesPerSecond(*server, kCallers));
  Metrics metrics{{"select_1_p50_ms", one.p50_ms},     {"select_1_p99_ms", one.p99_ms},     {"select_1_cpu_ms", one.cpu_ms},
                  {"small_sum_p50_ms", sum.p50_ms},    {"small_sum_cpu_ms", sum.cpu_ms},    {"queries_per_s_4_callers", few},
                  {"queries_per_s_50_callers", crowd}, {"share_at_50_callers", crowd / few}};
  TRY(MakePoints(*server, *admin));
  TRY_ASSIGN(Times point, TripTimes(*server, *admin, "SELECT v FROM bench.points WHERE p = 4711", "21", kPoints));
  TRY_ASSIGN(Times whole, TripTimes(*server, *admin, "SELECT count(*) FROM bench.points WHERE p % 5000 = 4711", "2", 5));
  metrics.emplace_back("point_of_10000_p50_ms", point.p50_ms);
  metrics.emplace_back("point_of_10000_cpu_ms", point.cpu_ms);
  metrics.emplace_back("all_of_10000_listed_p50_ms", whole.p50_ms);
  return metrics;
}

}  // namespace hanse::bench
