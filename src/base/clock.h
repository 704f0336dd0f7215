#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace hanse {

// A moment in UTC, in milliseconds since 1970.
using TimeMs = std::int64_t;

// Where every folder reads the time. Tests move it; nothing else in the server asks the operating system. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimeMs NowMs() const = 0;
};

class SystemClock final : public Clock {
 public:
  TimeMs NowMs() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  }
};

// A clock that stands until it is moved.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimeMs now_ms = 1'700'000'000'000) : now_ms_(now_ms) {}
  TimeMs NowMs() const override { return now_ms_.load(); }
  void Advance(std::int64_t by_ms) { now_ms_.fetch_add(by_ms); }

 private:
  std::atomic<TimeMs> now_ms_;
};

// "2026-01-02T03:04:05Z", and with milliseconds "2026-01-02T03:04:05.678Z".
std::string FormatIso8601(TimeMs at, bool milliseconds = false);
// "20260102T030405Z", as SigV4 writes a moment.
std::string FormatIso8601Basic(TimeMs at);
// "Fri, 02 Jan 2026 03:04:05 GMT" (RFC 9110, section 5.6.7).
std::string FormatHttpDate(TimeMs at);
// Reads any of the three forms above (fractions of a second allowed); false where it is none of them.
bool ParseTime(const std::string& text, TimeMs* at);

}  // namespace hanse
