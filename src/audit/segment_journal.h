#pragma once
#include <atomic>
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

// The journal on disk. Appends that come together are written together, and one fsync makes all of them durable (group commit). A
// thread of its own writes and syncs for all; an Append that need not be synced writes by itself where nobody else does. Any
// thread. A disk that fails: every Append fails until one succeeds again, and what failed is not in the journal. Waiting records
// have a limit; who comes above it waits.
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
  // What the calls wait for whose records are written together: each for one of the two.
  struct Outcome {
    enum State : int { kWaiting, kDone, kFailed };
    std::atomic<int> written = kWaiting, synced = kWaiting;
    Error error;  // Set before kFailed is.
    void Set(std::atomic<int>& state, State to);
  };
  enum class Fate : char { kToBeSynced, kToBeWritten, kAnswered };
  struct Group {
    std::vector<Record> records;
    std::vector<Fate> fates;  // Of each record.
    std::shared_ptr<Outcome> outcome;
    void Add(Record record, Fate fate);
  };
  using Lock = std::unique_lock<std::mutex>;

  SegmentJournal(Options options, const Clock& clock, Segments segments);
  Result<void> Enter(std::vector<Record> records, Durability durability);
  bool MayWrite() const;
  void WritePending(Lock& lock);
  void WaitUntilWritten(Lock& lock);
  void SyncWritten(Lock& lock);
  void PutBack(Group& group);
  void Keep();
  void WriteCheckpointIfGrown(Lock& lock);

  const Options options_;
  const std::string folder_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_, room_;  // wake_: the keeper alone waits for it.
  Group pending_;                        // Not written.
  std::size_t pending_bytes_ = 0;
  std::vector<Group> unsynced_;  // Written, not durable; kept until they are, since a failed fsync may lose them.
  bool work_ = false, sync_wanted_ = false;
  bool writing_ = false, syncing_ = false, stopping_ = false, keeper_waits_ = false;
  bool failing_ = false;  // The last fsync failed: nothing is answered before the next one succeeds.
  Segments segments_;     // By the thread that set writing_.
  Segments::Position durable_;
  Checkpoint checkpoint_;
  std::mutex listener_mutex_;
  std::function<void()> listener_;
  std::thread keeper_;
};

}  // namespace hanse::audit
