// A crawler over many small Parquet files: from its start until it is ready, and the server's CPU, of which files a second and core
// are told. The table and its partitions are checked, and the second crawl, which finds nothing new, is told too.
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "bench/filled_lake.h"
#include "bench/query_benches.h"
#include "engine/sample_data.h"
#include "wire/glue.h"

namespace hanse::bench {
namespace {

namespace glue = wire::glue;

constexpr int kFolders = 100, kFilesEach = 120;
constexpr const char* kCrawledRows =
    "SELECT i::BIGINT AS id, 'name ' || i AS name, i / 3.0 AS price, DATE '2024-01-01' + i::INT AS day, [i, i + 1] AS numbers, "
    "i % 2 = 0 AS even FROM range(50) t(i)";

struct Took {
  double seconds = 0, cpu_s = 0;
};

Result<Took> CrawlOnce(RunningServer& server, client::AwsClient& admin) {
  const double cpu = CpuSecondsOf(server.pid());
  Result<void> done;
  const double seconds = Seconds([&] {
    done = [&]() -> Result<void> {
      TRY(admin.Call<glue::op::StartCrawler>({.name = "bench"}));
      while (true) {
        TRY_ASSIGN(auto got, admin.Call<glue::op::GetCrawler>({.name = "bench"}));
        if (got.crawler->state.value_or("") == "READY" && got.crawler->last_crawl) {
          if (got.crawler->last_crawl->status == "SUCCEEDED") return {};
          return Fail(ErrorCode::kInternal, got.crawler->last_crawl->error_message.value_or("the crawl failed"));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    }();
  });
  TRY(std::move(done));
  return Took{seconds, CpuSecondsOf(server.pid()) - cpu};
}

Result<void> MakeCrawler(client::AwsClient& admin) {
  const std::string trust =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"glue.amazonaws.com"},)"
      R"("Action":"sts:AssumeRole"}]})";
  const std::string may = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","glue:*"],"Resource":"*"}]})";
  TRY_ASSIGN(auto role, admin.Form("iam", "CreateRole", {{"RoleName", "crawler"}, {"AssumeRolePolicyDocument", trust}}));
  TRY(admin.Form("iam", "PutRolePolicy", {{"RoleName", "crawler"}, {"PolicyName", "crawl"}, {"PolicyDocument", may}}));
  glue::CrawlerTargets targets{.s3_targets = {{glue::S3Target{.path = fmt::format("s3://{}/crawled/", kLakeBucket)}}}};
  TRY(admin.Call<glue::op::CreateCrawler>({.name = "bench", .role = role["Arn"], .database_name = "bench", .targets = targets}));
  return {};
}

}  // namespace

Result<Metrics> Crawl() {
  TRY_ASSIGN(auto server, RunningServer::Start());
  TRY_ASSIGN(auto admin, server->Management());
  TRY(MakeLake(*admin));
  TRY_ASSIGN(const std::string bytes, engine::SampleData::Shared().Parquet(kCrawledRows));
  std::vector<FilledObject> objects;
  for (int i = 0; i < kFolders * kFilesEach; ++i) {
    objects.push_back({fmt::format("crawled/part={}/{}.parquet", i / kFilesEach, i % kFilesEach), &bytes});
  }
  TRY(FillBucket(*server, objects));
  TRY(MakeCrawler(*admin));
  TRY_ASSIGN(Took first, CrawlOnce(*server, *admin));
  TRY_ASSIGN(auto table, admin->Call<glue::op::GetTable>({.database_name = "bench", .name = "crawled"}));
  TRY_ASSIGN(auto partitions, admin->Call<glue::op::GetPartitions>({.database_name = "bench", .table_name = "crawled"}));
  if (table.table->storage_descriptor->columns->size() != 6 || partitions.partitions->size() != kFolders) {
    return Fail(ErrorCode::kInternal, "the crawl found another table");
  }
  TRY_ASSIGN(Took again, CrawlOnce(*server, *admin));
  const double files = kFolders * kFilesEach;
  return Metrics{{"files", files},
                 {"crawl_s", first.seconds},
                 {"crawl_cpu_s", first.cpu_s},
                 {"files_per_s", files / first.seconds},
                 {"files_per_cpu_s", files / first.cpu_s},
                 {"again_files_per_cpu_s", files / again.cpu_s}};
}

}  // namespace hanse::bench
