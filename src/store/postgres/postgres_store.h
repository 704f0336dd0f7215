#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/postgres/pg_connection.h"
#include "store/store.h"

namespace hanse::store {

// The store in a PostgreSQL database, shared by all nodes. Readers: REPEATABLE READ, READ ONLY. Writers take turns by one advisory
// lock over all nodes, so each sees all that was committed before it. At most kConnectionsMax at once; who finds none free waits,
// at most kWaitMs, then kUnavailable. The database must have the C collation: names are ordered by their bytes. Any thread.
class PostgresStore final : public Store {
 public:
  static constexpr std::size_t kConnectionsMax = 32;
  static constexpr int kWaitMs = 30'000;

  // kConflict where the database's collation is not C.
  static Result<std::unique_ptr<PostgresStore>> Open(const std::string& address);

  Result<std::unique_ptr<Transaction>> BeginRead() override;
  Result<std::unique_ptr<Transaction>> BeginWrite() override;

 private:
  friend class PostgresTransaction;
  enum class Kind { kRead, kWrite };
  explicit PostgresStore(std::string address) : address_(std::move(address)) {}

  Result<std::unique_ptr<PgConnection>> Take();
  void GiveBack(std::unique_ptr<PgConnection> connection);
  Result<std::unique_ptr<Transaction>> Begin(Kind kind);

  const std::string address_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::size_t open_ = 0;
  std::vector<std::unique_ptr<PgConnection>> idle_;
};

}  // namespace hanse::store
