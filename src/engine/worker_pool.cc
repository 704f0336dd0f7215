#include "engine/worker_pool.h"

#include "base/log.h"
#include "engine/conversation.h"

namespace hanse::engine {

Result<void> WorkerPool::Warm() {
  for (std::size_t i = 0; i < options_.workers; ++i) {
    TRY_ASSIGN(auto worker, WorkerProcess::Start(options_.command));
    if (i == 0) spdlog::info("query workers: {}", worker->told());
    std::lock_guard lock(mutex_);
    idle_.push_back(std::move(worker));
  }
  return {};
}

Result<std::unique_ptr<WorkerProcess>> WorkerPool::Take(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  if (!free_.wait(lock, stop, [&] { return busy_ < options_.workers_max; })) return Fail(ErrorCode::kConflict, "stopped");
  ++busy_;
  if (!idle_.empty()) {
    auto worker = std::move(idle_.back());
    idle_.pop_back();
    return worker;
  }
  lock.unlock();
  auto started = WorkerProcess::Start(options_.command);
  if (!started) GiveBack(nullptr);
  return started;
}

void WorkerPool::GiveBack(std::unique_ptr<WorkerProcess> worker) {
  std::vector<std::unique_ptr<WorkerProcess>> spent;  // Ended without the lock.
  auto now = std::chrono::steady_clock::now();
  {
    std::lock_guard lock(mutex_);
    --busy_;
    if (worker && ++worker->queries < options_.queries_max && !worker->in_background()) {
      worker->idle_since = now;
      idle_.push_back(std::move(worker));
    } else {
      spent.push_back(std::move(worker));
    }
    // The last to come back is the first to be taken, so the first of the row have idled longest.
    while (idle_.size() > options_.workers && now - idle_.front()->idle_since > options_.idle_for) {
      spent.push_back(std::move(idle_.front()));
      idle_.erase(idle_.begin());
    }
  }
  free_.notify_one();
}

QueryOutcome WorkerPool::Run(const QueryJob& job, TableResolver& tables, ResultSink& sink, std::stop_token stop) {
  auto worker = Take(stop);
  if (!worker && stop.stop_requested()) return CancelledOutcome();
  if (!worker) return FailedOutcome(ErrorCategory::kSystem, "GENERIC_INTERNAL_ERROR", worker.error().message);
  bool usable = false;
  Terms terms{.spill_directory = options_.spill_directory, .long_after = options_.long_after, .when_long = [&worker] {
                (*worker)->GoToBackground();
              }};
  QueryOutcome outcome = Converse((*worker)->channel(), job, tables, sink, stop, &usable, std::move(terms));
  if (!usable) worker->reset();  // Killed; the next query starts another.
  GiveBack(*std::move(worker));
  return outcome;
}

}  // namespace hanse::engine
