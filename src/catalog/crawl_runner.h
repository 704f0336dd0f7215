#pragma once
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "catalog/crawl_run.h"

namespace hanse::catalog {

// Runs crawlers on a few threads of its own, and starts those whose schedule is due. Start() once, after the store is there; its
// end stops the runs. Any thread.
class CrawlRunner final : public CrawlQueue {
 public:
  static constexpr std::size_t kThreads = 2;

  CrawlRunner(store::Store& store, RoleSessions& roles, const CrawlParts& parts) : store_(store), roles_(roles), parts_(parts) {}
  ~CrawlRunner() override { Stop(); }
  CrawlRunner(const CrawlRunner&) = delete;
  CrawlRunner& operator=(const CrawlRunner&) = delete;

  // Ends what a stop of the server interrupted, then begins to work.
  Result<void> Start();
  void Stop();
  void Enqueue(Id crawler) override;
  void Cancel(Id crawler) override;
  // Starts the crawlers whose schedule fires in the minute of `now_ms`. The runner's own thread calls it each minute.
  Result<void> StartDue(TimeMs now_ms);

 private:
  void Work(const std::stop_token& stop);
  void KeepSchedule(const std::stop_token& stop);
  void RunOne(Id crawler, const std::stop_token& stop);
  Result<CrawlSummary> Crawl(Id crawler, const std::stop_token& stop);

  store::Store& store_;
  RoleSessions& roles_;
  CrawlParts parts_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Id> waiting_;
  std::map<Id, std::stop_source> running_;
  std::vector<std::jthread> threads_;  // The last member: it ends first.
};

}  // namespace hanse::catalog
