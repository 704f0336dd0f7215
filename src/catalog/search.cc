#include "catalog/search.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/definition.h"

namespace hanse::catalog {
namespace {

using wire::glue::PropertyPredicate;
using wire::glue::SortCriterion;
using wire::glue::Table;

// A property by its name in filters and sort criteria; nothing where a table has no such thing.
std::optional<std::string> Property(const Table& table, const std::string& key) {
  std::string name = Lower(key);
  if (name == "name") return table.name;
  if (name == "databasename") return table.database_name;
  if (name == "description") return table.description;
  if (name == "owner") return table.owner;
  if (name == "tabletype") return table.table_type;
  if (name == "catalogid") return table.catalog_id;
  if (name == "createtime" || name == "updatetime") {
    const auto& at = name == "createtime" ? table.create_time : table.update_time;
    return at ? std::optional(FormatIso8601(at->ms)) : std::nullopt;
  }
  if (!table.parameters) return std::nullopt;
  auto found = table.parameters->find(key);
  return found == table.parameters->end() ? std::nullopt : std::optional(found->second);
}

bool Holds(const Table& table, const PropertyPredicate& filter) {
  auto value = Property(table, filter.key.value_or(""));
  if (!value) return false;
  const std::string wanted = filter.value.value_or("");
  const std::string comparator = filter.comparator.value_or("EQUALS");
  int order = value->compare(wanted);
  if (comparator == "GREATER_THAN") return order > 0;
  if (comparator == "LESS_THAN") return order < 0;
  if (comparator == "GREATER_THAN_EQUALS") return order >= 0;
  if (comparator == "LESS_THAN_EQUALS") return order <= 0;
  return EqualsIgnoreCase(*value, wanted);
}

// All that is searched of a table, a line each, in lower case.
std::string Text(const Table& table) {
  std::string text;
  auto add = [&](const std::string& part) { text += Lower(part) + "\n"; };
  for (const auto* part : {&table.name, &table.description, &table.owner, &table.database_name}) {
    if (*part) add(**part);
  }
  auto columns = [&](const std::optional<std::vector<wire::glue::Column>>& list) {
    for (const auto& column : list.value_or(std::vector<wire::glue::Column>())) {
      add(column.name.value_or(""));
      add(column.comment.value_or(""));
    }
  };
  if (table.storage_descriptor) columns(table.storage_descriptor->columns);
  columns(table.partition_keys);
  for (const auto& [key, value] : table.parameters.value_or(std::map<std::string, std::string>())) add(key + "=" + value);
  return text;
}

// A quoted text must be there as it is; else every word must.
bool Mentions(const Table& table, std::string_view search) {
  std::string_view trimmed = Trim(search);
  if (trimmed.empty()) return true;
  std::string text = Text(table);
  if (trimmed.size() > 2 && trimmed.front() == '"' && trimmed.back() == '"') {
    return text.find(Lower(trimmed.substr(1, trimmed.size() - 2))) != std::string::npos;
  }
  for (const std::string& word : Split(Lower(trimmed), ' ')) {
    if (!word.empty() && text.find(word) == std::string::npos) return false;
  }
  return true;
}

void Sort(const std::vector<SortCriterion>& criteria, std::vector<Table>* tables) {
  std::stable_sort(tables->begin(), tables->end(), [&](const Table& a, const Table& b) {
    for (const SortCriterion& by : criteria) {
      int order =
          Property(a, by.field_name.value_or("")).value_or("").compare(Property(b, by.field_name.value_or("")).value_or(""));
      if (order != 0) return by.sort.value_or("ASC") == "DESC" ? order > 0 : order < 0;
    }
    return false;
  });
}

// Where a scan goes on: after this account, database and table.
struct SearchCursor {
  std::string account, database, table;
};

SearchCursor ReadSearchCursor(const std::string& text) {
  auto parts = Split(text, '\n');
  return parts.size() == 3 ? SearchCursor{parts[0], parts[1], parts[2]} : SearchCursor();
}

constexpr std::size_t kSearchedAtOnce = 200;

// Of other accounts, in the order of accounts, databases and names.
Result<std::vector<store::TableRow>> NextForeign(store::Transaction& tx, std::string_view region, const AccountId& own,
                                                 const SearchCursor& after) {
  TRY_ASSIGN(auto rows,
             tx.Query("SELECT id FROM catalog_tables WHERE region = ? AND account <> ? AND (account > ? OR (account = ? AND "
                      "(database_name > ? OR (database_name = ? AND name > ?)))) ORDER BY account, database_name, name LIMIT ?",
                      {std::string(region), own, after.account, after.account, after.database, after.database, after.table,
                       static_cast<std::int64_t>(kSearchedAtOnce)}));
  std::vector<store::TableRow> found;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto table, store::FindTableById(tx, row.Int(0)));
    if (table) found.push_back(std::move(*table));
  }
  return found;
}

}  // namespace

Result<std::vector<gate::Need>> SearchTables::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:SearchTables", context, in.catalog_id, "*", "*");
}

Result<SearchTables::Answer> Search::Do(const gate::Authorized<SearchTables>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  const std::string share = in.resource_share_type.value_or("");
  const auto criteria = in.sort_criteria.value_or(std::vector<SortCriterion>());
  const auto filters = in.filters.value_or(std::vector<PropertyPredicate>());
  const std::string list = fmt::format("SearchTables/{}/{}/{}/{}", call.caller().unique_id, call.info().region, account, share);
  TRY_ASSIGN(std::string token, pages_.Cursor(list, in.next_token));
  const std::size_t page = PageSize(in.max_results, kPageMax);

  // A sorted list is found whole at each page and counted off; any other goes on where the page before it stopped.
  std::size_t skip = 0;
  SearchCursor cursor;
  if (criteria.empty()) {
    cursor = ReadSearchCursor(token);
  } else {
    std::from_chars(token.data(), token.data() + token.size(), skip);
  }
  SearchTables::Answer answer{.table_list = std::vector<Table>()};
  std::size_t scanned = 0;
  const bool foreign = share == "FOREIGN" || share == "ALL";
  for (bool own_only : {true, false}) {
    if ((own_only && share == "FOREIGN") || (!own_only && !foreign)) continue;
    if (own_only && !cursor.account.empty() && cursor.account != account) continue;
    SearchCursor at = cursor;
    while (true) {
      TRY_ASSIGN(auto rows, own_only ? access_.NextTablesOf(call, account, at.database, at.table, kSearchedAtOnce)
                                     : NextForeign(call.tx(), call.info().region, account, at));
      if (rows.empty()) break;
      for (const store::TableRow& row : rows) {
        if (criteria.empty() && (answer.table_list->size() == page || scanned == kTablesMax)) {
          answer.next_token = pages_.Next(list, fmt::format("{}\n{}\n{}", at.account, at.database, at.table));
          return answer;
        }
        if (scanned == kTablesMax)
          return Fail(ErrorCode::kInvalidArgument, "There are too many tables for SortCriteria; use Filters.");
        at = {row.account, row.database_name, row.name};
        ++scanned;
        OpenedTable opened{.table = row};
        TRY_ASSIGN(opened.access, access_.lake().OnTable(call.tx(), call.caller(), row));
        if (!opened.access.visible) continue;
        TRY_ASSIGN(Table shown, ShownTable(opened));
        bool fits = std::all_of(filters.begin(), filters.end(), [&](const auto& filter) { return Holds(shown, filter); });
        if (fits && Mentions(shown, in.search_text.value_or(""))) answer.table_list->push_back(std::move(shown));
      }
    }
    cursor = {};
  }
  if (criteria.empty()) return answer;
  Sort(criteria, &*answer.table_list);
  auto& tables = *answer.table_list;
  tables.erase(tables.begin(), tables.begin() + static_cast<std::ptrdiff_t>(std::min(skip, tables.size())));
  if (tables.size() > page) {
    tables.resize(page);
    answer.next_token = pages_.Next(list, std::to_string(skip + page));
  }
  return answer;
}

}  // namespace hanse::catalog
