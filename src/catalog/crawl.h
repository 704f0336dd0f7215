#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/file_schema.h"
#include "gate/gate.h"
#include "wire/glue.h"

// What crawlers need of the rest of the server, and how they are kept.
namespace hanse::catalog {

inline constexpr std::string_view kEventMode = "CRAWL_EVENT_MODE";

// As whom the service assumes roles and calls.
inline constexpr std::string_view kGlueService = "glue.amazonaws.com";

// Sessions of roles that are passed to services. identity/ has them, server/ connects it. Any thread.
class RoleSessions {
 public:
  virtual ~RoleSessions() = default;
  // A session of the role for `service` ("glue.amazonaws.com"). kAccessDenied where the role does not let the service assume it,
  // kNotFound where there is no such role.
  virtual Result<Caller> Assume(store::Transaction& tx, std::string_view role_arn, std::string_view service) = 0;
};

// Objects as a crawler's role may list and read them: every call passes the gate as `as`. objects/ has them, server/ connects it.
// Any thread.
class CrawlStorage {
 public:
  virtual ~CrawlStorage() = default;
  struct File {
    std::string key;
    std::uint64_t bytes = 0;
    std::string etag;
  };
  struct Listed {
    std::vector<File> files;           // In the order of keys.
    std::vector<std::string> folders;  // Of ListFolder: those right below, each with its prefix and a '/' at its end.
    std::string next;                  // Where the next page begins; empty: there is none.
  };
  virtual Result<Listed> List(const gate::Context& as, std::string_view bucket, std::string_view prefix, std::string_view from) = 0;
  // What lies right in a folder: `prefix` ends with '/' or is empty.
  virtual Result<Listed> ListFolder(const gate::Context& as, std::string_view bucket, std::string_view prefix,
                                    std::string_view from) = 0;
  struct Changes {
    bool all = false;                  // Too many, or nobody knows: look at everything.
    Id until = 0;                      // What to ask with the next time.
    std::vector<std::string> folders;  // With their prefix and a '/' at their end, but for that of a bucket: "".
  };
  // Folders in which files were added, replaced or taken away since an earlier answer's `until`; all of them since 0.
  virtual Result<Changes> Changed(const gate::Context& as, std::string_view bucket, std::string_view prefix, Id since) = 0;
  // In the order of the keys, at most kOpenAtOnce: all or none.
  static constexpr std::size_t kOpenAtOnce = 200;
  using Files = std::vector<std::unique_ptr<RandomAccessFile>>;
  virtual Result<Files> Open(const gate::Context& as, std::string_view bucket, std::vector<std::string> keys) = 0;
};

// Takes crawlers whose row says RUNNING. Any thread; never blocks.
class CrawlQueue {
 public:
  virtual ~CrawlQueue() = default;
  virtual void Enqueue(Id crawler) = 0;
  // Ends a run soon; nothing where there is none.
  virtual void Cancel(Id crawler) = 0;
};

// A crawler's row. `definition` is what clients set; state, schedule and runs are beside it.
struct CrawlerRow {
  Id id = 0;
  AccountId account;
  std::string region, name;
  std::string state;     // READY, RUNNING, STOPPING
  std::string schedule;  // "cron(…)" while it is scheduled, else "".
  wire::glue::Crawler definition;
};
Result<std::optional<CrawlerRow>> FindCrawler(store::Transaction& tx, std::string_view account, std::string_view region,
                                              std::string_view name);
Result<std::optional<CrawlerRow>> FindCrawlerById(store::Transaction& tx, Id id);
// In the order of names, after `after`.
Result<std::vector<CrawlerRow>> ListCrawlerRows(store::Transaction& tx, std::string_view account, std::string_view region,
                                                std::string_view after, std::int64_t limit);
Result<void> ReplaceCrawler(store::Transaction& tx, const CrawlerRow& row);
std::unexpected<Error> NoCrawler(std::string_view name);
// The caller's own crawler; NoCrawler() where there is none of that name.
Result<CrawlerRow> ExistingCrawler(const gate::Call& call, const std::optional<std::string>& name);
// `action` on the caller's crawler of that name; on any where there is none.
Result<std::vector<gate::Need>> NeedOnCrawler(std::string_view action, const gate::Context& context,
                                              const std::optional<std::string>& name = std::nullopt);

// Makes a READY crawler RUNNING and begins its run's row. FailAs CrawlerRunningException where it runs.
Result<void> BeginCrawl(store::Transaction& tx, const CrawlerRow& crawler, std::string crawl_id, TimeMs now_ms);

enum class CrawlEnd { kSucceeded, kFailed, kCancelled };
struct CrawlSummary {
  CrawlEnd end = CrawlEnd::kSucceeded;
  std::string message;  // Why it failed, for the crawler's owner.
  std::int64_t tables_created = 0, tables_updated = 0, tables_deleted = 0;
  std::vector<std::pair<std::string, Id>> marks;  // Places whose changes it has followed, and up to which moment.
};
// Ends the run: the crawler is READY again. Marks are kept where it succeeded: what a run that failed had seen is seen again.
Result<void> EndCrawl(store::Transaction& tx, Id crawler, const CrawlSummary& summary, TimeMs now_ms);
// Ends the runs that were going on when the server stopped: FAILED, or CANCELLED where it had been asked to stop.
Result<void> EndInterruptedCrawls(store::Transaction& tx, TimeMs now_ms);

}  // namespace hanse::catalog
