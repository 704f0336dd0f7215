#include "doors/http/core.h"

#include "doors/http/connection.h"

namespace hanse::http {

StreamThreads::~StreamThreads() { Join(); }

bool StreamThreads::Run(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  if (ended_ || running_ + waiting_.size() >= threads_max_ + waiting_max_) return false;
  waiting_.push_back(std::move(job));
  if (idle_ >= waiting_.size() || threads_.size() >= threads_max_) {
    wake_.notify_one();
  } else {
    threads_.emplace_back([this] { Work(); });
  }
  return true;
}

void StreamThreads::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    wake_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
    --idle_;
    if (waiting_.empty()) return;
    std::function<void()> job = std::move(waiting_.front());
    waiting_.pop_front();
    ++running_;
    lock.unlock();
    job();
    job = nullptr;  // What it held is let go outside of the lock.
    lock.lock();
    --running_;
  }
}

std::size_t StreamThreads::busy() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

void StreamThreads::Join() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    threads.swap(threads_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

void Core::RunHandler(std::function<void()> job) {
  {
    const std::lock_guard lock(slots_mutex_);
    if (slots_ == 0) {
      waiting_.push_back(std::move(job));  // At most one for each connection.
      return;
    }
    --slots_;
  }
  lanes.RunWatched(job);
  const std::lock_guard lock(slots_mutex_);
  ++slots_;
  if (waiting_.empty()) return;
  boost::asio::post(lanes.Next(), [this, next = std::move(waiting_.front())]() mutable { RunHandler(std::move(next)); });
  waiting_.pop_front();
}

void Core::Advance() {
  const std::int64_t now = tick_.fetch_add(1, std::memory_order_relaxed) + 1;
  ForEach([now](Connection& connection) { connection.CutIfLate(now); });
}

bool Core::Add(Connection* connection) {
  const std::lock_guard lock(connections_mutex_);
  if (connections_.size() >= limits.connections_max) return false;
  connections_.insert(connection);
  return true;
}

void Core::Remove(Connection* connection) {
  const std::lock_guard lock(connections_mutex_);
  connections_.erase(connection);
  if (connections_.empty()) empty_.notify_all();
}

std::size_t Core::connections() const {
  const std::lock_guard lock(connections_mutex_);
  return connections_.size();
}

void Core::ForEach(const std::function<void(Connection&)>& visit) {
  const std::lock_guard lock(connections_mutex_);
  for (Connection* connection : connections_) visit(*connection);
}

bool Core::WaitUntilEmpty(int deadline_ms) {
  std::unique_lock lock(connections_mutex_);
  return empty_.wait_for(lock, std::chrono::milliseconds(deadline_ms), [&] { return connections_.empty(); });
}

}  // namespace hanse::http
