#include "store/store.h"

#include <cassert>

#include <fmt/format.h>

namespace hanse::store {

std::int64_t Row::Int(std::size_t column) const {
  const Value& value = values_.at(column);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  assert(null(column));
  return 0;
}

double Row::Double(std::size_t column) const {
  const Value& value = values_.at(column);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  assert(null(column));
  return 0;
}

const std::string& Row::Text(std::size_t column) const {
  static const std::string kEmpty;
  const Value& value = values_.at(column);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  assert(null(column));
  return kEmpty;
}

Result<Row> Transaction::One(std::string_view sql, std::initializer_list<Value> parameters) {
  TRY_ASSIGN(std::vector<Row> rows, Query(sql, parameters));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, "no such row");
  return std::move(rows.front());
}

Result<std::unique_ptr<Row>> Transaction::Maybe(std::string_view sql, std::initializer_list<Value> parameters) {
  TRY_ASSIGN(std::vector<Row> rows, Query(sql, parameters));
  if (rows.empty()) return std::unique_ptr<Row>();
  return std::make_unique<Row>(std::move(rows.front()));
}

Result<std::unique_ptr<Row>> Transaction::RecallMaybe(std::string_view sql, std::initializer_list<Value> parameters) {
  TRY_ASSIGN(std::vector<Row> rows, Recall(sql, parameters));
  if (rows.empty()) return std::unique_ptr<Row>();
  return std::make_unique<Row>(std::move(rows.front()));
}

Result<Id> Transaction::NewId() {
  TRY_ASSIGN(Row row, One("UPDATE counters SET value = value + 1 WHERE name = 'id' RETURNING value"));
  return row.Int(0);
}

Result<void> Migrate(Store& store) {
  TRY_ASSIGN(auto tx, store.BeginWrite());
  TRY(tx->Execute("CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL)"));
  TRY_ASSIGN(Row newest, tx->One("SELECT max(number) FROM migrations"));
  TRY(tx->Commit());
  std::int64_t done = newest.Int(0);
  std::span<const Migration> all = Migrations();
  if (!all.empty() && done > all.back().number) {
    return Fail(ErrorCode::kConflict,
                fmt::format("the store is at migration {}, this program knows {}: use a newer program", done, all.back().number));
  }
  for (const Migration& migration : all) {
    if (migration.number <= done) continue;
    TRY_ASSIGN(auto step, store.BeginWrite());
    std::string_view rest = migration.sql;
    while (!rest.empty()) {
      std::size_t end = rest.find(";\n");
      std::string_view statement = rest.substr(0, end);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
      if (statement.find_first_not_of(" \n\t\r") == std::string_view::npos) continue;
      TRY(step->Execute(statement));
    }
    TRY(step->Execute("INSERT INTO migrations (number, name) VALUES (?, ?)",
                      {static_cast<std::int64_t>(migration.number), std::string(migration.name)}));
    TRY(step->Commit());
  }
  return {};
}

}  // namespace hanse::store
