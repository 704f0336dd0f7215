#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace hanse::store {

// One row that a commit changed, with the columns that the follower asked for, in its order. `before` is empty where the row is
// new, `after` where it has gone.
struct RowChange {
  std::size_t table = 0;  // Its place in Follower::Tables().
  std::vector<Value> before, after;
};

// Keeps something made of the rows of a few tables in step with each commit, what cascades included. A driver that can (SQLite's)
// calls it, one call at a time, on the thread that commits. A moment is Basis::moment: what is followed is as it was at the moment
// for as long as Store::Holds({moment, the tables}), for transactions whose own moment is not before it.
class Follower {
 public:
  struct Table {
    std::string name;
    std::vector<std::string> columns;
  };
  virtual ~Follower() = default;
  virtual const std::vector<Table>& Tables() const = 0;
  // All there is, as `tx` reads it, which holds from `moment` on. Where it fails nothing is known until it is asked again.
  virtual Result<void> Load(Transaction& tx, std::int64_t moment) = 0;
  // What a commit changed, in the order of its statements; none where it might have.
  virtual void Changed(std::span<const RowChange> changes, std::int64_t moment) = 0;
  // What it has may be wrong: Load comes before the next change.
  virtual void Lost() = 0;
};

}  // namespace hanse::store
