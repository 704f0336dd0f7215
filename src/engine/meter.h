#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>

namespace hanse::engine {

// How much a query has read: the plaintext bytes that its scans asked of objects, each range of an object counted once
// (lakeformation.md 8.4). It stands below every cache, so that a warm query counts what a cold one does. Any thread.
class Meter {
 public:
  // 0: no limit.
  explicit Meter(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  // Counts a read before it happens; false where the query may not read that much.
  bool Add(std::uint64_t object, std::uint64_t offset, std::uint64_t bytes);
  std::uint64_t bytes() const { return bytes_.load(); }
  bool exceeded() const { return exceeded_.load(); }

 private:
  std::mutex mutex_;
  std::map<std::uint64_t, std::map<std::uint64_t, std::uint64_t>> read_;  // Object -> begin -> end, disjoint and not touching.
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<bool> exceeded_{false};
  std::uint64_t bytes_max_;
};

}  // namespace hanse::engine
