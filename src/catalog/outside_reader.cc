#include "catalog/outside_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::catalog {
namespace {

constexpr std::string_view kColumns = "COLUMN_PERMISSION", kCells = "CELL_FILTER_PERMISSION";

std::unexpected<Error> Mismatch(std::string_view lacking) {
  return FailAs(ErrorCode::kAccessDenied, "PermissionTypeMismatchException",
                fmt::format("The permissions in force are finer than the engine can apply: {} is needed.", lacking));
}

}  // namespace

Finer FinerThanTable(const policy::TableAccess& access, const store::TableRow& table) {
  if (!access.readable) return {.rows = access.restricted};
  return {.columns = !std::ranges::all_of(table.columns, [&](const std::string& name) { return Contains(access.columns, name); }),
          .rows = access.restricted || !access.row_filter.empty() || !access.cell_filters.empty()};
}

Result<void> CheckOutsideReader(const gate::OutsideReading& may, const Finer& finer, const std::vector<std::string>& declared) {
  if (!may.full_tables && !may.filters) {
    return Fail(ErrorCode::kAccessDenied, "The settings of the catalog give engines outside nothing.");
  }
  if (!finer.any()) return {};
  if (!may.filters) {
    return Fail(ErrorCode::kAccessDenied, "Only an authorized engine may read a table of which some columns or rows are hidden.");
  }
  if (finer.columns && !Contains(declared, kColumns)) return Mismatch(kColumns);
  if (finer.rows && !Contains(declared, kCells)) return Mismatch(kCells);
  return {};
}

}  // namespace hanse::catalog
