#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "engine/channel.h"
#include "engine/query_job.h"

namespace hanse::engine {

class Instance;

// The governed engine on a thread of this process instead of in a worker: the same code from the job to the outcome, unconfined.
// For benchmarks, which race it with PlainEngine in one process; a server never uses it. Any thread; one query at a time.
class InProcessEngine final : public QueryEngine {
 public:
  static Result<std::unique_ptr<InProcessEngine>> Start(std::uint32_t threads);
  ~InProcessEngine() override;
  QueryOutcome Run(const QueryJob& job, TableResolver& tables, ResultSink& sink, std::stop_token stop) override;

 private:
  InProcessEngine(std::unique_ptr<Instance> instance, int ours, int theirs);
  std::mutex mutex_;
  std::unique_ptr<Instance> instance_;
  std::unique_ptr<Channel> ours_, theirs_;
  std::thread worker_;
};

}  // namespace hanse::engine
