#pragma once
#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "audit/journal.h"

namespace hanse::audit {

// For tests: a journal that keeps its records, and cannot be written while the test says so. Any thread may append.
class TestJournal final : public Journal {
 public:
  Result<void> Append(std::string_view record, Durability durability) override {
    std::lock_guard lock(mutex_);
    if (down) return Fail(ErrorCode::kUnavailable, "the journal is down");
    records.emplace_back(record);
    last = durability;
    return {};
  }
  void OutboxHasRows() override { ++woken; }
  std::vector<std::string> records;
  Durability last = Durability::kWritten;  // Of the last record.
  std::atomic<int> woken = 0;              // How often the outbox was told of.
  bool down = false;

 private:
  std::mutex mutex_;
};

}  // namespace hanse::audit
