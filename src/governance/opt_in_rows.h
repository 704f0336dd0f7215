#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "governance/grant_rows.h"
#include "model/caller.h"
#include "store/store.h"

// Opt-ins in the store (lakeformation.md, section 2.10): whom Lake Formation governs on a database or table although
// IAM_ALLOWED_PRINCIPALS has ALL on it.
namespace hanse::governance {

struct OptInRow {
  Id id = 0;
  AccountId keeper, owner;
  std::string region;
  GrantKind kind = GrantKind::kTable;  // kDatabase, kTable or kAllTables.
  std::string resource_key;
  Id object = 0;
  std::string principal;  // A key as grantee.h writes it.
  Id principal_id = 0;
  std::string shown, condition;
  TimeMs updated_ms = 0;
  std::string updated_by;
};

// All that `keeper` keeps, in the order of ids after `after`, at most `limit`.
Result<std::vector<OptInRow>> OptInsOf(store::Transaction& tx, std::string_view keeper, std::string_view region, Id after,
                                       std::int64_t limit);
Result<void> AddOptIn(store::Transaction& tx, const OptInRow& row);
// Whether there was such a one.
Result<bool> DropOptIn(store::Transaction& tx, const OptInRow& like);

// Takes the rows of IAM_ALLOWED_PRINCIPALS away from `rows` where the caller has opted in. `objects`: the database of a question
// and, where it is about one, the table. Tables follow an opt-in for their database.
Result<void> ForgetIamWhereOptedIn(store::Transaction& tx, const Caller& caller, const std::vector<Id>& objects,
                                   std::vector<GrantRow>* rows);

}  // namespace hanse::governance
