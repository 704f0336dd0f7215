#include "audit/segment_journal.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"

namespace hanse::audit {
namespace {

constexpr std::size_t kPendingBytesMax = 16 << 20;

}  // namespace

Result<std::unique_ptr<SegmentJournal>> SegmentJournal::Open(Options options, const Clock& clock) {
  TRY_ASSIGN(Segments segments, Segments::Open(options.folder, clock, options.segment_bytes));
  return std::unique_ptr<SegmentJournal>(new SegmentJournal(std::move(options), clock, std::move(segments)));
}

SegmentJournal::SegmentJournal(Options options, const Clock& clock, Segments segments)
    : options_(std::move(options)), folder_(options_.folder), clock_(clock), segments_(std::move(segments)) {
  durable_ = segments_.position();
  checkpoint_ = {durable_.segment, durable_.records, durable_.bytes, durable_.last, 0};
  keeper_ = std::thread([this] { Keep(); });
}

SegmentJournal::~SegmentJournal() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  keeper_.join();
}

Result<void> SegmentJournal::Append(std::string_view record_json, Durability durability) {
  if (record_json.empty() || record_json.size() > kRecordBytesMax || record_json.contains('\n')) {
    return Fail(ErrorCode::kInternal, fmt::format("the journal takes no record of {} bytes", record_json.size()));
  }
  std::vector<Record> records;
  records.push_back({std::string(record_json), 0});
  return Enter(std::move(records), durability);
}

Result<void> SegmentJournal::AppendAll(std::vector<Record> records) {
  if (records.empty()) return {};
  return Enter(std::move(records), Durability::kSynced);
}

Result<void> SegmentJournal::Enter(std::vector<Record> records, Durability durability) {
  Waiter waiter;
  Lock lock(mutex_);
  written_.wait(lock, [&] { return pending_bytes_ < kPendingBytesMax || failing_; });
  if (failing_) durability = Durability::kSynced;
  for (Record& record : records) {
    pending_bytes_ += record.json.size();
    pending_.push_back({std::move(record), nullptr, durability});
  }
  // Those that are pending together are written and synced together, so the last speaks for all.
  pending_.back().waiter = &waiter;
  return Wait(lock, waiter, durability);
}

Result<void> SegmentJournal::Wait(Lock& lock, Waiter& waiter, Durability durability) {
  using State = Waiter::State;
  while (waiter.state == State::kWaiting) {
    if (!writing_) {
      WriteForAll(lock);
    } else {
      written_.wait(lock);
    }
  }
  while (durability == Durability::kSynced && waiter.state == State::kWritten) {
    if (!syncing_) {
      SyncForAll(lock);
    } else {
      synced_.wait(lock);
    }
  }
  if (waiter.state == State::kFailed) return std::unexpected(std::move(waiter.error));
  return {};
}

void SegmentJournal::WriteForAll(Lock& lock) {
  if (segments_.full() && syncing_) {
    // An fsync that fails says so once: it must not be the new segment's that succeeds after it.
    synced_.wait(lock);
    return;
  }
  writing_ = true;
  std::vector<Entry> batch = std::exchange(pending_, {});
  pending_bytes_ = 0;
  lock.unlock();
  std::vector<Record> records;
  records.reserve(batch.size());
  for (Entry& entry : batch) records.push_back(std::move(entry.record));
  std::optional<Segments::Position> begun;
  Result<void> done;
  if (segments_.full()) {
    done = segments_.Begin();
    if (done) begun = segments_.position();
  }
  if (done) done = segments_.Append(records);
  lock.lock();

  if (begun) {
    // Begin() has synced the segment before.
    for (Entry& entry : unsynced_) Finish(entry, Waiter::State::kSynced);
    unsynced_.clear();
    durable_ = *begun;
    synced_.notify_all();
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Entry& entry = batch[i];
    entry.record = std::move(records[i]);
    if (done) {
      if (entry.waiter) entry.waiter->state = Waiter::State::kWritten;
      if (entry.durability == Durability::kWritten) entry.waiter = nullptr;
      unsynced_.push_back(std::move(entry));
    } else if (entry.waiter) {
      Finish(entry, Waiter::State::kFailed, done.error());
    } else if (entry.durability == Durability::kWritten) {
      PutBack(std::move(entry));
    }
  }
  writing_ = false;
  written_.notify_all();
}

void SegmentJournal::SyncForAll(Lock& lock) {
  syncing_ = true;
  written_.wait(lock, [&] { return !writing_; });  // So that position, file and unsynced_ belong together.
  const Segments::Position upto = segments_.position();
  const std::shared_ptr<const DurableFile> file = segments_.file();
  const std::size_t count = unsynced_.size();
  lock.unlock();
  Result<void> done = file->Sync();
  lock.lock();
  written_.wait(lock, [&] { return !writing_; });
  failing_ = !done;
  if (done) {
    for (std::size_t i = 0; i < count; ++i) Finish(unsynced_[i], Waiter::State::kSynced);
    unsynced_.erase(unsynced_.begin(), unsynced_.begin() + static_cast<std::ptrdiff_t>(count));
    durable_ = upto;
  } else {
    TakeBack(done.error());
  }
  syncing_ = false;
  synced_.notify_all();
  written_.notify_all();
}

// A disk that could not sync may have dropped what was written since the last sync, and will not say so again. All of it is taken
// out; what was answered already goes in once more, what still waits has failed.
void SegmentJournal::TakeBack(const Error& error) {
  (void)segments_.Rewind(durable_);
  for (Entry& entry : std::exchange(unsynced_, {})) {
    if (entry.durability == Durability::kWritten) {
      PutBack(std::move(entry));
    } else {
      Finish(entry, Waiter::State::kFailed, error);
    }
  }
}

void SegmentJournal::PutBack(Entry entry) {
  pending_bytes_ += entry.record.json.size();
  pending_.push_back(std::move(entry));
}

void SegmentJournal::Finish(Entry& entry, Waiter::State state, const Error& error) {
  if (!entry.waiter) return;
  entry.waiter->state = state;
  entry.waiter->error = error;
  entry.waiter = nullptr;
}

void SegmentJournal::Keep() {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  Lock lock(mutex_);
  auto next_checkpoint = steady_clock::now();
  while (true) {
    stop_.wait_for(lock, milliseconds(options_.sync_every_ms), [&] { return stopping_; });
    const bool last = stopping_;
    if (!pending_.empty() && !writing_) WriteForAll(lock);  // What was put back, where nobody else comes.
    if (!unsynced_.empty() && !syncing_) SyncForAll(lock);
    if (last || steady_clock::now() >= next_checkpoint) {
      WriteCheckpointIfGrown(lock);
      next_checkpoint = steady_clock::now() + milliseconds(options_.checkpoint_every_ms);
    }
    if (last) return;
  }
}

void SegmentJournal::WriteCheckpointIfGrown(Lock& lock) {
  Checkpoint next{durable_.segment, durable_.records, durable_.bytes, durable_.last, checkpoint_.time_ms};
  if (next == checkpoint_) return;
  next.time_ms = clock_.NowMs();
  lock.unlock();
  auto written = WriteCheckpoint(folder_, next);
  lock.lock();
  if (written) checkpoint_ = next;
}

void SegmentJournal::OutboxHasRows() {
  std::lock_guard lock(listener_mutex_);
  if (listener_) listener_();
}

void SegmentJournal::OnOutbox(std::function<void()> listener) {
  std::lock_guard lock(listener_mutex_);
  listener_ = std::move(listener);
}

}  // namespace hanse::audit
