#include "catalog/crawl.h"

#include <fmt/format.h>

#include "catalog/names.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

constexpr std::string_view kSelect = "SELECT id, account, region, name, state, schedule, definition FROM catalog_crawlers ";

Result<CrawlerRow> ReadRow(const store::Row& row) {
  CrawlerRow crawler{.id = row.Int(0),
                     .account = row.Text(1),
                     .region = row.Text(2),
                     .name = row.Text(3),
                     .state = row.Text(4),
                     .schedule = row.Text(5)};
  TRY_ASSIGN(crawler.definition, wire::FromJson<wire::glue::Crawler>(row.Text(6)));
  return crawler;
}

Result<std::optional<CrawlerRow>> First(Result<std::vector<store::Row>> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  if (rows->empty()) return std::optional<CrawlerRow>();
  TRY_ASSIGN(CrawlerRow crawler, ReadRow(rows->front()));
  return std::optional(std::move(crawler));
}

std::string_view RunState(CrawlEnd end) {
  switch (end) {
    case CrawlEnd::kSucceeded: return "COMPLETED";
    case CrawlEnd::kFailed: return "FAILED";
    case CrawlEnd::kCancelled: return "STOPPED";
  }
  return "FAILED";
}

}  // namespace

std::unexpected<Error> NoCrawler(std::string_view name) {
  return Fail(ErrorCode::kNotFound, fmt::format("Crawler with name {} does not exist", name));
}

Result<std::optional<CrawlerRow>> FindCrawler(store::Transaction& tx, std::string_view account, std::string_view region,
                                              std::string_view name) {
  return First(tx.Query(std::string(kSelect) + "WHERE account = ? AND region = ? AND name = ?",
                        {std::string(account), std::string(region), std::string(name)}));
}

Result<CrawlerRow> ExistingCrawler(const gate::Call& call, const std::optional<std::string>& name) {
  TRY_ASSIGN(auto row, FindCrawler(call.tx(), call.caller().account, call.info().region, name.value_or("")));
  if (!row) return NoCrawler(name.value_or(""));
  return std::move(*row);
}

Result<std::vector<gate::Need>> NeedOnCrawler(std::string_view action, const gate::Context& context,
                                              const std::optional<std::string>& name) {
  return std::vector<gate::Need>{{.action = std::string(action),
                                  .resource = CrawlerArn(context.info.region, context.caller.account, name.value_or("*")),
                                  .owner = context.caller.account}};
}

Result<std::optional<CrawlerRow>> FindCrawlerById(store::Transaction& tx, Id id) {
  return First(tx.Query(std::string(kSelect) + "WHERE id = ?", {id}));
}

Result<std::vector<CrawlerRow>> ListCrawlerRows(store::Transaction& tx, std::string_view account, std::string_view region,
                                                std::string_view after, std::int64_t limit) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kSelect) + "WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?",
                                 {std::string(account), std::string(region), std::string(after), limit}));
  std::vector<CrawlerRow> crawlers;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(CrawlerRow crawler, ReadRow(row));
    crawlers.push_back(std::move(crawler));
  }
  return crawlers;
}

Result<void> ReplaceCrawler(store::Transaction& tx, const CrawlerRow& row) {
  TRY(tx.Execute("UPDATE catalog_crawlers SET state = ?, schedule = ?, definition = ? WHERE id = ?",
                 {row.state, row.schedule, wire::ToJson(row.definition), row.id}));
  return {};
}

Result<void> BeginCrawl(store::Transaction& tx, const CrawlerRow& crawler, std::string crawl_id, TimeMs now_ms) {
  TRY_ASSIGN(auto changed,
             tx.Execute("UPDATE catalog_crawlers SET state = 'RUNNING' WHERE id = ? AND state = 'READY'", {crawler.id}));
  if (changed == 0) {
    return FailAs(ErrorCode::kConflict, "CrawlerRunningException",
                  fmt::format("Crawler with name {} has already started", crawler.name));
  }
  TRY_ASSIGN(Id id, tx.NewId());
  TRY(
      tx.Execute("INSERT INTO catalog_crawls (id, crawler_id, crawl_id, state, started_ms, ended_ms, message, tables_created, "
                 "tables_updated, tables_deleted) VALUES (?, ?, ?, 'RUNNING', ?, 0, '', 0, 0, 0)",
                 {id, crawler.id, std::move(crawl_id), now_ms}));
  return {};
}

Result<void> EndCrawl(store::Transaction& tx, Id crawler, const CrawlSummary& summary, TimeMs now_ms) {
  TRY(
      tx.Execute("UPDATE catalog_crawls SET state = ?, ended_ms = ?, message = ?, tables_created = ?, tables_updated = ?, "
                 "tables_deleted = ? WHERE crawler_id = ? AND state = 'RUNNING'",
                 {std::string(RunState(summary.end)), now_ms, summary.message, summary.tables_created, summary.tables_updated,
                  summary.tables_deleted, crawler}));
  TRY(tx.Execute("UPDATE catalog_crawlers SET state = 'READY' WHERE id = ?", {crawler}));
  if (summary.end != CrawlEnd::kSucceeded) return {};
  for (const auto& [place, mark] : summary.marks) {
    TRY(
        tx.Execute("INSERT INTO catalog_crawl_marks (crawler_id, place, mark) VALUES (?, ?, ?) "
                   "ON CONFLICT (crawler_id, place) DO UPDATE SET mark = excluded.mark",
                   {crawler, place, mark}));
  }
  return {};
}

Result<void> EndInterruptedCrawls(store::Transaction& tx, TimeMs now_ms) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT id, state FROM catalog_crawlers WHERE state <> 'READY'"));
  for (const store::Row& row : rows) {
    CrawlSummary summary{.end = CrawlEnd::kCancelled};
    if (row.Text(1) == "RUNNING")
      summary = {.end = CrawlEnd::kFailed, .message = "Internal Service Exception: the server stopped during the crawl."};
    TRY(EndCrawl(tx, row.Int(0), summary, now_ms));
  }
  return {};
}

}  // namespace hanse::catalog
