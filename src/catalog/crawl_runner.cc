#include "catalog/crawl_runner.h"

#include <fmt/format.h>

#include "base/log.h"
#include "catalog/schedule.h"
#include "model/arn.h"

namespace hanse::catalog {
namespace {

constexpr TimeMs kMinuteMs = 60'000;

Result<std::string> RoleArnOf(store::Transaction& tx, const CrawlerRow& crawler) {
  const std::string role = crawler.definition.role.value_or("");
  if (role.starts_with("arn:")) return role;
  std::size_t slash = role.rfind('/');
  TRY_ASSIGN(auto found,
             store::FindPrincipalByName(tx, crawler.account, "role", slash == std::string::npos ? role : role.substr(slash + 1)));
  if (!found) return Fail(ErrorCode::kNotFound, fmt::format("Role {} does not exist.", role));
  return found->arn;
}

}  // namespace

Result<void> CrawlRunner::Start() {
  TRY_ASSIGN(auto tx, store_.BeginWrite());
  TRY(EndInterruptedCrawls(*tx, parts_.clock.NowMs()));
  TRY(tx->Commit());
  tx.reset();
  for (std::size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this](const std::stop_token& stop) { Work(stop); });
  threads_.emplace_back([this](const std::stop_token& stop) { KeepSchedule(stop); });
  return {};
}

void CrawlRunner::Stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  {
    std::lock_guard lock(mutex_);
    for (auto& [id, source] : running_) source.request_stop();
  }
  changed_.notify_all();
  threads_.clear();
}

void CrawlRunner::Enqueue(Id crawler) {
  std::lock_guard lock(mutex_);
  waiting_.push_back(crawler);
  changed_.notify_all();
}

void CrawlRunner::Cancel(Id crawler) {
  std::lock_guard lock(mutex_);
  // One that waits yet finds itself stopped when its turn comes: its row says so.
  if (auto found = running_.find(crawler); found != running_.end()) found->second.request_stop();
}

void CrawlRunner::Work(const std::stop_token& stop) {
  while (true) {
    Id crawler = 0;
    std::stop_token cancelled;
    {
      std::unique_lock lock(mutex_);
      // Who still waits when the runner stops is not begun: the next start ends it.
      if (!changed_.wait(lock, stop, [&] { return !waiting_.empty(); }) || stop.stop_requested()) return;
      crawler = waiting_.front();
      waiting_.pop_front();
      cancelled = running_[crawler].get_token();
    }
    RunOne(crawler, cancelled);
    std::lock_guard lock(mutex_);
    running_.erase(crawler);
  }
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
  TRY_ASSIGN(std::string role, RoleArnOf(*tx, *row));
  auto session = roles_.Assume(*tx, role, kGlueService);
  if (!session) {
    return CrawlSummary{.end = CrawlEnd::kFailed,
                        .message = fmt::format("AccessDeniedException: Service is unable to assume role {}.", role)};
  }
  tx.reset();
  return CrawlRun(parts_, *row, std::move(*session), stop).Run();
}

void CrawlRunner::KeepSchedule(const std::stop_token& stop) {
  TimeMs minute = parts_.clock.NowMs() / kMinuteMs;
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, std::chrono::seconds(5), [] { return false; });
    }
    // Minutes that were slept through are made up for, to the last quarter of an hour.
    TimeMs now = parts_.clock.NowMs() / kMinuteMs;
    if (now - minute > 15) minute = now - 15;
    for (; minute < now && !stop.stop_requested(); ++minute) {
      auto started = StartDue((minute + 1) * kMinuteMs);
      if (!started) spdlog::warn("schedules of crawlers were not kept: {}", started.error().message);
    }
  }
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
