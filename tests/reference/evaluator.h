#pragma once
#include <map>
#include <string>

#include "tests/reference/world.h"

// A second opinion about Lake Formation's decisions, slow and obvious, written from lakeformation.md (sections 2 to 5) and sharing
// nothing with policy/. Each function says what rule it is. Pure.
namespace hanse::reference {

struct TableSeen {
  Words permissions;  // On the table as a whole.
  bool visible = false, readable = false;
  Words columns, described;
  RowSet rows = 0;
  std::map<std::string, RowSet> cells;  // Of each column in `columns`: the rows in which its value is seen.
};
TableSeen SeenOf(const World& world, Id principal, const Table& table);

struct DatabaseSeen {
  Words permissions;
  bool visible = false;
};
DatabaseSeen SeenOf(const World& world, Id principal, const Database& database);

}  // namespace hanse::reference
