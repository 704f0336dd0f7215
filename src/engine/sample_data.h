#pragma once
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"

namespace hanse::engine {

// Makes Parquet files from SQL over generated tables: data for demonstrations and benchmarks. An ordinary DuckDB in memory, with
// nothing of a mesh in it; what it runs is the program's own SQL, never a caller's. Any thread.
class SampleData {
 public:
  static SampleData& Shared();  // One, made at first use: demo and bench are short programs.
  ~SampleData();
  // Runs statements that make tables.
  Result<void> Prepare(const std::vector<std::string>& statements);
  // The answer of a SELECT as the bytes of one Parquet file.
  Result<std::string> Parquet(const std::string& select);

 private:
  SampleData();
  std::mutex mutex_;
  void* database_ = nullptr;
  void* connection_ = nullptr;
};

}  // namespace hanse::engine
