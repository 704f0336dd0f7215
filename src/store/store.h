#pragma once
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "model/caller.h"

// What must not be lost: rows in a relational database. Two drivers (store/sqlite, store/postgres) run the same SQL; the domain
// folders write it, in the portable part that both understand:
//   TEXT, BIGINT and DOUBLE PRECISION columns only (truth values are 0 and 1, structures are JSON text); '?' for parameters;
//   INSERT … ON CONFLICT (…) DO UPDATE SET …; RETURNING; LIMIT/OFFSET; no AUTOINCREMENT (ids come from NewId), no dialect
//   functions.
namespace hanse::store {

using Value = std::variant<std::monostate, std::int64_t, double, std::string>;  // monostate is NULL.

// One row of an answer. Columns by number, as the SELECT lists them; reading one as another type than it has is our mistake
// (assert).
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  bool null(std::size_t column) const { return std::holds_alternative<std::monostate>(values_[column]); }
  std::int64_t Int(std::size_t column) const;         // NULL reads as 0.
  double Double(std::size_t column) const;            // NULL reads as 0.
  const std::string& Text(std::size_t column) const;  // NULL reads as "".
  std::size_t size() const { return values_.size(); }
  // Of a text; 0 for the rest.
  std::size_t bytes(std::size_t column) const {
    const auto* text = std::get_if<std::string>(&values_[column]);
    return text ? text->size() : 0;
  }

 private:
  std::vector<Value> values_;
};

// What a transaction's answers were made of: the tables that it has read, and the moment of its snapshot as its store counts
// them; 0 where the driver keeps no count.
struct Basis {
  std::int64_t moment = 0;
  std::set<std::string, std::less<>> tables;
};

// A transaction: all its writes become durable together at Commit(), or none does. What it read stays as it was until its end.
// One thread at a time. Ends without effect when destroyed before Commit(). Errors: kConflict (a unique key exists already, or
// another transaction came first), kUnavailable (the database cannot: disk full, connection lost), kInternal (our SQL is wrong).
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual Result<std::vector<Row>> Query(std::string_view sql, std::span<const Value> parameters) = 0;
  // As Query, for small facts that request after request asks for (who calls, which policies hold): a driver may remember the
  // answer for as long as this transaction's snapshot would give the same.
  virtual Result<std::vector<Row>> Recall(std::string_view sql, std::span<const Value> parameters) {
    return Query(sql, parameters);
  }
  // Of all answers so far. Of a read transaction.
  virtual Basis basis() const { return {}; }
  // Whether this transaction would get the answers that an earlier one got; then they count as read by it. False where the driver
  // cannot tell.
  virtual bool Shares(const Basis&) { return false; }
  // How many rows it changed.
  virtual Result<std::int64_t> Execute(std::string_view sql, std::span<const Value> parameters) = 0;
  // Returns when the writes are on disk.
  virtual Result<void> Commit() = 0;

  Result<std::vector<Row>> Query(std::string_view sql, std::initializer_list<Value> parameters = {}) {
    return Query(sql, std::span<const Value>(parameters.begin(), parameters.size()));
  }
  Result<std::vector<Row>> Recall(std::string_view sql, std::initializer_list<Value> parameters) {
    return Recall(sql, std::span<const Value>(parameters.begin(), parameters.size()));
  }
  // The first row of Recall, or nothing.
  Result<std::unique_ptr<Row>> RecallMaybe(std::string_view sql, std::initializer_list<Value> parameters = {});
  Result<std::int64_t> Execute(std::string_view sql, std::initializer_list<Value> parameters = {}) {
    return Execute(sql, std::span<const Value>(parameters.begin(), parameters.size()));
  }
  // The first row; kNotFound (with no text for callers) where there is none.
  Result<Row> One(std::string_view sql, std::initializer_list<Value> parameters = {});
  // The first row, or nothing.
  Result<std::unique_ptr<Row>> Maybe(std::string_view sql, std::initializer_list<Value> parameters = {});
  // An id that no thing of this store has had or will have.
  Result<Id> NewId();
};

// The database. Any thread may begin transactions; it outlives them.
class Store {
 public:
  virtual ~Store() = default;
  virtual Result<std::unique_ptr<Transaction>> BeginRead() = 0;
  // One writer at a time: waits for the one before it. Reads its own and all committed writes.
  virtual Result<std::unique_ptr<Transaction>> BeginWrite() = 0;
  // Whether a transaction that began now would get the same answers. False where it cannot tell.
  virtual bool Holds(const Basis&) const { return false; }
};

// The numbered migrations, compiled in from store/migrations/NNNN_name.sql; applied in order, each in a transaction of its own.
struct Migration {
  int number = 0;
  std::string_view name;
  std::string_view sql;  // Statements separated by ";\n".
};
std::span<const Migration> Migrations();

// Brings the database up to the newest migration. Refuses (kConflict) a database that a newer program has written.
Result<void> Migrate(Store& store);

}  // namespace hanse::store
