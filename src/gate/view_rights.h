#pragma once
#include "base/result.h"
#include "model/caller.h"
#include "store/directory.h"

namespace hanse::gate {

// What views with their definer's rights need to know beside gate::Lake. governance/ implements it. Any thread; answers as of the
// caller's transaction.
class ViewRights {
 public:
  virtual ~ViewRights() = default;
  // Whether the caller holds SELECT on the whole table with the grant option.
  virtual Result<bool> MayPassOn(store::Transaction& tx, const Caller& caller, const store::TableRow& table) const = 0;
  // Whether IAM_ALLOWED_PRINCIPALS holds anything on the table, or on all of its database: then IAM alone lets readers in.
  virtual Result<bool> IsOpenToIam(store::Transaction& tx, const store::TableRow& table) const = 0;
  // Whether it holds anything on the database itself.
  virtual Result<bool> IsOpenToIam(store::Transaction& tx, const store::DatabaseRow& database) const = 0;
};

}  // namespace hanse::gate
