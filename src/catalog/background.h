#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/caller.h"

namespace hanse::catalog {

// What runs by itself beside requests: a few threads that take one job after another, and one that says which minute it is. Any
// thread. `Work` outlives it; its end stops the jobs that run.
class Background {
 public:
  // The work of one kind of job. Called on the threads of Background.
  class Work {
   public:
    virtual ~Work() = default;
    // Ends soon after `stop`.
    virtual void RunOne(Id job, const std::stop_token& stop) = 0;
    // Once for each minute, at its end; minutes that were slept through too, to the last quarter of an hour.
    virtual Result<void> StartDue(TimeMs now_ms) = 0;
  };

  Background(Work& work, const Clock& clock) : work_(work), clock_(clock) {}
  ~Background() { Stop(); }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // Once.
  void Start(std::size_t threads);
  // What still waits is not begun.
  void Stop();
  // Never blocks; before Start() jobs only wait.
  void Enqueue(Id job);
  // Stops the job soon, if it runs. One that waits yet finds that out itself when its turn comes.
  void Cancel(Id job);

 private:
  void TakeJobs(const std::stop_token& stop);
  void TellMinutes(const std::stop_token& stop);

  Work& work_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Id> waiting_;
  std::map<Id, std::stop_source> running_;
  std::vector<std::jthread> threads_;  // The last member: it ends first.
};

}  // namespace hanse::catalog
