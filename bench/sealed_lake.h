#pragma once
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "engine/query_job.h"

namespace hanse::bench {

// Sealed objects in a temporary folder, which is removed at the end, and the tables over them as one caller may see them. One
// thread.
class SealedLake final : public engine::TableResolver {
 public:
  static Result<std::unique_ptr<SealedLake>> Make();
  ~SealedLake() override;

  // Seals the Parquet file of a SELECT over tables of engine::SampleData under a path such as "sales/p=3/0.parquet".
  Result<engine::FileSource> Put(const std::string& path, const std::string& select);
  void Add(engine::TableSource table) { tables_[table.name] = std::move(table); }

  Result<engine::TableSource> Resolve(std::string_view database, std::string_view table) override;
  Result<engine::OpenObject> Open(std::uint64_t object) override;
  Result<std::vector<engine::ListedTable>> List() override { return std::vector<engine::ListedTable>(); }
  Result<engine::OpenObject> OpenPath(const std::string& path);
  // Paths that start so, in the order in which they were put.
  std::vector<std::string> Paths(const std::string& prefix) const;

 private:
  explicit SealedLake(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
  SystemRandom random_;
  std::vector<std::pair<std::string, crypto::Key>> objects_;  // Number - 1 -> path, key.
  std::map<std::string, engine::TableSource, std::less<>> tables_;
};

}  // namespace hanse::bench
