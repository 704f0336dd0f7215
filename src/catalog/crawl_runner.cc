#include "catalog/crawl_runner.h"

#include <fmt/format.h>

#include "base/log.h"
#include "catalog/passed_role.h"
#include "catalog/schedule.h"

namespace hanse::catalog {

Result<void> CrawlRunner::Start() {
  TRY_ASSIGN(auto tx, store_.BeginWrite());
  TRY(EndInterruptedCrawls(*tx, parts_.clock.NowMs()));
  TRY(tx->Commit());
  tx.reset();
  background_.Start(kThreads);
  return {};
}

void CrawlRunner::RunOne(Id crawler, const std::stop_token& stop) {
  auto summary = Crawl(crawler, stop);
  if (!summary) {
    summary = CrawlSummary{.end = CrawlEnd::kFailed, .message = summary.error().message};
  }
  auto tx = store_.BeginWrite();
  auto ended = tx ? EndCrawl(**tx, crawler, *summary, parts_.clock.NowMs()) : Result<void>(std::unexpected(tx.error()));
  if (ended) ended = (*tx)->Commit();
  if (!ended) spdlog::error("the end of crawl of crawler {} is not recorded: {}", crawler, ended.error().message);
}

Result<CrawlSummary> CrawlRunner::Crawl(Id crawler, const std::stop_token& stop) {
  TRY_ASSIGN(auto tx, store_.BeginRead());
  TRY_ASSIGN(auto row, FindCrawlerById(*tx, crawler));
  if (!row) return CrawlSummary{.end = CrawlEnd::kCancelled};
  if (row->state == "STOPPING") return CrawlSummary{.end = CrawlEnd::kCancelled};
  TRY_ASSIGN(std::string role, RoleArnOf(*tx, row->account, row->definition.role.value_or("")));
  auto session = roles_.Assume(*tx, role, kGlueService);
  if (!session) {
    return CrawlSummary{.end = CrawlEnd::kFailed,
                        .message = fmt::format("AccessDeniedException: Service is unable to assume role {}.", role)};
  }
  tx.reset();
  return CrawlRun(parts_, *row, std::move(*session), stop).Run();
}

Result<void> CrawlRunner::StartDue(TimeMs now_ms) {
  TRY_ASSIGN(auto read, store_.BeginRead());
  TRY_ASSIGN(auto rows, read->Query("SELECT id, schedule FROM catalog_crawlers WHERE schedule <> '' AND state = 'READY'"));
  read.reset();
  for (const store::Row& row : rows) {
    auto schedule = Schedule::Parse(row.Text(1));
    if (!schedule || !schedule->Fires(now_ms)) continue;
    TRY_ASSIGN(auto tx, store_.BeginWrite());
    TRY_ASSIGN(auto crawler, FindCrawlerById(*tx, row.Int(0)));
    if (!crawler) continue;
    auto begun = BeginCrawl(*tx, *crawler, parts_.random.Uuid(), now_ms);
    if (!begun) continue;  // It runs.
    TRY(tx->Commit());
    Enqueue(crawler->id);
  }
  return {};
}

}  // namespace hanse::catalog
