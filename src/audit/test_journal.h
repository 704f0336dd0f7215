#pragma once
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "audit/journal.h"

namespace hanse::audit {

// For tests: a journal that keeps its records, and cannot be written while the test says so. Any thread may append.
class TestJournal final : public Journal {
 public:
  Result<void> Append(std::string_view record, Durability) override {
    std::lock_guard lock(mutex_);
    if (down) return Fail(ErrorCode::kUnavailable, "the journal is down");
    records.emplace_back(record);
    return {};
  }
  void OutboxHasRows() override {}
  std::vector<std::string> records;
  bool down = false;

 private:
  std::mutex mutex_;
};

}  // namespace hanse::audit
