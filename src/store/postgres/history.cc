#include "store/postgres/history.h"

#include <algorithm>

#include <fmt/format.h>

namespace hanse::store {
namespace {

// Milliseconds since 1970 by PostgreSQL's own clock.
constexpr std::string_view kNow = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

Result<TracedTable> Describe(Transaction& tx, std::string_view name) {
  TracedTable table{.name = std::string(name)};
  TRY_ASSIGN(auto rows, tx.Query("SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns "
                                 "WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position",
                                 {table.name}));
  for (const Row& row : rows) table.columns.push_back({row.Text(0), row.Text(1) == "text"});
  return table;
}

// Not quote_literal(), which writes backslashes in a way of its own.
std::string RowInLiterals(const TracedTable& table, std::string_view which) {
  std::string text;
  for (const std::string& column : DecidingColumns(table)) {
    bool quoted = std::ranges::find(table.columns, column, &TracedTable::Column::name)->text;
    std::string literal = quoted ? fmt::format("'''' || replace({}.{}, '''', '''''') || ''''", which, column)
                                 : fmt::format("CAST({}.{} AS TEXT)", which, column);
    text += fmt::format("{}'{}=' || coalesce({}, 'NULL') || ','", text.empty() ? "" : " || ", column, literal);
  }
  return text;
}

// Rewriting a row as it was, or its bulk alone, is no change.
std::string Function(const TracedTable& table) {
  return fmt::format(
      "CREATE OR REPLACE FUNCTION history_of_{0}() RETURNS trigger LANGUAGE plpgsql AS $history$ DECLARE was TEXT; becomes TEXT; "
      "BEGIN IF TG_OP <> 'INSERT' THEN was := {1}; END IF; IF TG_OP <> 'DELETE' THEN becomes := {2}; END IF; "
      "IF was IS DISTINCT FROM becomes THEN INSERT INTO history (seq, at_ms, table_name, before_row, after_row) VALUES "
      "((SELECT coalesce(max(seq), 0) + 1 FROM history), {3}, '{0}', was, becomes); END IF; RETURN NULL; END $history$",
      table.name, RowInLiterals(table, "OLD"), RowInLiterals(table, "NEW"), kNow);
}

}  // namespace

Result<void> KeepHistoryInPostgres(Store& store) {
  TRY_ASSIGN(auto tx, store.BeginWrite());
  TRY(MakeHistoryTable(*tx));
  // The first row says since when; it is of no table.
  TRY(tx->Execute(
      fmt::format("INSERT INTO history (seq, at_ms, table_name) VALUES (1, {}, '') ON CONFLICT (seq) DO NOTHING", kNow)));
  for (std::string_view name : TracedTables()) {
    TRY_ASSIGN(TracedTable table, Describe(*tx, name));
    if (table.columns.empty()) continue;
    TRY(tx->Execute(Function(table)));
    // A new trigger waits for all who read the table: only where there is none.
    TRY_ASSIGN(auto there, tx->Maybe("SELECT 1 FROM pg_trigger WHERE tgname = ?", {"history_of_" + table.name}));
    if (there) continue;
    TRY(
        tx->Execute(fmt::format("CREATE TRIGGER history_of_{0} AFTER INSERT OR UPDATE OR DELETE ON {0} FOR EACH ROW "
                                "EXECUTE FUNCTION history_of_{0}()",
                                table.name)));
  }
  return tx->Commit();
}

}  // namespace hanse::store
