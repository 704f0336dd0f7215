#include "objects/sweeper.h"

#include <chrono>
#include <string>
#include <vector>

#include "base/log.h"
#include "objects/changes.h"

namespace hanse::objects {
namespace {

constexpr auto kPause = std::chrono::seconds(5);

}  // namespace

void Sweeper::Start() {
  TimeMs started_ms = clock_.NowMs() - 100;  // File systems write times to a few milliseconds.
  thread_ = std::thread([this, started_ms] {
    // Nothing of before this start is still on its way.
    if (auto swept = DeleteOrphans(started_ms); !swept) spdlog::warn("sweeping stored bytes: {}", swept.error().message);
    Run();
  });
}

void Sweeper::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Sweeper::Run() {
  std::unique_lock lock(mutex_);
  TimeMs forget_next_ms = 0;
  while (!stopping_) {
    lock.unlock();
    if (auto swept = EmptyTrash(); !swept) spdlog::warn("sweeping stored bytes: {}", swept.error().message);
    if (clock_.NowMs() >= forget_next_ms) {
      if (auto done = ForgetOldRemovals(); !done) spdlog::warn("forgetting old removals: {}", done.error().message);
      forget_next_ms = clock_.NowMs() + kForgetEveryMs;
    }
    lock.lock();
    stop_.wait_for(lock, kPause, [this] { return stopping_; });
  }
}

Result<std::int64_t> Sweeper::EmptyTrash() {
  std::int64_t swept = 0;
  while (true) {
    std::vector<std::string> due;
    {
      TRY_ASSIGN(auto tx, store_.BeginRead());
      TRY_ASSIGN(std::vector<store::Row> rows,
                 tx->Query("SELECT blob FROM blob_trash WHERE since_ms <= ? LIMIT ?", {clock_.NowMs() - kGraceMs, kBatch}));
      for (const store::Row& row : rows) due.push_back(row.Text(0));
    }
    if (due.empty()) return swept;
    for (const std::string& blob : due) TRY(blobs_.Delete(blob));
    TRY_ASSIGN(auto tx, store_.BeginWrite());
    for (const std::string& blob : due) TRY(tx->Execute("DELETE FROM blob_trash WHERE blob = ?", {blob}));
    TRY(tx->Commit());
    swept += static_cast<std::int64_t>(due.size());
    std::lock_guard lock(mutex_);
    if (stopping_) return swept;
  }
}

Result<void> Sweeper::ForgetOldRemovals() {
  TRY_ASSIGN(auto tx, store_.BeginWrite());
  TRY(ForgetRemovals(*tx, clock_.NowMs()));
  return tx->Commit();
}

Result<bool> Sweeper::IsNamed(store::Transaction& tx, const blob::BlobId& blob) {
  for (const char* sql : {"SELECT id FROM object_versions WHERE blob = ?", "SELECT number FROM multipart_parts WHERE blob = ?",
                          "SELECT since_ms FROM blob_trash WHERE blob = ?"}) {
    TRY_ASSIGN(auto row, tx.Maybe(sql, {blob}));
    if (row) return true;
  }
  return false;
}

Result<std::int64_t> Sweeper::DeleteOrphans(TimeMs made_before_ms) {
  std::int64_t swept = 0;
  Result<void> failed;
  TRY(blobs_.List([&](const blob::BlobId& blob, TimeMs made_ms) {
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return false;
    }
    if (made_ms >= made_before_ms) return true;
    auto tx = store_.BeginRead();
    auto named = tx ? IsNamed(**tx, blob) : Result<bool>(std::unexpected(tx.error()));
    if (!named) {
      failed = std::unexpected(named.error());
      return false;
    }
    if (!*named && blobs_.Delete(blob)) ++swept;
    return true;
  }));
  TRY(std::move(failed));
  return swept;
}

}  // namespace hanse::objects
