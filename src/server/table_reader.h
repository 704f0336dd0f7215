#pragma once
#include "base/random.h"
#include "catalog/statistics_run.h"
#include "engine/query_job.h"
#include "query/world.h"

namespace hanse::server {

// What statistics tasks ask of tables, by the road of queries: opened through both doors as the reader, scanned by a worker. Any
// thread; what it refers to outlives it.
class TableReader final : public catalog::TableReader {
 public:
  TableReader(engine::QueryEngine& engine, query::World& world, Random& random) : engine_(engine), world_(world), random_(random) {}
  Result<std::vector<catalog::AnswerRow>> Ask(const gate::Context& as, const Question& question,
                                              const std::stop_token& stop) override;

 private:
  engine::QueryEngine& engine_;
  query::World& world_;
  Random& random_;
};

}  // namespace hanse::server
