#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "audit/journal.h"
#include "audit/segments.h"
#include "base/clock.h"

namespace hanse::audit {

// The journal on disk. Appends that come together are written together, and one fsync makes all of them durable (group commit): the
// thread that finds nobody writing writes for all that wait; the same with syncing. Any thread. A disk that fails: every Append
// fails until one succeeds again, and what failed is not in the journal. Waiting records have a limit; who comes above it waits.
class SegmentJournal final : public Journal {
 public:
  struct Options {
    std::string folder;  // DIR/journal
    std::uint64_t segment_bytes = Segments::kSegmentBytes;
    int sync_every_ms = 200;  // For Durability::kWritten.
    int checkpoint_every_ms = 1000;
  };
  static Result<std::unique_ptr<SegmentJournal>> Open(Options options, const Clock& clock);
  // Makes all durable and writes the last checkpoint.
  ~SegmentJournal() override;

  Result<void> Append(std::string_view record_json, Durability durability) override;
  // Durable when it returns: all, or none.
  Result<void> AppendAll(std::vector<Record> records);

  void OutboxHasRows() override;
  // Who is told of rows in the outbox; empty: nobody. Set before requests are served.
  void OnOutbox(std::function<void()> listener);

  const std::string& folder() const { return folder_; }

 private:
  // One call that waits; on its stack, touched under mutex_ alone.
  struct Waiter {
    enum class State { kWaiting, kWritten, kSynced, kFailed } state = State::kWaiting;
    Error error;
  };
  struct Entry {
    Record record;
    Waiter* waiter = nullptr;  // None where nobody waits any more.
    Durability durability;
  };
  using Lock = std::unique_lock<std::mutex>;

  SegmentJournal(Options options, const Clock& clock, Segments segments);
  Result<void> Enter(std::vector<Record> records, Durability durability);
  Result<void> Wait(Lock& lock, Waiter& waiter, Durability durability);
  void WriteForAll(Lock& lock);
  void SyncForAll(Lock& lock);
  void TakeBack(const Error& error);
  void Keep();
  void WriteCheckpointIfGrown(Lock& lock);
  void PutBack(Entry entry);
  static void Finish(Entry& entry, Waiter::State state, const Error& error = {});

  const Options options_;
  const std::string folder_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable written_, synced_, stop_;
  std::vector<Entry> pending_;  // Not written.
  std::size_t pending_bytes_ = 0;
  std::vector<Entry> unsynced_;  // Written, not durable; kept until they are, since a failed fsync may lose them.
  bool writing_ = false, syncing_ = false, stopping_ = false;
  bool failing_ = false;  // The last fsync failed: nothing is answered before the next one succeeds.
  Segments segments_;     // By the thread that set writing_.
  Segments::Position durable_;
  Checkpoint checkpoint_;
  std::mutex listener_mutex_;
  std::function<void()> listener_;
  std::thread keeper_;
};

}  // namespace hanse::audit
