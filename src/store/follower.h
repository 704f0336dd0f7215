#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "store/store.h"

namespace hanse::store {

// One row that a commit changed, with the columns that the follower asked for, in its order. `before` is empty where the row is
// new, `after` where it has gone.
struct RowChange {
  std::size_t table = 0;  // Its place in Follower::Tables().
  std::vector<Value> before, after;
};

// Keeps something made of the rows of a few tables in step with each commit, what cascades included. A driver that can (SQLite's)
// calls it, one call at a time, on the thread that commits and while others wait to commit: it takes what it is told and may work
// on it later, on a thread of its own. A moment is Basis::moment: what is made of all changes up to it is what a transaction reads
// that Shares({moment, the tables}).
class Follower {
 public:
  struct Table {
    std::string name;
    std::vector<std::string> columns;
  };
  virtual ~Follower() = default;
  virtual const std::vector<Table>& Tables() const = 0;
  // Whether Load must come before the next change.
  virtual bool WantsLoad() const = 0;
  // All there is at `moment`, as `tx` reads it; to be read when it likes.
  virtual void Load(std::unique_ptr<Transaction> tx, std::int64_t moment) = 0;
  // What a commit changed, in the order of its statements; none where it might have.
  virtual void Changed(std::vector<RowChange> changes, std::int64_t moment) = 0;
  // What it has may be wrong: it wants a Load.
  virtual void Lost() = 0;
};

}  // namespace hanse::store
