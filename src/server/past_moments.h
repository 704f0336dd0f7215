#pragma once
#include <string>

#include "steward/moment.h"
#include "store/sqlite/history.h"

namespace hanse::server {

// Past moments of the SQLite store, each in a database of its own below `folder`.
class PastMoments final : public steward::Moments {
 public:
  // What a server that was killed has left there goes.
  explicit PastMoments(std::string folder) : folder_(std::move(folder)) { store::PastRows::Clear(folder_); }
  Result<std::unique_ptr<steward::Moment>> At(store::Transaction& now, TimeMs at_ms) override {
    TRY_ASSIGN(auto rows, store::PastRows::At(now, at_ms, folder_));
    return std::unique_ptr<steward::Moment>(new Past(std::move(rows)));
  }

 private:
  struct Past final : steward::Moment {
    explicit Past(std::unique_ptr<store::PastRows> of) : rows(std::move(of)) {}
    store::Transaction& tx() override { return rows->tx(); }
    std::unique_ptr<store::PastRows> rows;
  };
  std::string folder_;
};

}  // namespace hanse::server
