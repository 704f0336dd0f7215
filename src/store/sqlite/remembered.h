#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/store.h"

namespace hanse::store {

// The answers of Transaction::Recall, each as long as no table that it was read from changes. Exact: a transaction gets an answer
// only where its own snapshot would give the same one.
//   A moment is the number of commits that have ended. A transaction notes it before it takes its snapshot. Where no commit to a
//   table has begun since the earlier one of two moments, both snapshots hold the same table.
// Bounded: large answers are not kept, and all go when there are too many. Any thread.
class Remembered {
 public:
  using Tables = std::set<std::string, std::less<>>;
  static constexpr std::size_t kAnswerBytesMax = 64 * 1024, kBytesMax = 64 << 20;

  static std::string KeyOf(std::string_view sql, std::span<const Value> parameters);

  std::int64_t Now() const;
  // Whether no commit has ended since, nor is under way.
  bool StillAt(std::int64_t moment) const;
  std::optional<std::vector<Row>> Find(const std::string& key, const Tables& reads, std::int64_t moment) const;
  // Whether the tables are as they were at that moment.
  bool Holds(const Basis& basis) const;
  void Keep(std::string key, const Tables& reads, std::int64_t moment, const std::vector<Row>& rows);
  // Around each commit; ChangesEnd also where it failed.
  void ChangesBegin(const Tables& tables);
  void ChangesEnd(const Tables& tables);

 private:
  struct Answer {
    std::vector<Row> rows;
    std::int64_t moment;
  };

  bool Unchanged(const Tables& tables, std::int64_t since) const;

  mutable std::mutex mutex_;
  std::int64_t now_ = 1;
  int under_way_ = 0;
  std::unordered_map<std::string, std::int64_t> changed_;  // The moment after a table's last commit; the end of time during one.
  std::unordered_map<std::string, Answer> answers_;
  std::size_t bytes_ = 0;
};

}  // namespace hanse::store
