#include "doors/http/lanes.h"

#include <algorithm>

namespace hanse::http {
namespace {

constexpr int kQuietTicks = 100;  // Without a handler, after which the watcher sleeps.

}  // namespace

thread_local Lanes::Driver* Lanes::driver_ = nullptr;

Lanes::Lanes(int threads) : threads_max_(std::max(2, threads)) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  for (int i = 0; i < std::clamp(cores, 1, threads_max_ / 2); ++i) lanes_.push_back(std::make_unique<Lane>());
}

void Lanes::Start() {
  for (int i = 0; i < threads_max_; ++i) {
    Lane* lane = static_cast<std::size_t>(i) < lanes_.size() ? lanes_[static_cast<std::size_t>(i)].get() : nullptr;
    threads_.emplace_back([this, lane] { Work(lane); });
  }
  threads_.emplace_back([this] { Watch(); });
}

void Lanes::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_.store(true);
  }
  for (const auto& lane : lanes_) lane->io.stop();
  watcher_wakes_.notify_all();
  spares_wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

boost::asio::io_context& Lanes::Next() { return lanes_[next_.fetch_add(1, std::memory_order_relaxed) % lanes_.size()]->io; }

void Lanes::RunWatched(const std::function<void()>& job) {
  Driver* driver = driver_;
  if (driver == nullptr) return job();
  // The watcher looks at `since` after it has set `asleep_`, this thread the other way round: one of them sees the other.
  driver->since.store(tick_.load(std::memory_order_relaxed));
  if (asleep_.load()) {
    const std::lock_guard lock(mutex_);
    asleep_.store(false);
    watcher_wakes_.notify_one();
  }
  job();
  driver->since.store(0, std::memory_order_release);
}

void Lanes::Work(Lane* lane) {
  Driver driver;
  driver_ = &driver;
  while (true) {
    if (lane != nullptr) Drive(*lane, driver);
    std::unique_lock lock(mutex_);
    ++spares_;
    spares_wake_.wait(lock, [&] { return stopped_.load() || !orphans_.empty(); });
    --spares_;
    if (stopped_.load()) return;
    lane = orphans_.back();
    orphans_.pop_back();
    lane->driver.store(&driver);
  }
}

void Lanes::Drive(Lane& lane, Driver& driver) {
  Driver* none = nullptr;
  lane.driver.compare_exchange_strong(none, &driver);  // The first driver of all.
  while (!stopped_.load(std::memory_order_relaxed) && lane.driver.load(std::memory_order_acquire) == &driver) lane.io.run_one();
  // What this thread's last handler left to do lies in the lane's queue, of which its new driver was not told.
  boost::asio::post(lane.io, [] {});
}

bool Lanes::AnyHandler() const {
  return std::ranges::any_of(lanes_, [](const auto& lane) {
    const Driver* driver = lane->driver.load();
    return driver != nullptr && driver->since.load() != 0;
  });
}

void Lanes::Watch() {
  int quiet = 0;
  std::unique_lock lock(mutex_);
  while (!stopped_.load()) {
    if (quiet >= kQuietTicks) {
      asleep_.store(true);
      if (!AnyHandler()) watcher_wakes_.wait(lock, [&] { return stopped_.load() || !asleep_.load(); });
      asleep_.store(false);
      quiet = 0;
      continue;
    }
    watcher_wakes_.wait_for(lock, std::chrono::milliseconds(kTickMs));
    if (stopped_.load()) return;  // The drivers may be gone.
    tick_.fetch_add(1, std::memory_order_relaxed);
    quiet = AnyHandler() ? 0 : quiet + 1;
    PassOnStuck();
  }
}

// A lane whose driver has been in one handler for a whole tick goes to a spare.
void Lanes::PassOnStuck() {
  const std::int64_t now = tick_.load(std::memory_order_relaxed);
  for (const auto& lane : lanes_) {
    if (orphans_.size() >= spares_) return;
    const Driver* driver = lane->driver.load();
    if (driver == nullptr) continue;
    const std::int64_t since = driver->since.load();
    if (since == 0 || now - since < 2) continue;
    lane->driver.store(nullptr);
    orphans_.push_back(lane.get());
    spares_wake_.notify_one();
  }
}

}  // namespace hanse::http
