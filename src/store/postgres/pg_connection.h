#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/store.h"

struct pg_conn;
struct pg_result;

namespace hanse::store {

// One connection to PostgreSQL with the statements that it has prepared, by their text and the types of their parameters. One
// thread at a time; owned by the store's pool. Errors as store.h says, told apart by SQLSTATE; what is our mistake is logged.
class PgConnection {
 public:
  // `address`: as libpq understands it ("postgresql://…" or "host=… dbname=…").
  static Result<PgConnection> Open(const std::string& address);
  PgConnection(PgConnection&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)), prepared_(std::move(other.prepared_)) {}
  PgConnection& operator=(PgConnection&&) = delete;
  ~PgConnection();

  // Runs one statement; its rows go to `rows` where that is given. Answers how many rows it changed.
  Result<std::int64_t> Run(std::string_view sql, std::span<const Value> parameters, std::vector<Row>* rows);
  // A statement of the driver's own: BEGIN, COMMIT, SAVEPOINT…
  Result<void> Command(const char* sql);
  // False once the connection is lost.
  bool alive() const;
  // Whether a transaction is open that can go on.
  bool in_transaction() const;

 private:
  struct Prepared {
    std::string name;
  };
  explicit PgConnection(pg_conn* connection) : connection_(connection) {}
  Result<std::string> Prepare(std::string_view sql, std::span<const Value> parameters);
  Error ErrorOf(const pg_result* result, std::string_view what) const;

  pg_conn* connection_;
  std::unordered_map<std::string, Prepared> prepared_;
};

}  // namespace hanse::store
