#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/channel.h"
#include "engine/query_job.h"

namespace hanse::engine {

// A worker process. Owned by the pool or by the query that it runs; ending it kills the process.
class WorkerProcess {
 public:
  // Starts `command` with the channel's descriptor as its last argument and waits until it is ready. kUnavailable where it is not
  // within a minute.
  static Result<std::unique_ptr<WorkerProcess>> Start(const std::vector<std::string>& command);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  Channel& channel() { return channel_; }
  int pid() const { return pid_; }
  const std::string& told() const { return told_; }  // What it said of itself when it was ready.
  // Lets all others go first from now on: this worker is of no use to a query after this one.
  void GoToBackground();
  bool in_background() const { return in_background_; }
  int queries = 0;
  std::chrono::steady_clock::time_point idle_since;

 private:
  WorkerProcess(int pid, int fd) : pid_(pid), channel_(fd) {}
  int pid_;
  Channel channel_;
  std::string told_;
  bool in_background_ = false;
};

// The engine that serves a server: warm worker processes, each one query at a time. A query that is stopped, runs out of time or
// whose worker breaks loses its worker, which is killed and replaced; no other query notices. A query that runs for long goes on in
// the background, with what processor time the short ones leave. Any thread; more than `workers_max` queries at once wait.
class WorkerPool final : public QueryEngine {
 public:
  struct Options {
    std::vector<std::string> command;  // {"/proc/self/exe", "worker", "--fd"}
    std::string spill_directory;       // Of what queries put aside, sealed; empty: what does not fit its memory fails.
    std::size_t workers = 2;           // Kept warm.
    std::size_t workers_max = 8;       // At once; the others are started when they are needed, and ended when they have idled.
    int queries_max = 200;             // Then a worker is replaced.
    std::chrono::milliseconds long_after{2000};
    std::chrono::milliseconds idle_for{60'000};
  };
  explicit WorkerPool(Options options) : options_(std::move(options)) {}

  // Starts the workers, so that the first query finds them warm.
  Result<void> Warm();
  QueryOutcome Run(const QueryJob& job, TableResolver& tables, ResultSink& sink, std::stop_token stop) override;

 private:
  Result<std::unique_ptr<WorkerProcess>> Take(std::stop_token stop);
  void GiveBack(std::unique_ptr<WorkerProcess> worker);

  Options options_;
  std::mutex mutex_;
  std::condition_variable_any free_;
  std::vector<std::unique_ptr<WorkerProcess>> idle_;
  std::size_t busy_ = 0;
};

}  // namespace hanse::engine
