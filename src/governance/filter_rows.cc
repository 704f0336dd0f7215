#include "governance/filter_rows.h"

#include "base/text.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

constexpr std::string_view kSelectFilter =
    "SELECT id, table_id, account, name, row_expression, list, columns, version FROM lf_filters ";

Result<std::vector<FilterRow>> AllFilters(store::Transaction& tx, std::string_view where,
                                          std::span<const store::Value> parameters) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kSelectFilter) + std::string(where), parameters));
  std::vector<FilterRow> filters;
  for (const store::Row& row : rows) {
    FilterRow filter{row.Int(0), row.Int(1), row.Text(2), row.Text(3), row.Text(4)};
    filter.list = row.Text(5) == "only" ? policy::ColumnList::kOnly : policy::ColumnList::kAllBut;
    if (!row.Text(6).empty()) filter.columns = Split(row.Text(6), '\n');
    filter.version = row.Int(7);
    filters.push_back(std::move(filter));
  }
  return filters;
}

Result<std::optional<FilterRow>> FirstFilter(Result<std::vector<FilterRow>> filters) {
  if (!filters) return std::unexpected(std::move(filters).error());
  if (filters->empty()) return std::optional<FilterRow>();
  return std::optional<FilterRow>(std::move(filters->front()));
}

}  // namespace

Result<std::optional<FilterRow>> FindFilter(store::Transaction& tx, Id table, std::string_view account, std::string_view name) {
  store::Value parameters[] = {table, std::string(account), std::string(name)};
  return FirstFilter(AllFilters(tx, "WHERE table_id = ? AND account = ? AND name = ?", parameters));
}

Result<std::optional<FilterRow>> FindFilterById(store::Transaction& tx, Id id) {
  store::Value parameters[] = {id};
  return FirstFilter(AllFilters(tx, "WHERE id = ?", parameters));
}

Result<std::vector<FilterRow>> ListFilters(store::Transaction& tx, std::string_view account, Id table, Id after,
                                           std::int64_t limit) {
  store::Value parameters[] = {std::string(account), table, table, after, limit};
  return AllFilters(tx, "WHERE account = ? AND (? = 0 OR table_id = ?) AND id > ? ORDER BY id LIMIT ?", parameters);
}

Result<void> StoreFilter(store::Transaction& tx, const FilterRow& filter) {
  std::string list = filter.list == policy::ColumnList::kOnly ? "only" : "all_but", columns = Join(filter.columns, "\n");
  if (filter.id == 0) {
    TRY_ASSIGN(Id id, store::NewThing(tx, "filter"));
    TRY(
        tx.Execute("INSERT INTO lf_filters (id, table_id, account, name, row_expression, list, columns, version) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                   {id, filter.table, filter.account, filter.name, filter.rows, list, columns, filter.version}));
  } else {
    TRY(tx.Execute("UPDATE lf_filters SET row_expression = ?, list = ?, columns = ?, version = ? WHERE id = ?",
                   {filter.rows, list, columns, filter.version, filter.id}));
  }
  return {};
}

}  // namespace hanse::governance
