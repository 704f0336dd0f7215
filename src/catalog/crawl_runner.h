#pragma once
#include <stop_token>

#include "catalog/background.h"
#include "catalog/crawl_run.h"

namespace hanse::catalog {

// Runs crawlers on a few threads of its own, and starts those whose schedule is due. Start() once, after the store is there; its
// end stops the runs. Any thread.
class CrawlRunner final : public CrawlQueue, private Background::Work {
 public:
  static constexpr std::size_t kThreads = 2;

  CrawlRunner(store::Store& store, RoleSessions& roles, const CrawlParts& parts)
      : store_(store), roles_(roles), parts_(parts), background_(*this, parts.clock) {}

  // Ends what a stop of the server interrupted, then begins to work.
  Result<void> Start();
  void Stop() { background_.Stop(); }
  void Enqueue(Id crawler) override { background_.Enqueue(crawler); }
  void Cancel(Id crawler) override { background_.Cancel(crawler); }
  // Starts the crawlers whose schedule fires in the minute of `now_ms`.
  Result<void> StartDue(TimeMs now_ms) override;

 private:
  void RunOne(Id crawler, const std::stop_token& stop) override;
  Result<CrawlSummary> Crawl(Id crawler, const std::stop_token& stop);

  store::Store& store_;
  RoleSessions& roles_;
  CrawlParts parts_;
  Background background_;  // The last member: it ends first.
};

}  // namespace hanse::catalog
