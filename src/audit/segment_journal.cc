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
  wake_.notify_one();
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

void SegmentJournal::Outcome::Set(std::atomic<int>& state, State to) {
  state.store(to, std::memory_order_release);
  state.notify_all();
}

void SegmentJournal::Group::Add(Record record, Fate fate) {
  records.push_back(std::move(record));
  fates.push_back(fate);
}

Result<void> SegmentJournal::Enter(std::vector<Record> records, Durability durability) {
  Lock lock(mutex_);
  room_.wait(lock, [&] { return pending_bytes_ < kPendingBytesMax || failing_; });
  const bool synced = durability == Durability::kSynced || failing_;
  if (!pending_.outcome) pending_.outcome = std::make_shared<Outcome>();
  const std::shared_ptr<Outcome> outcome = pending_.outcome;
  for (Record& record : records) {
    pending_bytes_ += record.json.size();
    pending_.Add(std::move(record), synced ? Fate::kToBeSynced : Fate::kToBeWritten);
  }
  if (!synced && MayWrite()) {
    WritePending(lock);
  } else {
    work_ = true;
    sync_wanted_ = sync_wanted_ || synced;
  }
  const bool wake = work_;
  lock.unlock();
  if (wake) wake_.notify_one();
  std::atomic<int>& state = synced ? outcome->synced : outcome->written;
  state.wait(Outcome::kWaiting, std::memory_order_acquire);
  if (state.load(std::memory_order_acquire) == Outcome::kFailed) return std::unexpected(outcome->error);
  return {};
}

// An fsync that fails says so once: it must not be the end of a segment that hears of it, and the next one that is believed.
bool SegmentJournal::MayWrite() const { return !writing_ && !(syncing_ && segments_.full()); }

void SegmentJournal::WritePending(Lock& lock) {
  writing_ = true;
  Group group = std::exchange(pending_, {});
  pending_bytes_ = 0;
  lock.unlock();
  room_.notify_all();
  std::optional<Segments::Position> begun;
  Result<void> done;
  if (segments_.full()) {
    done = segments_.Begin();
    if (done) begun = segments_.position();
  }
  if (done) done = segments_.Append(group.records);
  lock.lock();

  if (begun) {
    // Begin() has synced the segment before.
    for (Group& before : unsynced_) before.outcome->Set(before.outcome->synced, Outcome::kDone);
    unsynced_.clear();
    durable_ = *begun;
  }
  if (!group.outcome) group.outcome = std::make_shared<Outcome>();
  std::shared_ptr<Outcome> outcome = group.outcome;
  if (done) {
    for (Fate& fate : group.fates) fate = fate == Fate::kToBeWritten ? Fate::kAnswered : fate;
    outcome->Set(outcome->written, Outcome::kDone);
    unsynced_.push_back(std::move(group));
  } else {
    PutBack(group);
    outcome->error = done.error();
    outcome->Set(outcome->written, Outcome::kFailed);
    outcome->Set(outcome->synced, Outcome::kFailed);
  }
  writing_ = false;
  work_ = work_ || !pending_.records.empty();
  if (work_ || keeper_waits_) wake_.notify_one();  // Not for every read: that would be a switch between threads each.
}

// On the keeper's thread.
void SegmentJournal::WaitUntilWritten(Lock& lock) {
  keeper_waits_ = true;
  wake_.wait(lock, [&] { return !writing_; });
  keeper_waits_ = false;
}

void SegmentJournal::SyncWritten(Lock& lock) {
  syncing_ = true;
  WaitUntilWritten(lock);  // So that position, file and unsynced_ belong together.
  const Segments::Position upto = segments_.position();
  const std::shared_ptr<const DurableFile> file = segments_.file();
  const auto count = static_cast<std::ptrdiff_t>(unsynced_.size());
  lock.unlock();
  Result<void> done = file->Sync();
  lock.lock();
  WaitUntilWritten(lock);
  failing_ = !done;
  syncing_ = false;
  if (done) {
    std::vector<Group> synced(std::make_move_iterator(unsynced_.begin()), std::make_move_iterator(unsynced_.begin() + count));
    unsynced_.erase(unsynced_.begin(), unsynced_.begin() + count);
    durable_ = upto;
    lock.unlock();
    for (Group& group : synced) group.outcome->Set(group.outcome->synced, Outcome::kDone);
    lock.lock();
    return;
  }
  // A disk that could not sync may have dropped what was written since the last sync, and will not say so again. All of it is taken
  // out; what was answered already goes in once more, what still waits has failed.
  (void)segments_.Rewind(durable_);
  for (Group& group : std::exchange(unsynced_, {})) {
    PutBack(group);
    group.outcome->error = done.error();
    group.outcome->Set(group.outcome->synced, Outcome::kFailed);
  }
  room_.notify_all();
}

void SegmentJournal::PutBack(Group& group) {
  for (std::size_t i = 0; i < group.records.size(); ++i) {
    if (group.fates[i] != Fate::kAnswered) continue;
    pending_bytes_ += group.records[i].json.size();
    pending_.Add(std::move(group.records[i]), Fate::kAnswered);
  }
}

void SegmentJournal::Keep() {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  Lock lock(mutex_);
  auto next_sync = steady_clock::now() + milliseconds(options_.sync_every_ms);
  auto next_checkpoint = steady_clock::now();
  while (true) {
    wake_.wait_until(lock, next_sync, [&] { return stopping_ || work_; });
    const bool last = stopping_, due = steady_clock::now() >= next_sync;
    WaitUntilWritten(lock);
    work_ = false;
    const bool sync = std::exchange(sync_wanted_, false) || due || last;
    if (!pending_.records.empty()) WritePending(lock);
    if (sync && !unsynced_.empty()) SyncWritten(lock);
    if (due) next_sync = steady_clock::now() + milliseconds(options_.sync_every_ms);
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
