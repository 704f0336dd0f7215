#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "governance/lake_feed.h"
#include "policy/lake_snapshot.h"
#include "store/follower.h"

namespace hanse::governance {

// Keeps the compiled snapshot of all grants, tags and tables in step with the store, from the rows as they stand and each commit's
// changes. A commit hands over its changes and goes on; a thread of the keeper's own makes the next snapshot of them. THE RULE: it
// is used only where it is exactly what the asking transaction would read; anywhere else (a transaction that has written, one that
// began before the last change, a change that is not compiled yet, a driver that tells of no changes) the rows decide. So nothing
// is ever stale. Any thread.
class LakeKeeper final : public store::Follower {
 public:
  // Rows that may wait to be compiled; with more it is cheaper to read all anew.
  static constexpr std::size_t kWaitingMax = 2'000'000;

  // Of one store, which outlives it and is to be told to Follow it.
  LakeKeeper();
  ~LakeKeeper() override;

  // Nothing where the rows must decide. The transaction depends on the snapshot's tables from here on (Transaction::basis).
  std::shared_ptr<const policy::LakeSnapshot> At(store::Transaction& tx) const;
  // Waits until all that it was told is compiled, or lost.
  void Settle() const;

  const std::vector<Table>& Tables() const override { return LakeFeed::Tables(); }
  bool WantsLoad() const override;
  void Load(std::unique_ptr<store::Transaction> tx, std::int64_t moment) override;
  void Changed(std::vector<store::RowChange> changes, std::int64_t moment) override;
  void Lost() override;

 private:
  struct Known {
    std::shared_ptr<const policy::LakeSnapshot> snapshot;
    store::Basis basis;
  };
  // What it was told and has not compiled: perhaps all anew, then changes.
  struct Told {
    std::unique_ptr<store::Transaction> all;
    std::vector<store::RowChange> changes;
    std::int64_t moment = 0;  // 0: nothing.
  };

  void Work();
  // Into `feed_`. Where it fails, what is known no more follows.
  Result<std::shared_ptr<const Known>> Compile(Told told);
  void Forget();

  std::unique_ptr<LakeFeed> feed_;  // Of the thread.
  mutable std::mutex mutex_;
  mutable std::condition_variable told_something_, settled_;
  Told told_;
  bool working_ = false, stopping_ = false, wants_load_ = true;
  std::uint64_t life_ = 0;              // Ends with each Lost(): what is compiled of an earlier one counts no more.
  std::shared_ptr<const Known> known_;  // Empty: nothing is known.
  std::thread thread_;
};

}  // namespace hanse::governance
