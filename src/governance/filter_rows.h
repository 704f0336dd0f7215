#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/lake_decide.h"
#include "store/store.h"

// Data cells filters in the store (lakeformation.md, section 4.1).
namespace hanse::governance {

struct FilterRow {
  Id id = 0, table = 0;
  AccountId account;  // Who made it: the table's owner, or a consumer for its own principals.
  std::string name;
  std::string rows;  // As it was written; empty: all rows.
  policy::ColumnList list = policy::ColumnList::kAllBut;
  std::vector<std::string> columns;  // Lower case.
  std::int64_t version = 0;
};

Result<std::optional<FilterRow>> FindFilter(store::Transaction& tx, Id table, std::string_view account, std::string_view name);
Result<std::optional<FilterRow>> FindFilterById(store::Transaction& tx, Id id);
// Of one account on one table (0: on any), in the order of ids after `after`.
Result<std::vector<FilterRow>> ListFilters(store::Transaction& tx, std::string_view account, Id table, Id after,
                                           std::int64_t limit);
// A row with id 0 is new.
Result<void> StoreFilter(store::Transaction& tx, const FilterRow& filter);

}  // namespace hanse::governance
