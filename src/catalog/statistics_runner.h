#pragma once
#include "catalog/background.h"
#include "catalog/crawl.h"
#include "catalog/statistics_run.h"
#include "catalog/statistics_task.h"

namespace hanse::catalog {

// Runs statistics tasks on a thread of its own, and starts those whose schedule is due. Start() once, after the store is there; its
// end stops the run. Any thread.
class StatisticsRunner final : public StatisticsQueue, private Background::Work {
 public:
  StatisticsRunner(store::Store& store, RoleSessions& roles, const StatisticsParts& parts)
      : store_(store), roles_(roles), parts_(parts), background_(*this, parts.clock) {}

  // Ends what a stop of the server interrupted, then begins to work.
  Result<void> Start();
  void Stop() { background_.Stop(); }
  void Enqueue(Id run) override { background_.Enqueue(run); }
  void Cancel(Id run) override { background_.Cancel(run); }
  // Starts the tasks whose schedule fires in the minute of `now_ms`.
  Result<void> StartDue(TimeMs now_ms) override;
  // Runs what is STARTING to its end, on this thread.
  void RunOne(Id run, const std::stop_token& stop) override;

 private:
  Result<void> Begin(StatisticsRun* run, Caller* role);
  Result<void> StartOne(Id table, TimeMs now_ms);
  Result<void> End(Id run, const Result<void>& done, bool stopped);

  store::Store& store_;
  RoleSessions& roles_;
  StatisticsParts parts_;
  Background background_;  // The last member: it ends first.
};

}  // namespace hanse::catalog
