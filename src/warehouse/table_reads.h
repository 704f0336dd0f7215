#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "warehouse/table_copy.h"

namespace hanse::warehouse {

// Takes the rows of one table as they come, on a thread of its own. An error of it ends the read.
class RowSink {
 public:
  virtual ~RowSink() = default;
  // First: the fields' TypeNumbers.
  virtual Result<void> Types(const std::vector<unsigned>& types) = 0;
  // Of a binary COPY (PostgreSQL's manual, "COPY", "Binary Format").
  virtual Result<void> Bytes(std::string_view bytes) = 0;
  // Last.
  virtual void Ended(const Result<void>& how) = 0;
};

// What one query reads of one warehouse, as it was at one moment: each read has a connection and a thread of its own, all in one
// snapshot (REPEATABLE READ, READ ONLY; where the warehouse exports none, each sees its own moment). What still runs when this ends
// is stopped. One thread; each read has its own.
class TableReads {
 public:
  static constexpr std::size_t kReadsMax = 32;

  TableReads(Address address, std::string certificates) : address_(std::move(address)), certificates_(std::move(certificates)) {}
  ~TableReads();
  TableReads(const TableReads&) = delete;
  TableReads& operator=(const TableReads&) = delete;

  // Returns at once; what goes wrong is told to the sink.
  Result<void> Start(std::string schema, std::string table, std::vector<std::string> columns, std::unique_ptr<RowSink> sink);

  std::stop_token stop_token() const { return stop_.get_token(); }

 private:
  Result<Session> Take();
  Result<void> Begin(Session& session);
  Result<void> Read(const std::string& schema, const std::string& table, const std::vector<std::string>& columns, RowSink& sink);

  const Address address_;
  const std::string certificates_;
  std::stop_source stop_;
  std::mutex mutex_;                     // Of the sessions; held while one connects.
  std::optional<std::string> snapshot_;  // Of the first session, once it has begun; empty: none is exported.
  std::vector<Session> idle_;            // In their transactions: the first one's end would end the snapshot.
  std::vector<std::jthread> reads_;
};

}  // namespace hanse::warehouse
