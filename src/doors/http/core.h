#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "doors/http/lanes.h"
#include "doors/http/server.h"

// Asio stands here: for the .cc files of this folder only.
namespace hanse::http {

class Connection;

// Threads for bodies under way: as many as there are streams, at most `threads_max`, kept for the next one. Any thread.
class StreamThreads {
 public:
  StreamThreads(std::size_t threads_max, std::size_t waiting_max) : threads_max_(threads_max), waiting_max_(waiting_max) {}
  ~StreamThreads();  // When nobody runs jobs any more.
  // False where too many wait already.
  bool Run(std::function<void()> job);
  std::size_t busy() const;
  void Join();  // After the last job; further ones are refused.

 private:
  void Work();

  const std::size_t threads_max_, waiting_max_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0, running_ = 0;
  bool ended_ = false;
};

// What the connections of a server share. A handler runs on the thread that read its request, and so few at once that each lane
// keeps a thread: accepting, reading and writing never wait for a handler.
class Core {
 public:
  Core(const Clock& clock, const Limits& limits)
      : clock(clock),
        limits(limits),
        streams(limits.streams_max, limits.waiting_streams_max),
        lanes(limits.workers),
        slots_(lanes.handlers_max()) {}

  void RunHandler(std::function<void()> job);
  // A count that grows by one each kTickMs: the time of all timeouts, read without a system call.
  static constexpr int kTickMs = 250;
  std::int64_t Tick() const { return tick_.load(std::memory_order_relaxed); }
  std::int64_t TicksOf(int ms) const { return ms / kTickMs + 1; }
  // Cuts the connections whose time is over.
  void Advance();

  // False where there are too many already.
  bool Add(Connection* connection);
  void Remove(Connection* connection);
  std::size_t connections() const;
  void ForEach(const std::function<void(Connection&)>& visit);
  bool WaitUntilEmpty(int deadline_ms);

  const Clock& clock;
  const Limits limits;
  std::atomic<bool> stopping{false};
  std::atomic<std::uint64_t> requests{0};

 private:
  std::atomic<std::int64_t> tick_{1};
  mutable std::mutex connections_mutex_;
  std::condition_variable empty_;
  std::unordered_set<Connection*> connections_;
  std::mutex slots_mutex_;
  std::deque<std::function<void()>> waiting_;

 public:
  // Below what their ends may still touch.
  StreamThreads streams;
  Lanes lanes;

 private:
  int slots_;
};

}  // namespace hanse::http
