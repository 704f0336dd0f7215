#include "store/postgres/postgres_store.h"

#include <chrono>

namespace hanse::store {

class PostgresTransaction final : public Transaction {
 public:
  PostgresTransaction(PostgresStore& store, std::unique_ptr<PgConnection> connection, PostgresStore::Kind kind)
      : store_(store), connection_(std::move(connection)), kind_(kind) {}
  ~PostgresTransaction() override { End(); }

  Result<std::vector<Row>> Query(std::string_view sql, std::span<const Value> parameters) override {
    std::vector<Row> rows;
    TRY(Run(sql, parameters, &rows));
    return rows;
  }

  Result<std::int64_t> Execute(std::string_view sql, std::span<const Value> parameters) override {
    return Run(sql, parameters, nullptr);
  }

  Result<void> Commit() override {
    TRY(Open());
    Result<void> done = connection_->Command("COMMIT");
    End();
    return done;
  }

 private:
  Result<void> Open() const {
    if (!connection_) return Fail(ErrorCode::kInternal, "the transaction has ended");
    if (!connection_->in_transaction()) return Fail(ErrorCode::kUnavailable, "the store could not keep the transaction");
    return {};
  }

  // A statement that fails would end the whole transaction: the savepoint keeps what was before it, as SQLite does.
  Result<std::int64_t> Run(std::string_view sql, std::span<const Value> parameters, std::vector<Row>* rows) {
    TRY(Open());
    if (kind_ == PostgresStore::Kind::kRead) return connection_->Run(sql, parameters, rows);
    TRY(connection_->Command("SAVEPOINT statement"));
    auto done = connection_->Run(sql, parameters, rows);
    if (!done && connection_->alive()) TRY(connection_->Command("ROLLBACK TO SAVEPOINT statement"));
    if (connection_->in_transaction()) TRY(connection_->Command("RELEASE SAVEPOINT statement"));
    return done;
  }

  void End() {
    if (!connection_) return;
    if (connection_->alive()) (void)connection_->Command("ROLLBACK");  // After COMMIT there is nothing to roll back: a notice.
    store_.GiveBack(std::move(connection_));
  }

  PostgresStore& store_;
  std::unique_ptr<PgConnection> connection_;  // Empty when it has ended.
  const PostgresStore::Kind kind_;
};

Result<std::unique_ptr<PostgresStore>> PostgresStore::Open(const std::string& address) {
  std::unique_ptr<PostgresStore> store(new PostgresStore(address));
  TRY_ASSIGN(auto tx, store->BeginRead());
  TRY_ASSIGN(
      Row row,
      tx->One("SELECT ('B' COLLATE \"default\") < 'a' AND ('a_' COLLATE \"default\") < 'ab', current_setting('server_encoding')"));
  if (row.Int(0) == 0 || row.Text(1) != "UTF8") {
    return Fail(ErrorCode::kConflict,
                "the database must be made with: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
  }
  tx.reset();
  return store;
}

Result<std::unique_ptr<PgConnection>> PostgresStore::Take() {
  {
    std::unique_lock lock(mutex_);
    bool free = free_.wait_for(lock, std::chrono::milliseconds(kWaitMs), [&] { return !idle_.empty() || open_ < kConnectionsMax; });
    if (!free) return Fail(ErrorCode::kUnavailable, "the store is busy");
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    ++open_;
  }
  auto opened = PgConnection::Open(address_);
  if (!opened) {
    GiveBack(nullptr);
    return std::unexpected(std::move(opened).error());
  }
  return std::make_unique<PgConnection>(std::move(*opened));
}

void PostgresStore::GiveBack(std::unique_ptr<PgConnection> connection) {
  {
    std::lock_guard lock(mutex_);
    if (connection && connection->alive()) {
      idle_.push_back(std::move(connection));
    } else {
      --open_;
    }
  }
  free_.notify_one();
}

Result<std::unique_ptr<Transaction>> PostgresStore::Begin(Kind kind) {
  // A connection that lay idle may be gone, as after a restart of the database: then another one is tried.
  for (std::size_t attempt = 0;; ++attempt) {
    TRY_ASSIGN(std::unique_ptr<PgConnection> connection, Take());
    Result<void> begun = connection->Command(kind == Kind::kRead ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                                                                 : "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    // The number is this program's. Held to the end of the transaction, also where this process dies.
    if (begun && kind == Kind::kWrite) begun = connection->Command("SELECT pg_advisory_xact_lock(7700770077)");
    if (begun) return std::unique_ptr<Transaction>(std::make_unique<PostgresTransaction>(*this, std::move(connection), kind));
    const bool lost = !connection->alive();
    if (!lost) (void)connection->Command("ROLLBACK");
    GiveBack(std::move(connection));
    if (!lost || attempt > kConnectionsMax) return std::unexpected(std::move(begun).error());
  }
}

Result<std::unique_ptr<Transaction>> PostgresStore::BeginRead() { return Begin(Kind::kRead); }

Result<std::unique_ptr<Transaction>> PostgresStore::BeginWrite() { return Begin(Kind::kWrite); }

}  // namespace hanse::store
