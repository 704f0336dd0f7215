#include "catalog/background.h"

#include <chrono>

#include "base/log.h"

namespace hanse::catalog {
namespace {

constexpr TimeMs kMinuteMs = 60'000;
constexpr TimeMs kMinutesMadeUpFor = 15;

}  // namespace

void Background::Start(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this](const std::stop_token& stop) { TakeJobs(stop); });
  threads_.emplace_back([this](const std::stop_token& stop) { TellMinutes(stop); });
}

void Background::Stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  {
    std::lock_guard lock(mutex_);
    for (auto& [id, source] : running_) source.request_stop();
  }
  changed_.notify_all();
  threads_.clear();
}

void Background::Enqueue(Id job) {
  std::lock_guard lock(mutex_);
  waiting_.push_back(job);
  changed_.notify_all();
}

void Background::Cancel(Id job) {
  std::lock_guard lock(mutex_);
  if (auto found = running_.find(job); found != running_.end()) found->second.request_stop();
}

void Background::TakeJobs(const std::stop_token& stop) {
  while (true) {
    Id job = 0;
    std::stop_token cancelled;
    {
      std::unique_lock lock(mutex_);
      // Who still waits when the runner stops is not begun: the next start ends it.
      if (!changed_.wait(lock, stop, [&] { return !waiting_.empty(); }) || stop.stop_requested()) return;
      job = waiting_.front();
      waiting_.pop_front();
      cancelled = running_[job].get_token();
    }
    work_.RunOne(job, cancelled);
    std::lock_guard lock(mutex_);
    running_.erase(job);
  }
}

void Background::TellMinutes(const std::stop_token& stop) {
  TimeMs minute = clock_.NowMs() / kMinuteMs;
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, std::chrono::seconds(5), [] { return false; });
    }
    TimeMs now = clock_.NowMs() / kMinuteMs;
    if (now - minute > kMinutesMadeUpFor) minute = now - kMinutesMadeUpFor;
    for (; minute < now && !stop.stop_requested(); ++minute) {
      auto started = work_.StartDue((minute + 1) * kMinuteMs);
      if (!started) spdlog::warn("a schedule was not kept: {}", started.error().message);
    }
  }
}

}  // namespace hanse::catalog
