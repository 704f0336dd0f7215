#pragma once
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/sqlite/connection.h"
#include "store/sqlite/remembered.h"
#include "store/store.h"

namespace hanse::store {

// The store in one SQLite file: WAL, synchronous=FULL, so a commit is one fsync. One writer, up to kReadersMax readers at once,
// each on a connection of its own with a snapshot of its own; who finds none free waits, at most kWaitMs, then kUnavailable.
// An idle reader keeps its snapshot: where no commit has begun since, the next transaction takes it over and asks SQLite nothing.
// A background thread copies the write-ahead log into the file so that it stays bounded. Any thread; outlives its transactions.
class SqliteStore final : public Store {
 public:
  static constexpr std::size_t kReadersMax = 64;
  static constexpr int kWaitMs = 30'000;

  // Makes the file (mode 0600) where there is none; its folder must exist.
  static Result<std::unique_ptr<SqliteStore>> Open(const std::string& path);
  ~SqliteStore() override;

  Result<std::unique_ptr<Transaction>> BeginRead() override;
  Result<std::unique_ptr<Transaction>> BeginWrite() override;
  bool Holds(const Basis& basis) const override { return remembered_.Holds(basis); }

  // Keeps `follower` in step from now on. One at most; it outlives the store's transactions.
  Result<void> Follow(Follower& follower);

 private:
  friend class SqliteTransaction;
  SqliteStore(std::string path, SqliteConnection writer, SqliteConnection checkpointer);

  struct Reader {
    std::unique_ptr<SqliteConnection> connection;
    std::int64_t moment = 0;  // Before its snapshot, which it holds unless its connection is idle.
  };

  Result<Reader> TakeReader();
  Result<void> TakeSnapshot(Reader& reader);
  void EndRead(Reader reader);
  // Around a commit that may change what is followed.
  bool IsFollowed(const Remembered::Tables& changed) const;
  void LetFollowerLoad();
  void EndWrite();
  Result<void> TakeWriter();
  // Copies the write-ahead log into the file beside writers and readers.
  void CheckpointWhenDue();
  void Checkpoint(int mode);
  // Lets writers wait once for the end of the copy, so that the log starts anew.
  void Restart();

  const std::string path_;
  Remembered remembered_;
  Follower* follower_ = nullptr;  // By the one writer.
  SqliteConnection writer_, checkpointer_;
  std::mutex mutex_;
  std::condition_variable writer_free_, reader_free_, checkpoint_due_;
  bool writer_taken_ = false, restart_wanted_ = false, stopping_ = false;
  bool checkpointing_ = false;      // Snapshots of idle readers would hold it up: none is kept.
  std::atomic<int> log_pages_ = 0;  // Of the write-ahead log, after the last commit.
  std::size_t readers_ = 0;
  std::vector<Reader> idle_readers_;
  std::thread checkpoint_thread_;
};

}  // namespace hanse::store
