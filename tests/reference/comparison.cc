#include "tests/reference/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hanse::reference {
namespace {

std::string Cell(int row, const std::string& column) {
  auto value = ValueOf(row, column);
  return value ? std::to_string(*value) : "NULL";
}

Words WordsOf(policy::PermissionSet set) {
  auto names = policy::PermissionNames(set);
  return {names.begin(), names.end()};
}

template <class T>
void Differ(const char* what, const T& decided, const T& seen, std::string* text) {
  if (decided != seen) *text += fmt::format("{}: decided {}, expected {}\n", what, decided, seen);
}

}  // namespace

Comparison::Comparison(History& history) : history_(history) {
  history.lab().Write("CREATE TABLE sample (i BIGINT, a BIGINT, b BIGINT, c BIGINT, k BIGINT)");
  for (int row = 0; row < kRows; ++row) {
    history.lab().Write(fmt::format("INSERT INTO sample VALUES ({}, {}, {}, {}, {})", row, Cell(row, "a"), Cell(row, "b"),
                                    Cell(row, "c"), Cell(row, "k")));
  }
}

RowSet Comparison::RowsWhere(const std::string& sql) {
  if (sql.empty()) return kAllRows;
  auto known = known_.find(sql);
  if (known != known_.end()) return known->second;
  auto tx = *history_.lab().store_->BeginRead();
  RowSet rows = 0;
  const std::vector<store::Row> found = *tx->Query("SELECT i FROM sample WHERE " + sql);
  for (const store::Row& row : found) rows |= RowSet{1} << row.Int(0);
  return known_[sql] = rows;
}

TableSeen Comparison::Read(const policy::TableAccess& decided) {
  TableSeen seen{.permissions = WordsOf(decided.permissions), .visible = decided.visible, .readable = decided.readable};
  seen.columns = {decided.columns.begin(), decided.columns.end()};
  seen.described = {decided.described_columns.begin(), decided.described_columns.end()};
  if (seen.columns.empty()) return seen;
  seen.rows = RowsWhere(decided.row_filter);
  for (const std::string& column : seen.columns) {
    auto cells = decided.cell_filters.find(column);
    seen.cells[column] = cells == decided.cell_filters.end() ? seen.rows : seen.rows & RowsWhere(cells->second);
  }
  return seen;
}

std::string Comparison::Of(const policy::TableAccess& decided, const TableSeen& seen) {
  const TableSeen read = Read(decided);
  std::string text;
  Differ("permissions", read.permissions, seen.permissions, &text);
  Differ("visible", read.visible, seen.visible, &text);
  Differ("readable", read.readable, seen.readable, &text);
  Differ("columns", read.columns, seen.columns, &text);
  Differ("described", read.described, seen.described, &text);
  Differ("rows", read.rows, seen.rows, &text);
  Differ("cells", read.cells, seen.cells, &text);
  return text;
}

std::string Comparison::Of(const policy::DatabaseAccess& decided, const DatabaseSeen& seen) {
  std::string text;
  Differ("permissions", WordsOf(decided.permissions), seen.permissions, &text);
  Differ("visible", decided.visible, seen.visible, &text);
  return text;
}

}  // namespace hanse::reference
