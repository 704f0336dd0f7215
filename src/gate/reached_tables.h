#pragma once
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/caller.h"
#include "policy/lake.h"
#include "store/directory.h"

namespace hanse::gate {

// What spares a list the question about every table (gate::Lake::OnTable). governance/ implements it beside gate::Lake. Any thread;
// answers as of the caller's transaction.
class ReachedTables {
 public:
  virtual ~ReachedTables() = default;
  // Tables of a database, in the order of names, after `after`, at most `limit`: all that the caller sees are among them, some that
  // it does not see may be; OnTable knows. Nothing where each table must be asked about.
  virtual Result<std::optional<std::vector<Id>>> Reached(store::Transaction& tx, const Caller& caller,
                                                         const store::DatabaseRow& database, std::string_view after,
                                                         std::size_t limit) const = 0;
  // Of each of these tables of a database, in their order, what OnTable answers: what is the same for all is found once.
  virtual Result<std::vector<policy::TableAccess>> OnTables(store::Transaction& tx, const Caller& caller,
                                                            const store::DatabaseRow& database,
                                                            std::span<const store::TableRow> tables) const = 0;
};

}  // namespace hanse::gate
