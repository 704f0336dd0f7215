#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/report.h"
#include "bench/sealed_lake.h"
#include "engine/in_process_engine.h"
#include "engine/plain_engine.h"

// The governed engine beside plain DuckDB, in one process and one run, over the same sealed files.
namespace hanse::bench {

inline constexpr std::uint32_t kRaceThreads = 2;
inline constexpr std::uint64_t kRaceMemoryBytes = 4ull << 30;

// A question to plain DuckDB, with the rules written into it (or into its views) by hand, and the same one to the governed tables.
struct ScanQuery {
  std::string name, plain, governed;
};

// One caller of one lake, which outlives it. One thread.
class GovernedEngine {
 public:
  static Result<GovernedEngine> Start(SealedLake& lake, std::uint32_t threads);
  Result<std::vector<engine::ResultRow>> Run(const std::string& sql);

 private:
  GovernedEngine(SealedLake& lake, std::unique_ptr<engine::InProcessEngine> engine) : lake_(&lake), engine_(std::move(engine)) {}
  SealedLake* lake_;
  std::unique_ptr<engine::InProcessEngine> engine_;
};

// What a table's rules show of a SELECT of all of it, as SQL.
std::string ByHand(const engine::TableSource& table, const std::string& base);

// In any order; sums of doubles over several threads differ in their last digits.
bool SameRows(std::vector<engine::ResultRow> a, std::vector<engine::ResultRow> b);

// Each query (or the one that the options name) `rounds` times (short ones oftener) on both sides in turns: plain_ms_NAME and
// ratio_NAME of each, the medians of the rounds; then queries, ratio_median and ratio_worst of all.
Result<void> RaceAll(engine::PlainEngine& plain, GovernedEngine& governed, const std::vector<ScanQuery>& queries,
                     const Options& options, Metrics* metrics);

}  // namespace hanse::bench
