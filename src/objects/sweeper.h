#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/result.h"
#include "blob/blobs.h"
#include "store/store.h"

namespace hanse::objects {

// Takes away bytes that no row names: those in the trash, after a while in which readers of the row of before have opened them, and
// those that a crash left without a row. Forgets what changes.h need not know any more. One background thread from Start() to
// Stop(); what it cannot do now, it does later.
class Sweeper {
 public:
  static constexpr TimeMs kGraceMs = 60'000;
  static constexpr TimeMs kForgetEveryMs = 3'600'000;
  static constexpr std::int64_t kBatch = 500;

  Sweeper(store::Store& store, blob::Blobs& blobs, const Clock& clock) : store_(store), blobs_(blobs), clock_(clock) {}
  ~Sweeper() { Stop(); }

  void Start();
  void Stop();

  // Deletes what has lain in the trash for kGraceMs; how many blobs went.
  Result<std::int64_t> EmptyTrash();
  Result<void> ForgetOldRemovals();
  // Deletes blobs that were made before `made_before_ms` and that no row names; how many went. At start, before requests are taken,
  // the moment of the start will do; later it must lie further back than any upload lasts.
  Result<std::int64_t> DeleteOrphans(TimeMs made_before_ms);

 private:
  void Run();
  Result<bool> IsNamed(store::Transaction& tx, const blob::BlobId& blob);

  store::Store& store_;
  blob::Blobs& blobs_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace hanse::objects
