#include "audit/outbox.h"

#include <algorithm>
#include <map>

#include "audit/segment_file.h"
#include "base/log.h"

namespace hanse::audit {
namespace {

constexpr std::int64_t kRowsAtOnce = 500;
constexpr int kLookEveryMs = 1000;
// A deletion is a write of its own: many rows at once, so that the writers of changes have the store for themselves.
constexpr std::int64_t kDeleteAtOnce = 2'000;
// A crash leaves rows that were moved within the last second; they are near the journal's end.
constexpr std::size_t kSegmentsBack = 3;

}  // namespace

Outbox::Outbox(store::Store& store, SegmentJournal& journal, std::chrono::milliseconds gather)
    : store_(store), journal_(journal), gather_(gather) {
  journal_.OnOutbox([this] {
    bool idle = false;
    {
      std::lock_guard lock(mutex_);
      idle = asked_ == answered_;
      ++asked_;
    }
    if (idle) wake_.notify_one();
  });
  thread_ = std::thread([this] { Run(); });
}

Outbox::~Outbox() {
  journal_.OnOutbox({});
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

Result<void> Outbox::Flush(int timeout_ms) {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++asked_;
  hurried_ = true;
  wake_.notify_one();
  if (moved_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return answered_ >= mine; })) return {};
  return Fail(ErrorCode::kTimeout, "the journal is behind");
}

void Outbox::Run() {
  while (true) {
    std::uint64_t asked = 0;
    bool last = false, waited = false;
    {
      std::unique_lock lock(mutex_);
      waited = !wake_.wait_for(lock, std::chrono::milliseconds(kLookEveryMs), [&] { return stopping_ || asked_ > answered_; });
      if (!waited) wake_.wait_for(lock, gather_, [&] { return stopping_ || hurried_; });
      hurried_ = false;
      asked = asked_;
      last = stopping_;
    }
    Result<void> moved = MoveAll();
    if (moved && undeleted_ > 0 && (waited || last || undeleted_ >= kDeleteAtOnce)) moved = DeleteMoved();
    std::unique_lock lock(mutex_);
    if (moved) {
      answered_ = asked;
      moved_.notify_all();
    } else if (!last) {
      spdlog::error("journal: the outbox waits: {}", moved.error().message);
      wake_.wait_for(lock, std::chrono::milliseconds(kLookEveryMs), [&] { return stopping_; });
    }
    if (last) return;
  }
}

Result<void> Outbox::MoveAll() {
  while (true) {
    TRY_ASSIGN(std::vector<Record> rows, ReadRows(kRowsAtOnce));
    if (rows.empty()) {
      first_ = false;
      return {};
    }
    const std::int64_t last = rows.back().outbox_row;
    const auto count = static_cast<std::int64_t>(rows.size());
    if (first_) TRY(DropMovedBefore(&rows));
    TRY(journal_.AppendAll(std::move(rows)));
    last_row_ = last;
    undeleted_ += count;
    if (undeleted_ >= kDeleteAtOnce) TRY(DeleteMoved());
  }
}

Result<std::vector<Record>> Outbox::ReadRows(std::int64_t limit) {
  TRY_ASSIGN(auto tx, store_.BeginRead());
  TRY_ASSIGN(std::vector<store::Row> found,
             tx->Query("SELECT id, record FROM outbox WHERE id > ? ORDER BY id LIMIT ?", {last_row_, limit}));
  std::vector<Record> rows;
  rows.reserve(found.size());
  for (const store::Row& row : found) rows.push_back({row.Text(1), row.Int(0)});
  return rows;
}

Result<void> Outbox::DeleteMoved() {
  TRY_ASSIGN(auto tx, store_.BeginWrite());
  TRY(tx->Execute("DELETE FROM outbox WHERE id <= ?", {last_row_}));
  TRY(tx->Commit());
  undeleted_ = 0;
  return {};
}

Result<void> Outbox::DropMovedBefore(std::vector<Record>* rows) {
  std::map<std::int64_t, const std::string*> waiting;
  for (const Record& row : *rows) waiting[row.outbox_row] = &row.json;
  std::vector<std::int64_t> moved;
  TRY_ASSIGN(std::vector<std::int64_t> numbers, ListSegments(journal_.folder()));
  for (std::size_t i = numbers.size() - std::min(numbers.size(), kSegmentsBack); i < numbers.size(); ++i) {
    TRY(ScanSegment(journal_.folder(), numbers[i], [&](const Frame& frame, std::uint64_t) {
      auto row = waiting.find(frame.outbox_row);
      // A store that was restored gives the same row numbers to other records.
      if (row != waiting.end() && *row->second == frame.json) moved.push_back(frame.outbox_row);
    }));
  }
  std::erase_if(*rows, [&](const Record& row) { return std::find(moved.begin(), moved.end(), row.outbox_row) != moved.end(); });
  return {};
}

}  // namespace hanse::audit
