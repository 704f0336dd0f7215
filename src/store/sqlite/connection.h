#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/follower.h"
#include "store/sqlite/remembered.h"
#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;
struct sqlite3_value;

namespace hanse::store {

// One SQLite connection with the statements that it has prepared, by their text. One thread at a time; owned by the store's pool.
// Errors as store.h says: constraint -> kConflict; full, I/O, busy, damaged -> kUnavailable; our mistakes -> kInternal, logged.
class SqliteConnection {
 public:
  enum class Mode { kWriter, kReader };

  static Result<SqliteConnection> Open(const std::string& path, Mode mode);
  SqliteConnection(SqliteConnection&& other) noexcept;
  SqliteConnection& operator=(SqliteConnection&&) = delete;
  ~SqliteConnection();

  // Runs one statement to its end; its rows go to `rows` where that is given. Answers how many rows it changed.
  Result<std::int64_t> Run(std::string_view sql, std::span<const Value> parameters, std::vector<Row>* rows);
  Result<void> Run(std::string_view sql);
  // The tables that a statement reads.
  Result<const Remembered::Tables*> ReadBy(std::string_view sql);
  // The tables that statements have read and written since the last Forget(), cascades included.
  const Remembered::Tables& read() const { return seen_->read; }
  const Remembered::Tables& written() const { return seen_->written; }
  // For an answer that needed no statement.
  void NoteRead(const Remembered::Tables& tables) { seen_->read.insert(tables.begin(), tables.end()); }
  // Notes from now on each row of these tables that changes.
  Result<void> Watch(const std::vector<Follower::Table>& tables);
  // Since the last Forget(), without what a statement that failed took back.
  std::vector<RowChange> TakeChanges() { return std::exchange(seen_->changes, {}); }
  void Forget() {
    seen_->read.clear();
    seen_->written.clear();
    seen_->changes.clear();
  }
  // Undoes what is not committed and lets the snapshot go. False where SQLite cannot.
  bool End() { return idle() || Run("ROLLBACK").has_value() || idle(); }
  // False after BEGIN; true again when SQLite has ended the transaction by itself, as it does on a full disk.
  bool idle() const;
  sqlite3* handle() const { return handle_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  struct Statement {
    sqlite3_stmt* handle = nullptr;
    Remembered::Tables reads, writes;  // As SQLite's compiler names them.
  };
  struct Watched {
    std::size_t table = 0;
    std::vector<int> columns;  // Their places in the table.
  };
  // What SQLite's callbacks fill in; stays where it is when the connection moves.
  struct Seen {
    Statement* compiling = nullptr;
    Remembered::Tables read, written;
    std::unordered_map<std::string, Watched, Hash, std::equal_to<>> watched;
    std::vector<RowChange> changes;
  };

  explicit SqliteConnection(sqlite3* handle);
  // SQLite's preupdate hook.
  static void NoteChange(void* seen, sqlite3* handle, int action, const char* database, const char* table, long long before,
                         long long after);
  Result<Statement*> Prepared(std::string_view sql);
  void DropStatements();

  sqlite3* handle_;
  std::unique_ptr<Seen> seen_;
  std::unordered_map<std::string, Statement, Hash, std::equal_to<>> statements_;
};

// What an SQLite result code means to callers of the store; `what` goes to the log where it is our mistake.
Error SqliteError(sqlite3* handle, int code, std::string_view what);

}  // namespace hanse::store
