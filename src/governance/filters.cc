#include "governance/filters.h"

#include <algorithm>

#include "base/text.h"
#include "governance/filter_rows.h"
#include "governance/office.h"
#include "governance/page.h"
#include "governance/refusals.h"
#include "governance/rights.h"
#include "policy/lake_filter.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;
using policy::Permission;

// A table and what the caller may see and pass on of it.
struct Filtered {
  store::TableRow table;
  bool administers = false;      // Of the table's own account.
  policy::TableAccess may_pass;  // What may be granted on: columns of it may stand in a filter.
};

// A table on which the caller may make filters: an administrator, or SELECT with the grant option (section 4.3); across accounts
// what the owner gave, in which case a filter may name no other columns. Missing and hidden read the same.
Result<Filtered> Open(const gate::Call& call, const std::string& account, const std::string& database, const std::string& name) {
  TRY_ASSIGN(auto in, store::FindDatabase(call.tx(), account, call.info().region, database));
  std::optional<store::TableRow> table;
  if (in) {
    TRY_ASSIGN(table, store::FindTable(call.tx(), in->id, name));
  }
  if (!table) return NoSuch(kNoEntity);
  Filtered filtered{std::move(*table), false, {}};
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), account, call.info().region));
  filtered.administers = office == Office::kAdmin;
  TRY_ASSIGN(policy::TableAccess held, RightsOnTable(call.tx(), call.caller(), filtered.table, Which::kHeld));
  if (!held.visible) return NoSuch(kNoEntity);
  TRY_ASSIGN(filtered.may_pass, RightsOnTable(call.tx(), call.caller(), filtered.table, Which::kGrantable));
  return filtered;
}

Result<void> MayMake(const gate::Call& call, const Filtered& filtered) {
  if (filtered.table.target) return Invalid("Resource links carry no filters");
  bool whole = filtered.may_pass.permissions.Has(Permission::kSelect);
  bool foreign = call.caller().account != filtered.table.account;
  if (filtered.administers || whole || (foreign && filtered.may_pass.readable)) return {};
  return Insufficient("Select with grant option on " + filtered.table.name);
}

// The columns that a filter may name.
std::vector<std::string> Nameable(const gate::Call& call, const Filtered& filtered) {
  if (call.caller().account != filtered.table.account) return filtered.may_pass.columns;
  std::vector<std::string> all = filtered.table.columns;
  all.insert(all.end(), filtered.table.keys.begin(), filtered.table.keys.end());
  return all;
}

Result<std::vector<std::string>> ReadColumns(const std::vector<std::string>& names, const std::vector<std::string>& known) {
  std::vector<std::string> columns;
  for (const std::string& name : names) {
    columns.push_back(Lower(name));
    if (std::ranges::find(known, columns.back()) == known.end()) return Invalid("There is no column " + name);
  }
  std::ranges::sort(columns);
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

// Rows and columns as the client wrote them, checked (sections 4.1 and 4.2).
Result<void> Read(const gate::Call& call, const Filtered& filtered, const lf::DataCellsFilter& in, FilterRow* filter) {
  std::vector<std::string> known = Nameable(call, filtered), names = in.column_names.value_or(std::vector<std::string>());
  if (names.empty() == !in.column_wildcard) return Invalid("Exactly one of ColumnNames and ColumnWildcard must be present");
  filter->list = in.column_wildcard ? policy::ColumnList::kAllBut : policy::ColumnList::kOnly;
  if (in.column_wildcard) names = in.column_wildcard->excluded_column_names.value_or(std::vector<std::string>());
  TRY_ASSIGN(filter->columns, ReadColumns(names, known));
  for (const std::string& key : filtered.table.keys) {
    bool excluded = in.column_wildcard && std::ranges::find(filter->columns, key) != filter->columns.end();
    if (excluded) return Invalid("Partition keys cannot be excluded: " + key);
  }
  const lf::RowFilter rows = in.row_filter.value_or(lf::RowFilter());
  std::string expression(Trim(rows.filter_expression.value_or("")));
  bool all = rows.all_rows_wildcard.has_value() && (expression.empty() || EqualsIgnoreCase(expression, "TRUE"));
  if (rows.all_rows_wildcard && !all) return Invalid("Only one of FilterExpression and AllRowsWildcard may be given");
  if (!all && expression.empty()) return Invalid("RowFilter must have FilterExpression or AllRowsWildcard");
  if (!all) {
    std::vector<std::string> columns, keys;
    for (const std::string& name : known) {
      bool key = std::ranges::find(filtered.table.keys, name) != filtered.table.keys.end();
      (key ? keys : columns).push_back(name);
    }
    auto parsed = policy::ParseRowExpression(expression, columns, keys);
    if (!parsed) return std::unexpected(std::move(parsed).error());
  }
  filter->rows = all ? "" : expression;
  return {};
}

lf::DataCellsFilter Shown(const store::TableRow& table, const FilterRow& row) {
  lf::DataCellsFilter filter;
  filter.table_catalog_id = table.account;
  filter.database_name = table.database_name;
  filter.table_name = table.name;
  filter.name = row.name;
  filter.row_filter.emplace();
  filter.row_filter->filter_expression = row.rows.empty() ? "TRUE" : row.rows;
  if (row.rows.empty()) filter.row_filter->all_rows_wildcard.emplace();
  if (row.list == policy::ColumnList::kOnly) {
    filter.column_names = row.columns;
  } else {
    filter.column_wildcard.emplace();
    if (!row.columns.empty()) filter.column_wildcard->excluded_column_names = row.columns;
  }
  filter.version_id = std::to_string(row.version);
  return filter;
}

// Filters of the caller's account, and for who may make filters there those of the owner. Others learn of none.
Result<FilterRow> Find(const gate::Call& call, const Filtered& filtered, const std::string& name) {
  TRY_ASSIGN(auto filter, FindFilter(call.tx(), filtered.table.id, call.caller().account, name));
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), call.caller().account, call.info().region));
  bool sees = office != Office::kNone || filtered.may_pass.permissions.Has(Permission::kSelect);
  if (!filter || !sees) return NoSuch(kNoEntity);
  return std::move(*filter);
}

}  // namespace

Result<CreateDataCellsFilter::Answer> Filters::Do(const gate::Authorized<CreateDataCellsFilter>& call) {
  const lf::DataCellsFilter in = call->in.table_data.value_or(lf::DataCellsFilter());
  TRY_ASSIGN(Filtered filtered, Open(call, in.table_catalog_id.value_or(call.caller().account), in.database_name.value_or(""),
                                     in.table_name.value_or("")));
  TRY(MayMake(call, filtered));
  FilterRow filter{0, filtered.table.id, call.caller().account, in.name.value_or("")};
  TRY(Read(call, filtered, in, &filter));
  TRY_ASSIGN(auto there, FindFilter(call.tx(), filter.table, filter.account, filter.name));
  if (there) return Fail(ErrorCode::kAlreadyExists, "Cell Filter already exists: " + filter.name);
  TRY(StoreFilter(call.tx(), filter));
  return CreateDataCellsFilter::Answer();
}

Result<UpdateDataCellsFilter::Answer> Filters::Do(const gate::Authorized<UpdateDataCellsFilter>& call) {
  const lf::DataCellsFilter in = call->in.table_data.value_or(lf::DataCellsFilter());
  TRY_ASSIGN(Filtered filtered, Open(call, in.table_catalog_id.value_or(call.caller().account), in.database_name.value_or(""),
                                     in.table_name.value_or("")));
  TRY(MayMake(call, filtered));
  TRY_ASSIGN(FilterRow filter, Find(call, filtered, in.name.value_or("")));
  if (in.version_id && *in.version_id != std::to_string(filter.version)) {
    return FailAs(ErrorCode::kConflict, "ConcurrentModificationException",
                  "The filter was changed since version " + *in.version_id);
  }
  TRY(Read(call, filtered, in, &filter));
  ++filter.version;
  TRY(StoreFilter(call.tx(), filter));
  return UpdateDataCellsFilter::Answer();
}

Result<GetDataCellsFilter::Answer> Filters::Do(const gate::Authorized<GetDataCellsFilter>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(Filtered filtered, Open(call, in.table_catalog_id.value_or(call.caller().account), in.database_name.value_or(""),
                                     in.table_name.value_or("")));
  TRY_ASSIGN(FilterRow filter, Find(call, filtered, in.name.value_or("")));
  return GetDataCellsFilter::Answer{.data_cells_filter = Shown(filtered.table, filter)};
}

Result<DeleteDataCellsFilter::Answer> Filters::Do(const gate::Authorized<DeleteDataCellsFilter>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(Filtered filtered, Open(call, in.table_catalog_id.value_or(call.caller().account), in.database_name.value_or(""),
                                     in.table_name.value_or("")));
  TRY(MayMake(call, filtered));
  TRY_ASSIGN(FilterRow filter, Find(call, filtered, in.name.value_or("")));
  // A deletion must never widen what is seen, nor leave grants that name nothing.
  TRY_ASSIGN(auto used, call.tx().Maybe("SELECT id FROM lf_grants WHERE filter_id = ? LIMIT 1", {filter.id}));
  if (used) return Invalid("The filter is in use: revoke the grants on it first");
  TRY(store::DeleteThing(call.tx(), filter.id));
  return DeleteDataCellsFilter::Answer();
}

Result<ListDataCellsFilter::Answer> Filters::Do(const gate::Authorized<ListDataCellsFilter>& call) {
  const auto& in = call->in;
  std::size_t most = PageSize(in.max_results, 1000);
  TRY_ASSIGN(std::string cursor, PageCursor("ListDataCellsFilter", in.next_token));
  TRY_ASSIGN(Id after, CursorId(cursor));
  ListDataCellsFilter::Answer answer;
  answer.data_cells_filters.emplace();
  Id one = 0;
  if (in.table) {
    TRY_ASSIGN(Filtered filtered, Open(call, in.table->catalog_id.value_or(call.caller().account),
                                       in.table->database_name.value_or(""), in.table->name.value_or("")));
    one = filtered.table.id;
  }
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), call.caller().account, call.info().region));
  TRY_ASSIGN(auto rows, ListFilters(call.tx(), call.caller().account, one, after, static_cast<std::int64_t>(most)));
  for (const FilterRow& row : rows) {
    TRY_ASSIGN(auto table, store::FindTableById(call.tx(), row.table));
    if (!table || table->region != call.info().region) continue;
    bool sees = office != Office::kNone;
    if (!sees) {
      TRY_ASSIGN(policy::TableAccess may, RightsOnTable(call.tx(), call.caller(), *table, Which::kGrantable));
      sees = may.permissions.Has(Permission::kSelect);
    }
    if (sees) answer.data_cells_filters->push_back(Shown(*table, row));
  }
  if (rows.size() == most) answer.next_token = PageToken("ListDataCellsFilter", std::to_string(rows.back().id));
  return answer;
}

}  // namespace hanse::governance
