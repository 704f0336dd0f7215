#pragma once
#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "bench/report.h"
#include "bench/running_server.h"

// A lake of one bucket in a running server, filled over the wire.
namespace hanse::bench {

inline constexpr const char* kLakeBucket = "bench-lake";

// CPU seconds of a process and of what it has started.
double CpuSecondsOf(pid_t pid);

// The bucket and the database `bench`.
Result<void> MakeLake(client::AwsClient& admin);
// Parquet below s3://bench-lake/NAME/; columns by name and Hive type.
using LakeColumns = std::vector<std::pair<std::string, std::string>>;
Result<void> MakeLakeTable(client::AwsClient& admin, const std::string& name, const LakeColumns& columns, const LakeColumns& keys);
// Registers the partitions NAME/KEY=value/.
Result<void> AddLakePartitions(client::AwsClient& admin, const std::string& name, const std::string& key,
                               const std::vector<std::string>& values);
struct FilledObject {
  std::string key;
  const std::string* bytes = nullptr;  // Outlives the filling.
};
// By several clients at once.
Result<void> FillBucket(RunningServer& server, const std::vector<FilledObject>& objects);

}  // namespace hanse::bench
