#include "server/history_keeper.h"

#include <chrono>

#include <spdlog/spdlog.h>

#include "store/history.h"

namespace hanse::server {
namespace {

constexpr TimeMs kDayMs = 24LL * 60 * 60 * 1000;

}  // namespace

void HistoryKeeper::Start() {
  if (days_ == 0) return;
  thread_ = std::jthread([this](std::stop_token stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      if (auto done = Run(); !done) spdlog::warn("history that is due: {}", done.error().message);
      due_.wait_for(lock, stop, std::chrono::hours(1), [] { return false; });
    }
  });
}

Result<void> HistoryKeeper::Run() {
  if (days_ == 0) return {};
  for (bool more = true; more;) {
    TRY_ASSIGN(more, store::ForgetHistory(store_, clock_.NowMs() - days_ * kDayMs));
  }
  return {};
}

}  // namespace hanse::server
