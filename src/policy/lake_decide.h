#pragma once
#include <map>
#include <string>
#include <vector>

#include "policy/lake.h"
#include "policy/lake_row_policy.h"
#include "policy/lake_tags.h"

// Lake Formation's decision about one table (lakeformation.md, sections 2.14, 3.4 and 4.4; lakeformation-2026.md). Grants only add;
// there is no deny. A cell is seen where one of the grants that cover its column lets its row through; a row is seen where one of
// its cells is. Across accounts both sides must show a cell: what the owner gave to the account, and what the account gave to the
// caller. Row-level security policies only take: of the rows that grants show those are seen for which every policy holds. Pure: no
// I/O, no clock, no state. What it is told is all there is; a grant that it cannot understand gives nothing, a policy leaves
// nothing.
namespace hanse::policy {

// What a grant reaches of a table.
enum class Reach {
  kTable,    // All of it: named, by the wildcard of its database, or by a setting.
  kColumns,  // Columns by name, or all but some.
  kCells,    // The same, in the rows of a data cells filter.
  kTags,     // What carries the tags of an expression: column by column.
};

enum class ColumnList { kOnly, kAllBut };

// A grant that counts for the caller: its principal is one of the caller's, its condition holds, its share is open.
struct Holding {
  Reach reach = Reach::kTable;
  PermissionSet permissions;
  ColumnList list = ColumnList::kOnly;
  std::vector<std::string> columns;  // Of kColumns and kCells, lower case.
  std::string rows;                  // Of kCells: the filter's expression as it was written; empty: all rows.
  TagExpression expression;          // Of kTags.
  std::string reason;
};

// Whose policy binds the caller: the owner's binds everybody, a consumer's its own principals.
enum class Side { kOwner, kConsumer };

struct Restriction {
  RowPolicy policy;
  Side side = Side::kOwner;
  std::string reason;
};

struct TableFacts {
  std::vector<std::string> columns, keys;    // Lower case, in the table's order; keys: partition keys.
  Tags tags;                                 // Of the table, its database's included.
  std::map<std::string, Tags> column_tags;   // What columns carry themselves.
  std::vector<Holding> own;                  // What the caller holds from the owner: of its own account, or straight across.
  std::vector<Holding> local, ceiling;       // Across accounts: from its own account, and that account's from the owner.
  std::vector<Restriction> restrictions;     // All that bind the caller; each must hold.
  std::map<std::string, std::string> types;  // Of columns and keys; needed where there are restrictions.
  bool describes_all = false;                // An administrator: sees the metadata of everything in its catalog.
};

TableAccess DecideTable(const TableFacts& facts);

// All permissions that a table knows, which is what ALL stands for.
PermissionSet TablePermissions();
PermissionSet DatabasePermissions();
// ALL spelled out, and DESCRIBE wherever there is anything.
PermissionSet Expand(PermissionSet set, PermissionSet all);

}  // namespace hanse::policy
