#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/query_job.h"

namespace hanse::engine {

// DuckDB as it comes, with its own parquet_scan, over sealed objects: what benchmarks race the governed engine with. It governs
// nothing and runs the program's own SQL alone; a server never uses it. One thread.
class PlainEngine {
 public:
  // Gives the sealed object that AddTable() named.
  using Opener = std::function<Result<OpenObject>(const std::string& path)>;
  static Result<std::unique_ptr<PlainEngine>> Start(std::uint32_t threads, std::uint64_t memory_bytes, Opener open);
  ~PlainEngine();

  // `name` reads these paths; what they say of partitions ("p=3/0") are columns.
  Result<void> AddTable(const std::string& name, const std::vector<std::string>& paths);
  // The answer as the governed engine renders it.
  Result<std::vector<ResultRow>> Run(const std::string& sql);

 private:
  struct Parts;
  explicit PlainEngine(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace hanse::engine
