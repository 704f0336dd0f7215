#pragma once
#include <atomic>

#include "base/random.h"
#include "engine/query_job.h"
#include "query/world.h"
#include "steward/samples.h"

namespace hanse::server {

// Samples by the road of queries: opened through both doors as the reader, scanned by a worker with its filters and masks. One at
// a time, so that samples never take all workers; nothing is kept. Any thread; what it refers to outlives it.
class TableSamples final : public steward::Samples {
 public:
  static constexpr std::uint64_t kTimeMs = 3000;  // Of one table.
  static constexpr std::uint64_t kScannedBytesMax = 256ull << 20;

  TableSamples(engine::QueryEngine& engine, query::World& world, Random& random)
      : engine_(engine), world_(world), random_(random) {}
  Result<void> Take(const gate::Context& as, const store::TableRow& table, const std::vector<std::string>& columns,
                    const Visit& visit) override;

 private:
  engine::QueryEngine& engine_;
  query::World& world_;
  Random& random_;
  std::atomic<bool> busy_ = false;
};

}  // namespace hanse::server
