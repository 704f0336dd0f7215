#pragma once
#include <memory>

#include "store/history.h"
#include "store/store.h"

namespace hanse::store {

// Makes the triggers that keep history (store/history.h), anew at each start, from the columns that the tables have now.
Result<void> KeepHistory(Store& store);

// The rows that decisions read as they were at a past moment, in a database of its own in `folder`, which goes with it. One thread.
class PastRows {
 public:
  // `now`: of the store of today. kNotFound where history does not reach back so far.
  static Result<std::unique_ptr<PastRows>> At(Transaction& now, TimeMs moment, const std::string& folder);
  // Ends what a process that was killed has left in the folder.
  static void Clear(const std::string& folder);
  ~PastRows();
  Transaction& tx() { return *tx_; }

 private:
  PastRows() = default;
  std::string path_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Transaction> tx_;  // Never committed.
};

}  // namespace hanse::store
