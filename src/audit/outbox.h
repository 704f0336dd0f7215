#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "audit/segment_journal.h"
#include "store/store.h"

namespace hanse::audit {

// Brings the records of committed changes from the store's outbox to the journal, in the order of their commits, each exactly once:
// appended and synced, then deleted, and what a crash left between the two is recognized by its row and its text. A thread of its
// own; woken by Journal::OutboxHasRows, and every second. Rows wait `gather` for others, so that one fsync of the journal does for
// them: they are durable where they are. Store and journal outlive it. Where either fails it tries again later.
class Outbox {
 public:
  static constexpr std::chrono::milliseconds kGather{10};
  Outbox(store::Store& store, SegmentJournal& journal, std::chrono::milliseconds gather = kGather);
  // Moves what is there, once, and ends.
  ~Outbox();

  // Returns when all rows that were committed before the call are in the journal; kTimeout after `timeout_ms`. Gathers no longer.
  Result<void> Flush(int timeout_ms);

 private:
  void Run();
  Result<void> MoveAll();
  Result<std::vector<Record>> ReadRows(std::int64_t limit);
  Result<void> DeleteMoved();
  Result<void> DropMovedBefore(std::vector<Record>* rows);

  store::Store& store_;
  SegmentJournal& journal_;
  const std::chrono::milliseconds gather_;
  std::mutex mutex_;
  std::condition_variable wake_, moved_;
  std::uint64_t asked_ = 1, answered_ = 0;  // Counts of wishes to look, and how many of them were met.
  bool hurried_ = false;                    // By Flush().
  bool stopping_ = false;
  // The thread's own.
  std::int64_t last_row_ = 0;  // Moved up to here.
  std::int64_t undeleted_ = 0;
  bool first_ = true;
  std::thread thread_;
};

}  // namespace hanse::audit
