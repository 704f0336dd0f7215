#include "catalog/rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::catalog {
namespace {

// A column of the same name that comes later has no statistics and no index of this one's.
Result<void> ForgetGoneColumns(store::Transaction& tx, const store::TableRow& row) {
  for (std::string_view table : {"catalog_table_statistics", "catalog_partition_statistics"}) {
    TRY_ASSIGN(auto kept, tx.Query(fmt::format("SELECT DISTINCT column_name FROM {} WHERE table_id = ?", table), {row.id}));
    for (const store::Row& column : kept) {
      if (Contains(row.columns, column.Text(0)) || Contains(row.keys, column.Text(0))) continue;
      TRY(tx.Execute(fmt::format("DELETE FROM {} WHERE table_id = ? AND column_name = ?", table), {row.id, column.Text(0)}));
    }
  }
  TRY_ASSIGN(auto indexes, tx.Query("SELECT name, keys FROM catalog_partition_indexes WHERE table_id = ?", {row.id}));
  for (const store::Row& index : indexes) {
    std::vector<std::string> keys = Split(index.Text(1), '\n');
    if (std::ranges::all_of(keys, [&](const std::string& key) { return Contains(row.keys, key); })) continue;
    TRY(tx.Execute("DELETE FROM catalog_partition_indexes WHERE table_id = ? AND name = ?", {row.id, index.Text(0)}));
  }
  return {};
}

}  // namespace

Result<store::DatabaseRow> InsertDatabase(store::Transaction& tx, store::DatabaseRow row) {
  TRY_ASSIGN(auto taken, store::FindDatabase(tx, row.account, row.region, row.name));
  if (taken) return Fail(ErrorCode::kAlreadyExists, "Database already exists.");
  TRY_ASSIGN(row.id, store::NewThing(tx, "database"));
  TRY(
      tx.Execute("INSERT INTO catalog_databases (id, account, region, name, location, target_account, target_database, "
                 "target_region, definition) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 {row.id, row.account, row.region, row.name, row.location, row.target.account, row.target.database,
                  row.target.region, row.definition}));
  return row;
}

Result<void> ReplaceDatabase(store::Transaction& tx, const store::DatabaseRow& row) {
  TRY(tx.Execute("UPDATE catalog_databases SET location = ?, definition = ? WHERE id = ?", {row.location, row.definition, row.id}));
  return {};
}

Result<void> DeleteDatabaseRows(store::Transaction& tx, Id database) {
  TRY(tx.Execute("DELETE FROM things WHERE id IN (SELECT id FROM catalog_tables WHERE database_id = ?)", {database}));
  return store::DeleteThing(tx, database);
}

Result<store::TableRow> InsertTable(store::Transaction& tx, store::TableRow row) {
  TRY_ASSIGN(auto taken, store::FindTable(tx, row.database, row.name));
  if (taken) return Fail(ErrorCode::kAlreadyExists, "Table already exists.");
  TRY_ASSIGN(row.id, store::NewThing(tx, "table"));
  TRY(tx.Execute(
      "INSERT INTO catalog_tables (id, database_id, account, region, database_name, name, location, columns, keys, target_account, "
      "target_database, target_table, target_region, version, definition) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {row.id, row.database, row.account, row.region, row.database_name, row.name, row.location, Join(row.columns, "\n"),
       Join(row.keys, "\n"), row.target.account, row.target.database, row.target.table, row.target.region, row.version,
       row.definition}));
  return row;
}

Result<void> ReplaceTable(store::Transaction& tx, const store::TableRow& row) {
  TRY(tx.Execute("UPDATE catalog_tables SET location = ?, columns = ?, keys = ?, version = ?, definition = ? WHERE id = ?",
                 {row.location, Join(row.columns, "\n"), Join(row.keys, "\n"), row.version, row.definition, row.id}));
  return ForgetGoneColumns(tx, row);
}

Result<void> PutTags(store::Transaction& tx, Id thing, const std::map<std::string, std::string>& tags) {
  for (const auto& [name, value] : tags) {
    if (Lower(name).starts_with("aws:")) return Fail(ErrorCode::kInvalidArgument, "Tag keys must not begin with 'aws:'.");
    TRY(tx.Execute(
        "INSERT INTO catalog_tags (thing_id, name, value) VALUES (?, ?, ?) ON CONFLICT (thing_id, name) DO UPDATE SET value = ?",
        {thing, name, value, value}));
  }
  TRY_ASSIGN(auto count, tx.One("SELECT COUNT(*) FROM catalog_tags WHERE thing_id = ?", {thing}));
  if (count.Int(0) > static_cast<std::int64_t>(kTagsMax)) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("A resource has at most {} tags.", kTagsMax));
  }
  return {};
}

}  // namespace hanse::catalog
