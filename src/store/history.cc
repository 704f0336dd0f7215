#include "store/history.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "base/text.h"

namespace hanse::store {
namespace {

constexpr std::int64_t kBatch = 2000;

// In the order in which their rows refer to one another.
constexpr std::string_view kTraced[] = {"organizations",
                                        "organizational_units",
                                        "organization_services",
                                        "delegated_administrators",
                                        "organization_policy_types",
                                        "organization_policies",
                                        "organization_policy_targets",
                                        "accounts",
                                        "principals",
                                        "saml_providers",
                                        "iam_policies",
                                        "iam_policy_versions",
                                        "iam_inline_policies",
                                        "iam_attachments",
                                        "iam_group_members",
                                        "catalog_databases",
                                        "catalog_tables",
                                        "catalog_policies",
                                        "lf_settings",
                                        "lf_admins",
                                        "lf_tags",
                                        "lf_tag_values",
                                        "lf_assignments",
                                        "lf_expressions",
                                        "lf_filters",
                                        "lf_locations",
                                        "lf_row_policies",
                                        "lf_row_attachments",
                                        "lf_opt_ins",
                                        "ram_shares",
                                        "ram_principals",
                                        "lf_grants"};

// What no decision reads: definitions of tables grow with every commit.
constexpr std::string_view kBulk[] = {"catalog_tables.definition", "catalog_tables.version", "catalog_databases.definition",
                                      "saml_providers.metadata"};

using Fields = std::map<std::string, Value>;          // Of one row, by column.
using Key = std::pair<std::string, std::string>;      // (table, its key as text)
using Former = std::map<Key, std::optional<Fields>>;  // What a row was at the moment; nothing: it was not there.

// For a bulk column of a row that is gone: nobody reads it, but it may not be NULL.
Value BulkStandIn(const TracedTable::Column& column) { return column.text ? Value(std::string("{}")) : Value(std::int64_t{0}); }

std::string KeyOf(const TracedTable& table, const Fields& row) {
  std::string key;
  for (const std::string& column : table.key) {
    auto found = row.find(column);
    const auto* text = found == row.end() ? nullptr : std::get_if<std::string>(&found->second);
    const auto* number = found == row.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
    key += text ? std::to_string(text->size()) + ":" + *text : number ? "#" + std::to_string(*number) : "-";
    key += ",";
  }
  return key;
}

std::unexpected<Error> Unreadable() { return Fail(ErrorCode::kInternal, "a row of history cannot be read"); }

// A literal of SQL at `at`: NULL, a whole number, or a text in quotes, a quote in it twice.
Result<Value> ReadLiteral(std::string_view text, std::size_t* at) {
  if (text.substr(*at).starts_with("NULL")) {
    *at += 4;
    return Value();
  }
  if (*at < text.size() && text[*at] == '\'') {
    std::string value;
    for (++*at; *at < text.size(); ++*at) {
      if (text[*at] == '\'' && (*at + 1 == text.size() || text[*at + 1] != '\'')) break;
      if (text[*at] == '\'') ++*at;
      value.push_back(text[*at]);
    }
    if (*at >= text.size()) return Unreadable();
    ++*at;
    return Value(std::move(value));
  }
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data() + *at, text.data() + text.size(), number);
  if (error != std::errc()) return Unreadable();
  *at = static_cast<std::size_t>(end - text.data());
  return Value(number);
}

// "column=literal," for each column.
Result<std::optional<Fields>> ReadFields(const Row& row, std::size_t column) {
  if (row.null(column)) return std::optional<Fields>();
  const std::string& text = row.Text(column);
  Fields fields;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::size_t equals = text.find('=', at);
    if (equals == std::string::npos) return Unreadable();
    std::string name = text.substr(at, equals - at);
    at = equals + 1;
    TRY_ASSIGN(fields[name], ReadLiteral(text, &at));
    if (at >= text.size() || text[at] != ',') return Unreadable();
  }
  return std::optional(std::move(fields));
}

const TracedTable* Find(const std::vector<TracedTable>& tables, std::string_view name) {
  auto found = std::ranges::find(tables, name, &TracedTable::name);
  return found == tables.end() ? nullptr : &*found;
}

// The first change of a row after the moment says what it was at the moment.
Result<Former> FormerRows(Transaction& from, TimeMs moment, const std::vector<TracedTable>& tables) {
  Former former;
  std::int64_t after = 0;
  while (true) {
    TRY_ASSIGN(auto rows, from.Query("SELECT seq, table_name, before_row, after_row FROM history WHERE seq > ? AND at_ms > ? "
                                     "ORDER BY seq LIMIT ?",
                                     {after, moment, kBatch}));
    for (const Row& row : rows) {
      after = row.Int(0);
      const TracedTable* table = Find(tables, row.Text(1));
      if (table == nullptr) continue;
      TRY_ASSIGN(auto before, ReadFields(row, 2));
      TRY_ASSIGN(auto now, ReadFields(row, 3));
      if (before) former.try_emplace({table->name, KeyOf(*table, *before)}, before);
      if (now) former.try_emplace({table->name, KeyOf(*table, *now)}, std::nullopt);  // Where it is new, or has a new key.
    }
    if (rows.size() < static_cast<std::size_t>(kBatch)) return former;
  }
}

Value ColumnOf(const Row& row, std::size_t at, bool text) {
  if (row.null(at)) return {};
  return text ? Value(row.Text(at)) : Value(row.Int(at));
}

// Reads and writes a table by its columns.
struct Statements {
  std::string list, insert;
  explicit Statements(const TracedTable& table) {
    std::string marks;
    for (const TracedTable::Column& column : table.columns) {
      list += (list.empty() ? "" : ", ") + column.name;
      marks += marks.empty() ? "?" : ", ?";
    }
    insert = "INSERT INTO " + table.name + " (" + list + ") VALUES (" + marks + ")";
  }
};

std::string KeyOfValues(const TracedTable& table, const std::vector<Value>& values) {
  Fields row;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (Contains(table.key, table.columns[i].name)) row[table.columns[i].name] = values[i];
  }
  return KeyOf(table, row);
}

// In steps by offset within one snapshot: tables are copied whole.
Result<void> CopyTable(Transaction& from, const TracedTable& table, const Former& former, Transaction& into) {
  Statements sql(table);
  std::string order = Join(table.key, ", ");
  for (std::int64_t offset = 0;; offset += kBatch) {
    TRY_ASSIGN(auto rows, from.Query("SELECT " + sql.list + " FROM " + table.name + " ORDER BY " + order + " LIMIT ? OFFSET ?",
                                     {kBatch, offset}));
    for (const Row& row : rows) {
      std::vector<Value> values;
      for (std::size_t i = 0; i < table.columns.size(); ++i) values.push_back(ColumnOf(row, i, table.columns[i].text));
      if (former.contains({table.name, KeyOfValues(table, values)})) continue;
      TRY(into.Execute(sql.insert, values));
    }
    if (rows.size() < static_cast<std::size_t>(kBatch)) break;
  }
  for (auto at = former.lower_bound({table.name, ""}); at != former.end() && at->first.first == table.name; ++at) {
    if (!at->second) continue;
    std::vector<Value> values;
    for (const TracedTable::Column& column : table.columns) {
      auto found = at->second->find(column.name);
      bool bulk = Contains(kBulk, table.name + "." + column.name);
      values.push_back(found != at->second->end() ? found->second : bulk ? BulkStandIn(column) : Value());
    }
    TRY(into.Execute(sql.insert, values));
  }
  return {};
}

}  // namespace

std::span<const std::string_view> TracedTables() { return kTraced; }

Result<void> MakeHistoryTable(Transaction& tx) {
  TRY(
      tx.Execute("CREATE TABLE IF NOT EXISTS history (seq BIGINT PRIMARY KEY, at_ms BIGINT NOT NULL, table_name TEXT NOT NULL, "
                 "before_row TEXT, after_row TEXT)"));
  TRY(tx.Execute("CREATE INDEX IF NOT EXISTS history_by_time ON history (at_ms, seq)"));
  return {};
}

Result<std::optional<TimeMs>> HistoryBegins(Transaction& tx) {
  auto row = tx.Maybe("SELECT at_ms FROM history WHERE seq = 1");
  if (!row || !*row) return std::optional<TimeMs>();
  return std::optional<TimeMs>((*row)->Int(0));
}

Result<bool> ForgetHistory(Store& store, TimeMs before) {
  constexpr std::int64_t kAtOnce = 5000;
  TRY_ASSIGN(auto tx, store.BeginWrite());
  TRY(tx->Execute("UPDATE history SET at_ms = ? WHERE seq = 1 AND at_ms < ?", {before, before}));
  TRY_ASSIGN(
      std::int64_t forgotten,
      tx->Execute("DELETE FROM history WHERE seq IN (SELECT seq FROM history WHERE seq > 1 AND at_ms < ? ORDER BY at_ms LIMIT ?)",
                  {before, kAtOnce}));
  TRY(tx->Commit());
  return forgotten == kAtOnce;
}

std::vector<std::string> DecidingColumns(const TracedTable& table) {
  std::vector<std::string> names;
  for (const TracedTable::Column& column : table.columns) {
    if (!Contains(kBulk, table.name + "." + column.name)) names.push_back(column.name);
  }
  return names;
}

Result<void> CopyAsOf(Transaction& from, TimeMs moment, const std::vector<TracedTable>& tables, Transaction& into) {
  TRY_ASSIGN(Former former, FormerRows(from, moment, tables));
  for (std::string_view name : kTraced) {
    const TracedTable* table = Find(tables, name);
    if (table != nullptr) TRY(CopyTable(from, *table, former, into));
  }
  return {};
}

}  // namespace hanse::store
