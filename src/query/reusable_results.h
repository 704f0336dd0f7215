#pragma once
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "query/execution_store.h"
#include "query/grounds.h"

namespace hanse::query {

// An answer that was given, and all that it rests on.
struct GivenAnswer {
  std::string path;  // Of its file: "s3://bucket/key".
  std::uint64_t bytes = 0;
  std::vector<wire::athena::ColumnInfo> columns;
  std::uint64_t rows = 0;
  std::vector<TableGround> grounds;
  TimeMs given_ms = 0;
};

// The last answers, by who asked what where. In memory and bounded: who finds nothing runs his query. It decides nothing; whether
// an answer may be given again is asked of its grounds. Any thread.
class ReusableResults {
 public:
  static constexpr std::size_t kKeptMax = 4096;
  static constexpr std::size_t kTablesMax = 64;  // Of one answer.

  // The key of an execution: caller, account, region, workgroup, database, statement and parameters.
  static std::string KeyOf(const Execution& execution);
  void Keep(const std::string& key, GivenAnswer answer);
  std::optional<GivenAnswer> Find(const std::string& key) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, GivenAnswer> answers_;
  std::deque<std::string> order_;  // Oldest first.
};

}  // namespace hanse::query
