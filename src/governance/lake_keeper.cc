#include "governance/lake_keeper.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.h"

namespace hanse::governance {
namespace {

store::Basis BasisAt(std::int64_t moment) {
  store::Basis basis{moment, {}};
  for (const auto& table : LakeFeed::Tables()) basis.tables.insert(table.name);
  return basis;
}

}  // namespace

LakeKeeper::LakeKeeper() : thread_([this] { Work(); }) {}

LakeKeeper::~LakeKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  told_something_.notify_all();
  thread_.join();
}

std::shared_ptr<const policy::LakeSnapshot> LakeKeeper::At(store::Transaction& tx) const {
  std::shared_ptr<const Known> known;
  {
    const std::lock_guard lock(mutex_);
    known = known_;
  }
  return known && tx.Shares(known->basis) ? known->snapshot : nullptr;
}

void LakeKeeper::Settle() const {
  std::unique_lock lock(mutex_);
  settled_.wait(lock, [&] { return !working_ && told_.moment == 0; });
}

bool LakeKeeper::WantsLoad() const {
  const std::lock_guard lock(mutex_);
  return wants_load_;
}

void LakeKeeper::Load(std::unique_ptr<store::Transaction> tx, std::int64_t moment) {
  {
    const std::lock_guard lock(mutex_);
    Forget();
    wants_load_ = false;
    told_.all = std::move(tx);
    told_.moment = moment;
  }
  told_something_.notify_one();
}

void LakeKeeper::Changed(std::vector<store::RowChange> changes, std::int64_t moment) {
  {
    const std::lock_guard lock(mutex_);
    if (wants_load_) return;
    if (told_.changes.empty()) {
      told_.changes = std::move(changes);
    } else {
      std::ranges::move(changes, std::back_inserter(told_.changes));
    }
    told_.moment = moment;
    if (told_.changes.size() > kWaitingMax) Forget();
  }
  told_something_.notify_one();
}

void LakeKeeper::Lost() {
  const std::lock_guard lock(mutex_);
  Forget();
}

// The lock is held.
void LakeKeeper::Forget() {
  ++life_;
  wants_load_ = true;
  told_ = {};
  known_.reset();
}

void LakeKeeper::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    working_ = false;
    settled_.notify_all();
    told_something_.wait(lock, [&] { return stopping_ || told_.moment != 0; });
    if (stopping_) return;
    working_ = true;
    Told told = std::exchange(told_, {});
    const std::uint64_t life = life_;
    lock.unlock();
    auto known = Compile(std::move(told));
    lock.lock();
    if (life != life_) continue;
    if (!known) {
      Forget();
      continue;
    }
    known_.swap(*known);
    lock.unlock();
    known->reset();  // The one before may be large, and its last holder this thread.
    lock.lock();
  }
}

Result<std::shared_ptr<const LakeKeeper::Known>> LakeKeeper::Compile(Told told) {
  if (told.all) {
    feed_ = std::make_unique<LakeFeed>();
    if (auto read = feed_->Read(*told.all); !read) {
      spdlog::error("governance: grants and tags could not be read to be compiled: {}", read.error().message);
      return std::unexpected(std::move(read).error());
    }
  }
  told.all.reset();
  feed_->Take(std::move(told.changes));
  TRY_ASSIGN(auto snapshot, feed_->Publish());
  return std::make_shared<const Known>(Known{std::move(snapshot), BasisAt(told.moment)});
}

}  // namespace hanse::governance
