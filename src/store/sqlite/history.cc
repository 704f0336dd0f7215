#include "store/sqlite/history.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/text.h"
#include "store/sqlite/sqlite_store.h"

namespace hanse::store {
namespace {

constexpr std::string_view kFolder = "past-";

// Milliseconds since 1970 by SQLite's own clock.
constexpr std::string_view kNow = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

Result<std::vector<TracedTable>> Describe(Transaction& tx) {
  std::vector<TracedTable> tables;
  for (std::string_view name : TracedTables()) {
    TracedTable table{.name = std::string(name)};
    TRY_ASSIGN(auto rows, tx.Query("SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", {table.name}));
    for (const Row& row : rows) {
      table.columns.push_back({row.Text(0), row.Text(1) == "TEXT"});
      if (row.Int(2) > 0) table.key.push_back(row.Text(0));
    }
    if (!table.columns.empty()) tables.push_back(std::move(table));
  }
  return tables;
}

// (JSON's functions are not to be had in triggers of a schema that is not trusted.)
std::string RowInLiterals(const TracedTable& table, std::string_view which) {
  std::string text;
  for (const std::string& column : DecidingColumns(table)) {
    text += fmt::format("{}'{}=' || quote({}.{}) || ','", text.empty() ? "" : " || ", column, which, column);
  }
  return text;
}

Result<void> MakeTrigger(Transaction& tx, const TracedTable& table, std::string_view event, std::string_view when,
                         const std::string& before, const std::string& after) {
  std::string name = fmt::format("history_{}_{}", table.name, Lower(event));
  std::string sql = fmt::format(
      "CREATE TRIGGER {} AFTER {} ON {} {} BEGIN INSERT INTO history (seq, at_ms, table_name, before_row, after_row) "
      "VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM history), {}, '{}', {}, {}); END",
      name, event, table.name, when, kNow, table.name, before, after);
  TRY_ASSIGN(auto there, tx.Maybe("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", {name}));
  if (there && there->Text(0) == sql) return {};
  TRY(tx.Execute(fmt::format("DROP TRIGGER IF EXISTS {}", name)));
  TRY(tx.Execute(sql));
  return {};
}

// Rewriting a row as it was, or its bulk alone, is no change.
std::string WhenChanged(const TracedTable& table) {
  std::string any;
  for (const std::string& column : DecidingColumns(table)) {
    any += fmt::format("{}OLD.{} IS NOT NEW.{}", any.empty() ? "" : " OR ", column, column);
  }
  return "WHEN " + any;
}

}  // namespace

Result<void> KeepHistory(Store& store) {
  TRY_ASSIGN(auto tx, store.BeginWrite());
  TRY(MakeHistoryTable(*tx));
  // The first row says since when; it is of no table.
  TRY(tx->Execute(
      fmt::format("INSERT INTO history (seq, at_ms, table_name) VALUES (1, {}, '') ON CONFLICT (seq) DO NOTHING", kNow)));
  TRY_ASSIGN(auto tables, Describe(*tx));
  for (const TracedTable& table : tables) {
    std::string before = RowInLiterals(table, "OLD"), after = RowInLiterals(table, "NEW");
    TRY(MakeTrigger(*tx, table, "INSERT", "", "NULL", after));
    TRY(MakeTrigger(*tx, table, "UPDATE", WhenChanged(table), before, after));
    TRY(MakeTrigger(*tx, table, "DELETE", "", before, "NULL"));
  }
  return tx->Commit();
}

Result<std::unique_ptr<PastRows>> PastRows::At(Transaction& now, TimeMs moment, const std::string& folder) {
  TRY_ASSIGN(auto begins, HistoryBegins(now));
  if (!begins) return Fail(ErrorCode::kNotFound, "no history is kept");
  if (moment < *begins) {
    return Fail(ErrorCode::kNotFound, fmt::format("history begins at {}: of before nothing is known", FormatIso8601(*begins)));
  }
  std::string form = fmt::format("{}/{}XXXXXX", folder, kFolder);
  if (mkdtemp(form.data()) == nullptr) return Fail(ErrorCode::kUnavailable, "no room for the rows of the past");
  auto past = std::unique_ptr<PastRows>(new PastRows);
  past->path_ = form;
  TRY_ASSIGN(past->store_, SqliteStore::Open(form + "/rows.db"));
  TRY(Migrate(*past->store_));
  TRY_ASSIGN(past->tx_, past->store_->BeginWrite());
  // Rows refer to things that are not copied; nothing here is ever committed.
  TRY(past->tx_->Execute("PRAGMA defer_foreign_keys = ON"));
  for (std::string_view table : TracedTables()) TRY(past->tx_->Execute(fmt::format("DELETE FROM {}", table)));
  TRY_ASSIGN(auto tables, Describe(*past->tx_));
  TRY(CopyAsOf(now, moment, tables, *past->tx_));
  return past;
}

void PastRows::Clear(const std::string& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().starts_with(kFolder)) std::filesystem::remove_all(entry.path(), ignored);
  }
}

PastRows::~PastRows() {
  tx_.reset();
  store_.reset();
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace hanse::store
