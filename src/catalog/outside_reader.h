#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "gate/lake.h"

// Engines that read the files of a table themselves: what may they be told, and given (lakeformation.md, sections 6.1 and 6.2).
namespace hanse::catalog {

// In what way a caller's access is finer than the table as a whole, which nobody who holds the files can be kept to. Row policies
// belong here, as rows. INSERT and DELETE are of the whole table and let their holder read it (lakeformation.md, section 2.2): with
// them alone nothing is finer.
struct Finer {
  bool columns = false;  // Some are hidden.
  bool rows = false;     // Some are hidden, or some cells.
  bool any() const { return columns || rows; }
};
Finer FinerThanTable(const policy::TableAccess& access, const store::TableRow& table);

// kAccessDenied where the settings open nothing to this caller, or where it is not trusted and would have to apply columns or rows:
// what an untrusted one declares is worth nothing. PermissionTypeMismatchException where a trusted one does not declare that it can
// apply what is in force (`declared`: "COLUMN_PERMISSION" …).
Result<void> CheckOutsideReader(const gate::OutsideReading& may, const Finer& finer, const std::vector<std::string>& declared);

}  // namespace hanse::catalog
