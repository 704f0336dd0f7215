#include "store/sqlite/sqlite_store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/log.h"

namespace hanse::store {
namespace {

// Pages of the write-ahead log after which it is copied into the file beside the writers, and after which writers wait for it.
constexpr int kCheckpointPages = 1'000;
constexpr int kRestartPages = 4'000;
constexpr int kRestartWaitMs = 500;

Result<void> MakeFile(const std::string& path) {
  int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return Fail(ErrorCode::kUnavailable, "the store cannot be opened: " + path);
  ::close(file);
  std::string folder = std::filesystem::path(path).parent_path().string();
  int directory = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return Fail(ErrorCode::kUnavailable, "the store cannot be opened: " + path);
  int synced = ::fsync(directory);
  ::close(directory);
  if (synced != 0) return Fail(ErrorCode::kUnavailable, "the store cannot be opened: " + path);
  return {};
}

}  // namespace

class SqliteTransaction final : public Transaction {
 public:
  SqliteTransaction(SqliteStore& store, SqliteStore::Reader reader)
      : store_(store), reader_(std::move(reader.connection)), connection_(reader_.get()), moment_(reader.moment) {}
  SqliteTransaction(SqliteStore& store, SqliteConnection& writer)
      : store_(store), connection_(&writer), moment_(store.remembered_.Now()) {}
  ~SqliteTransaction() override { End(); }

  Result<std::vector<Row>> Query(std::string_view sql, std::span<const Value> parameters) override {
    TRY(Open());
    std::vector<Row> rows;
    TRY(connection_->Run(sql, parameters, &rows));
    return rows;
  }

  Result<std::vector<Row>> Recall(std::string_view sql, std::span<const Value> parameters) override {
    TRY(Open());
    TRY_ASSIGN(const Remembered::Tables* reads, connection_->ReadBy(sql));
    // What a writer has changed itself nobody else may see, nor may it see what was before.
    if (HasWritten(*reads)) return Query(sql, parameters);
    std::string key = Remembered::KeyOf(sql, parameters);
    if (auto rows = store_.remembered_.Find(key, *reads, moment_)) {
      connection_->NoteRead(*reads);
      return *std::move(rows);
    }
    const Remembered::Tables tables = *reads;  // The statement may go while it runs.
    TRY_ASSIGN(std::vector<Row> rows, Query(sql, parameters));
    store_.remembered_.Keep(std::move(key), tables, moment_, rows);
    return rows;
  }

  Basis basis() const override { return reader_ && connection_ ? Basis{moment_, connection_->read()} : Basis{}; }

  bool Shares(const Basis& basis) override {
    const Basis both{std::min(moment_, basis.moment), basis.tables};
    if (!Open() || HasWritten(basis.tables) || !store_.remembered_.Holds(both)) return false;
    connection_->NoteRead(basis.tables);
    return true;
  }

  Result<std::int64_t> Execute(std::string_view sql, std::span<const Value> parameters) override {
    TRY(Open());
    return connection_->Run(sql, parameters, nullptr);
  }

  Result<void> Commit() override {
    TRY(Open());
    const Remembered::Tables changed = connection_->written();
    store_.remembered_.ChangesBegin(changed);
    Result<void> done = connection_->Run("COMMIT");
    if (store_.IsFollowed(changed)) {
      // What it makes of the changes holds from the moment on that the next line begins.
      if (done) store_.follower_->Changed(connection_->TakeChanges(), store_.remembered_.Now() + 1);
      if (!done) store_.follower_->Lost();
    }
    store_.remembered_.ChangesEnd(changed);
    End();
    return done;
  }

 private:
  bool HasWritten(const Remembered::Tables& tables) const {
    const Remembered::Tables& written = connection_->written();
    return !written.empty() && std::ranges::any_of(tables, [&](const std::string& table) { return written.contains(table); });
  }

  // SQLite may have rolled back by itself (a full disk): a statement would then commit alone.
  Result<void> Open() const {
    if (!connection_) return Fail(ErrorCode::kInternal, "the transaction has ended");
    if (connection_->idle()) return Fail(ErrorCode::kUnavailable, "the store could not keep the transaction");
    return {};
  }

  void End() {
    if (!connection_) return;
    connection_->Forget();
    if (!reader_) connection_->End();
    connection_ = nullptr;
    reader_ ? store_.EndRead({std::move(reader_), moment_}) : store_.EndWrite();
  }

  SqliteStore& store_;
  std::unique_ptr<SqliteConnection> reader_;  // Empty in a write transaction.
  SqliteConnection* connection_;              // Empty when it has ended.
  const std::int64_t moment_;                 // Before its snapshot.
};

Result<std::unique_ptr<SqliteStore>> SqliteStore::Open(const std::string& path) {
  TRY(MakeFile(path));
  TRY_ASSIGN(SqliteConnection writer, SqliteConnection::Open(path, SqliteConnection::Mode::kWriter));
  TRY_ASSIGN(SqliteConnection checkpointer, SqliteConnection::Open(path, SqliteConnection::Mode::kWriter));
  return std::unique_ptr<SqliteStore>(new SqliteStore(path, std::move(writer), std::move(checkpointer)));
}

SqliteStore::SqliteStore(std::string path, SqliteConnection writer, SqliteConnection checkpointer)
    : path_(std::move(path)), writer_(std::move(writer)), checkpointer_(std::move(checkpointer)) {
  // In place of SQLite's own automatic checkpoint, which would make a writer wait for it.
  auto noted = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<SqliteStore*>(self)->log_pages_ = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(writer_.handle(), noted, this);
  sqlite3_wal_autocheckpoint(checkpointer_.handle(), 0);
  sqlite3_busy_timeout(checkpointer_.handle(), kRestartWaitMs);
  checkpoint_thread_ = std::thread([this] { CheckpointWhenDue(); });
}

SqliteStore::~SqliteStore() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  checkpoint_due_.notify_all();
  checkpoint_thread_.join();
}

Result<SqliteStore::Reader> SqliteStore::TakeReader() {
  {
    std::unique_lock lock(mutex_);
    bool free = reader_free_.wait_for(lock, std::chrono::milliseconds(kWaitMs),
                                      [&] { return !idle_readers_.empty() || readers_ < kReadersMax; });
    if (!free) return Fail(ErrorCode::kUnavailable, "the store is busy");
    if (!idle_readers_.empty()) {
      // The last one used has the warmest cache.
      Reader reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
      return reader;
    }
    ++readers_;
  }
  auto opened = SqliteConnection::Open(path_, SqliteConnection::Mode::kReader);
  if (!opened) {
    EndRead({});
    return std::unexpected(std::move(opened).error());
  }
  return Reader{std::make_unique<SqliteConnection>(std::move(*opened))};
}

// While a commit is under way some would see it and some not: then each takes a new one.
Result<void> SqliteStore::TakeSnapshot(Reader& reader) {
  if (!reader.connection->idle() && remembered_.StillAt(reader.moment)) return {};
  reader.moment = remembered_.Now();
  if (!reader.connection->End()) return Fail(ErrorCode::kUnavailable, "the store could not end a transaction");
  // BEGIN takes no snapshot, the first SELECT does: at once, so that what is remembered and what is read are of one moment.
  TRY(reader.connection->Run("BEGIN"));
  return reader.connection->Run("SELECT 1 FROM sqlite_schema LIMIT 1");
}

Result<std::unique_ptr<Transaction>> SqliteStore::BeginRead() {
  TRY_ASSIGN(Reader reader, TakeReader());
  if (auto taken = TakeSnapshot(reader); !taken) {
    EndRead({});
    return std::unexpected(std::move(taken).error());
  }
  return std::unique_ptr<Transaction>(std::make_unique<SqliteTransaction>(*this, std::move(reader)));
}

// Without a connection: there is one less.
void SqliteStore::EndRead(Reader reader) {
  {
    std::lock_guard lock(mutex_);
    if (checkpointing_ && reader.connection && !reader.connection->End()) reader.connection.reset();
    if (reader.connection) {
      idle_readers_.push_back(std::move(reader));
    } else {
      --readers_;
    }
  }
  reader_free_.notify_one();
}

Result<void> SqliteStore::TakeWriter() {
  std::unique_lock lock(mutex_);
  auto free = [&] { return !writer_taken_ && !restart_wanted_; };
  if (!writer_free_.wait_for(lock, std::chrono::milliseconds(kWaitMs), free)) {
    return Fail(ErrorCode::kUnavailable, "the store is busy");
  }
  writer_taken_ = true;
  return {};
}

Result<std::unique_ptr<Transaction>> SqliteStore::BeginWrite() {
  TRY(TakeWriter());
  if (auto begun = writer_.Run("BEGIN IMMEDIATE"); !begun) {
    EndWrite();
    return std::unexpected(std::move(begun).error());
  }
  auto tx = std::make_unique<SqliteTransaction>(*this, writer_);
  if (follower_ && follower_->WantsLoad()) LetFollowerLoad();
  return std::unique_ptr<Transaction>(std::move(tx));
}

Result<void> SqliteStore::Follow(Follower& follower) {
  TRY_ASSIGN(auto tx, BeginWrite());
  TRY(writer_.Watch(follower.Tables()));
  follower_ = &follower;
  LetFollowerLoad();
  return {};
}

// Nobody commits beside a writer: a reader that begins now reads what there is before the writer's own commit.
void SqliteStore::LetFollowerLoad() {
  const std::int64_t moment = remembered_.Now();
  if (auto tx = BeginRead()) follower_->Load(std::move(*tx), moment);
}

bool SqliteStore::IsFollowed(const Remembered::Tables& changed) const {
  return follower_ && !follower_->WantsLoad() &&
         std::ranges::any_of(follower_->Tables(), [&](const Follower::Table& table) { return changed.contains(table.name); });
}

void SqliteStore::EndWrite() {
  {
    std::lock_guard lock(mutex_);
    writer_taken_ = false;
  }
  writer_free_.notify_all();
  if (log_pages_ >= kCheckpointPages) checkpoint_due_.notify_one();
}

void SqliteStore::CheckpointWhenDue() {
  while (true) {
    int pages = 0;
    {
      std::unique_lock lock(mutex_);
      checkpoint_due_.wait(lock, [&] { return stopping_ || log_pages_ >= kCheckpointPages; });
      if (stopping_) return;
      pages = log_pages_.exchange(0);
    }
    Checkpoint(SQLITE_CHECKPOINT_PASSIVE);
    if (pages >= kRestartPages) Restart();
  }
}

void SqliteStore::Checkpoint(int mode) {
  {
    std::lock_guard lock(mutex_);
    checkpointing_ = true;
    readers_ -= std::erase_if(idle_readers_, [](Reader& reader) { return !reader.connection->End(); });
  }
  const int code = sqlite3_wal_checkpoint_v2(checkpointer_.handle(), nullptr, mode, nullptr, nullptr);
  if (code != SQLITE_OK) spdlog::warn("store: the write-ahead log was not copied whole: {}", sqlite3_errstr(code));
  std::lock_guard lock(mutex_);
  checkpointing_ = false;
}

void SqliteStore::Restart() {
  {
    std::unique_lock lock(mutex_);
    restart_wanted_ = true;  // Writers in a row would never leave a gap.
    writer_free_.wait(lock, [&] { return !writer_taken_; });
  }
  Checkpoint(SQLITE_CHECKPOINT_RESTART);
  {
    std::lock_guard lock(mutex_);
    restart_wanted_ = false;
  }
  writer_free_.notify_all();
}

}  // namespace hanse::store
