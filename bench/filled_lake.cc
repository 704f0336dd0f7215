#include "bench/filled_lake.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include <fmt/format.h>

#include "wire/glue.h"

namespace hanse::bench {
namespace {

namespace glue = wire::glue;

constexpr int kWriters = 16;
constexpr std::size_t kPartitionsAtOnce = 100;

std::vector<glue::Column> ColumnsOf(const LakeColumns& columns) {
  std::vector<glue::Column> all;
  for (const auto& [name, type] : columns) all.push_back({.name = name, .type = type});
  return all;
}

}  // namespace

double CpuSecondsOf(pid_t pid) {
  std::vector<std::string> all{std::to_string(pid)};
  std::ifstream list(fmt::format("/proc/{0}/task/{0}/children", pid));
  for (std::string child; list >> child;) all.push_back(child);
  double ticks = 0;
  for (const std::string& one : all) {
    std::ifstream file("/proc/" + one + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream words(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    std::string word;
    for (int i = 0; i < 11; ++i) words >> word;
    for (int i = 0; i < 4 && words >> word; ++i) ticks += std::stod(word);  // Its own and those of children that have ended.
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

Result<void> MakeLake(client::AwsClient& admin) {
  TRY(admin.CreateBucket(kLakeBucket));
  TRY(admin.Call<glue::op::CreateDatabase>({.database_input = glue::DatabaseInput{.name = "bench"}}));
  return {};
}

Result<void> MakeLakeTable(client::AwsClient& admin, const std::string& name, const LakeColumns& columns, const LakeColumns& keys) {
  glue::StorageDescriptor storage{.columns = ColumnsOf(columns), .location = fmt::format("s3://{}/{}/", kLakeBucket, name)};
  storage.serde_info = glue::SerDeInfo{.serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"};
  glue::TableInput table{.name = name, .storage_descriptor = storage, .partition_keys = ColumnsOf(keys)};
  TRY(admin.Call<glue::op::CreateTable>({.database_name = "bench", .table_input = table}));
  return {};
}

Result<void> AddLakePartitions(client::AwsClient& admin, const std::string& name, const std::string& key,
                               const std::vector<std::string>& values) {
  for (std::size_t from = 0; from < values.size(); from += kPartitionsAtOnce) {
    glue::BatchCreatePartitionRequest add{.database_name = "bench", .table_name = name};
    add.partition_input_list.emplace();
    for (std::size_t i = from; i < std::min(values.size(), from + kPartitionsAtOnce); ++i) {
      glue::StorageDescriptor place{.location = fmt::format("s3://{}/{}/{}={}/", kLakeBucket, name, key, values[i])};
      add.partition_input_list->push_back({.values = {{values[i]}}, .storage_descriptor = place});
    }
    TRY(admin.Call<glue::op::BatchCreatePartition>(add));
  }
  return {};
}

Result<void> FillBucket(RunningServer& server, const std::vector<FilledObject>& objects) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> good = true;
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < kWriters; ++i) {
      writers.emplace_back([&] {
        auto as = server.Management();
        for (std::size_t at = next++; good && at < objects.size(); at = next++) {
          if (!as || !(*as)->PutObject(kLakeBucket, objects[at].key, *objects[at].bytes)) good = false;
        }
      });
    }
  }
  if (!good) return Fail(ErrorCode::kInternal, "an object was not written");
  return {};
}

}  // namespace hanse::bench
