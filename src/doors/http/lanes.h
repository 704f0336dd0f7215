#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "doors/http/asio.h"

// Asio stands here: for the .cc files of this folder only.
namespace hanse::http {

// The threads that read, handle and write. A lane is an io_context that one thread drives; connections are dealt to the lanes in
// turn. A handler runs on the lane's own thread, so that a quick request costs no switch between threads. Where one takes long, a
// watcher gives the lane to a spare thread within `2 * kTickMs`, and the slow thread becomes a spare when it is done: reading and
// writing go on whatever handlers do. Any thread, but for Start and Stop.
class Lanes {
 public:
  static constexpr int kTickMs = 2;

  // `threads` at least 2. As many lanes as there are cores, and at most half of the threads.
  explicit Lanes(int threads);
  ~Lanes() { Stop(); }

  void Start();
  // Abandons what is under way; returns when all threads have ended.
  void Stop();

  boost::asio::io_context& first() { return lanes_.front()->io; }
  boost::asio::io_context& Next();
  // How many handlers may run at once so that each lane still has a thread.
  int handlers_max() const { return threads_max_ - static_cast<int>(lanes_.size()); }
  // Runs a handler on this thread, watched where the thread drives a lane.
  void RunWatched(const std::function<void()>& job);

 private:
  struct Driver {
    std::atomic<std::int64_t> since{0};  // The tick in which its handler began; 0: in none.
  };
  struct Lane {
    boost::asio::io_context io{1};  // One thread at a time: Asio wakes no other for an event.
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
    std::atomic<Driver*> driver{nullptr};
  };

  void Work(Lane* lane);
  void Drive(Lane& lane, Driver& driver);
  void Watch();
  bool AnyHandler() const;
  void PassOnStuck();

  static thread_local Driver* driver_;

  const int threads_max_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::int64_t> tick_{1};
  std::atomic<bool> asleep_{false}, stopped_{false};
  std::mutex mutex_;
  std::condition_variable watcher_wakes_, spares_wake_;
  std::vector<Lane*> orphans_;  // Lanes that wait for a spare to take them.
  std::size_t spares_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace hanse::http
