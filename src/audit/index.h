#pragma once
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

struct sqlite3;

namespace hanse::audit {

// What is asked of the index: management events of one account and region, newest first. Empty members do not narrow.
struct Lookup {
  enum class Attribute {
    kNone,
    kEventId,
    kEventName,
    kReadOnly,
    kUsername,
    kResourceType,
    kResourceName,
    kEventSource,
    kAccessKeyId
  };
  std::string account, region;
  Attribute attribute = Attribute::kNone;
  std::string value;
  std::optional<TimeMs> from_ms, until_ms;  // Both included; events have whole seconds.
  // Where a page before ended: only what comes after it in the order.
  struct Place {
    TimeMs time_ms = 0;
    std::int64_t sequence = 0;
  };
  std::optional<Place> after;
  int limit = 50;
};

struct Found {
  Lookup::Place place;
  bool read_only = true;
  std::string event_id, name, source, username, access_key;
  std::vector<std::pair<std::string, std::string>> resources;  // (type, name)
  std::string json;                                            // The record.
};

// A look-up index over the segments: an SQLite file (FOLDER/index.db) of its own, without fsync. It holds nothing that the segments
// do not hold: what is missing is read again, and where it was lost or may be damaged it is made anew. A thread of its own follows
// the journal. Any thread may search.
class Index {
 public:
  static Result<std::unique_ptr<Index>> Open(const std::string& folder);
  ~Index();

  // Takes in what is in the segments now, for at most `wait_ms`, and searches.
  Result<std::vector<Found>> Search(const Lookup& lookup, int wait_ms = 1000);

 private:
  Index(std::string folder, sqlite3* database) : folder_(std::move(folder)), database_(database) {}
  void Run();
  Result<bool> CatchUp();
  Result<std::uint64_t> TakeIn(std::int64_t segment, std::uint64_t offset, const std::string& text);

  const std::string folder_;
  sqlite3* database_;
  std::mutex database_mutex_;  // Held for one statement or one batch.
  std::mutex mutex_;
  std::condition_variable wake_, caught_up_;
  std::uint64_t asked_ = 0, answered_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hanse::audit
