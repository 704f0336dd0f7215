#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "store/store.h"

namespace hanse::server {

// Forgets what the time machine knows of before so many days, once an hour, on a thread of its own from Start() on. With 0 days
// nothing is ever forgotten, and there is no thread.
class HistoryKeeper {
 public:
  HistoryKeeper(store::Store& store, const Clock& clock, int days) : store_(store), clock_(clock), days_(days) {}

  void Start();
  // All that is due now.
  Result<void> Run();

 private:
  store::Store& store_;
  const Clock& clock_;
  const int days_;
  std::mutex mutex_;
  std::condition_variable_any due_;
  std::jthread thread_;  // Last: it ends before what it uses.
};

}  // namespace hanse::server
