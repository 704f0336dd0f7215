#include "store/directory.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "store/tables_by_id.h"

namespace hanse::store {
namespace {

constexpr std::string_view kPrincipal =
    "SELECT id, account, kind, name, path, arn, unique_id, created_ms, trust, definition FROM principals ";
constexpr std::string_view kSamlProvider =
    "SELECT id, account, name, arn, unique_id, created_ms, valid_until_ms FROM saml_providers ";
constexpr std::string_view kDatabase =
    "SELECT id, account, region, name, location, target_account, target_region, target_database, definition FROM "
    "catalog_databases ";
constexpr std::string_view kTable =
    "SELECT id, database_id, account, region, database_name, name, location, columns, keys, target_account, target_region, "
    "target_database, target_table, version, definition FROM catalog_tables ";

std::string Sql(std::string_view select, std::string_view rest) { return std::string(select) + std::string(rest); }

std::vector<std::string> Lines(const std::string& text) { return text.empty() ? std::vector<std::string>() : Split(text, '\n'); }

Principal ReadPrincipal(const Row& row) {
  return {row.Int(0),  row.Text(1), row.Text(2), row.Text(3), row.Text(4),
          row.Text(5), row.Text(6), row.Int(7),  row.Text(8), row.Text(9)};
}

SamlProvider ReadSamlProvider(const Row& row) {
  return {row.Int(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Int(5), row.Int(6)};
}

DatabaseRow ReadDatabase(const Row& row) {
  return {row.Int(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), {row.Text(5), row.Text(6), row.Text(7), {}}, row.Text(8)};
}

TableRow ReadTable(const Row& row) {
  return {row.Int(0),  row.Int(1),  row.Text(2),        row.Text(3),        row.Text(4),
          row.Text(5), row.Text(6), Lines(row.Text(7)), Lines(row.Text(8)), {row.Text(9), row.Text(10), row.Text(11), row.Text(12)},
          row.Int(13), row.Text(14)};
}

template <class T>
Result<std::optional<T>> First(Result<std::vector<Row>> rows, T (*read)(const Row&)) {
  if (!rows) return std::unexpected(std::move(rows).error());
  if (rows->empty()) return std::optional<T>();
  return std::optional<T>(read(rows->front()));
}

template <class T>
Result<std::vector<T>> All(Result<std::vector<Row>> rows, T (*read)(const Row&)) {
  if (!rows) return std::unexpected(std::move(rows).error());
  std::vector<T> all;
  all.reserve(rows->size());
  for (const Row& row : *rows) all.push_back(read(row));
  return all;
}

}  // namespace

Result<std::optional<Principal>> FindPrincipalByArn(Transaction& tx, std::string_view arn) {
  static const std::string kSql = Sql(kPrincipal, "WHERE arn = ?");
  return First(tx.Recall(kSql, {std::string(arn)}), ReadPrincipal);
}

Result<std::optional<Principal>> FindPrincipalByName(Transaction& tx, std::string_view account, std::string_view kind,
                                                     std::string_view name) {
  static const std::string kSql = Sql(kPrincipal, "WHERE account = ? AND kind = ? AND name_lower = ?");
  return First(tx.Query(kSql, {std::string(account), std::string(kind), Lower(name)}), ReadPrincipal);
}

Result<std::optional<Principal>> FindPrincipalById(Transaction& tx, Id id) {
  static const std::string kSql = Sql(kPrincipal, "WHERE id = ?");
  return First(tx.Recall(kSql, {id}), ReadPrincipal);
}

Result<std::optional<SamlProvider>> FindSamlProviderByArn(Transaction& tx, std::string_view arn) {
  static const std::string kSql = Sql(kSamlProvider, "WHERE arn = ?");
  return First(tx.Recall(kSql, {std::string(arn)}), ReadSamlProvider);
}

Result<std::optional<SamlProvider>> FindSamlProviderById(Transaction& tx, Id id) {
  static const std::string kSql = Sql(kSamlProvider, "WHERE id = ?");
  return First(tx.Recall(kSql, {id}), ReadSamlProvider);
}

Result<std::optional<SamlProvider>> FindSamlProviderByUniqueId(Transaction& tx, std::string_view unique_id) {
  static const std::string kSql = Sql(kSamlProvider, "WHERE unique_id = ?");
  return First(tx.Recall(kSql, {std::string(unique_id)}), ReadSamlProvider);
}

Result<std::optional<Account>> FindAccount(Transaction& tx, std::string_view account) {
  return First<Account>(tx.Recall("SELECT account, name, email, arn, status, parent, joined_ms FROM accounts WHERE account = ?",
                                  {std::string(account)}),
                        [](const Row& row) -> Account {
                          return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Int(6)};
                        });
}

Result<std::optional<DatabaseRow>> FindDatabase(Transaction& tx, std::string_view account, std::string_view region,
                                                std::string_view name) {
  static const std::string kSql = Sql(kDatabase, "WHERE account = ? AND region = ? AND name = ?");
  return First(tx.Recall(kSql, {std::string(account), std::string(region), Lower(name)}), ReadDatabase);
}

Result<std::optional<DatabaseRow>> FindDatabaseById(Transaction& tx, Id id) {
  static const std::string kSql = Sql(kDatabase, "WHERE id = ?");
  return First(tx.Query(kSql, {id}), ReadDatabase);
}

Result<std::vector<DatabaseRow>> ListDatabases(Transaction& tx, std::string_view account, std::string_view region,
                                               std::string_view after, std::int64_t limit) {
  static const std::string kSql = Sql(kDatabase, "WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?");
  return All(tx.Query(kSql, {std::string(account), std::string(region), std::string(after), limit}), ReadDatabase);
}

Result<std::optional<TableRow>> FindTable(Transaction& tx, Id database, std::string_view name) {
  static const std::string kSql = Sql(kTable, "WHERE database_id = ? AND name = ?");
  return First(tx.Query(kSql, {database, Lower(name)}), ReadTable);
}

Result<std::optional<TableRow>> FindTableById(Transaction& tx, Id id) {
  static const std::string kSql = Sql(kTable, "WHERE id = ?");
  return First(tx.Query(kSql, {id}), ReadTable);
}

// Always as many as a statement has places for, so that there is one statement: the last id fills what is left.
Result<std::vector<std::optional<TableRow>>> FindTablesById(Transaction& tx, std::span<const Id> ids) {
  constexpr std::size_t kAtOnce = 32;
  static const std::string kSql = [] {
    std::string sql = Sql(kTable, "WHERE id IN (?");
    for (std::size_t i = 1; i < kAtOnce; ++i) sql += ", ?";
    return sql + ")";
  }();
  std::vector<std::optional<TableRow>> all(ids.size());
  for (std::size_t from = 0; from < ids.size(); from += kAtOnce) {
    const auto some = ids.subspan(from, std::min(kAtOnce, ids.size() - from));
    std::vector<Value> parameters(some.begin(), some.end());
    parameters.resize(kAtOnce, some.back());
    TRY_ASSIGN(auto rows, tx.Query(kSql, parameters));
    std::unordered_map<Id, const Row*> found;
    for (const Row& row : rows) found[row.Int(0)] = &row;
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (auto row = found.find(some[i]); row != found.end()) all[from + i] = ReadTable(*row->second);
    }
  }
  return all;
}

Result<std::vector<TableRow>> ListTables(Transaction& tx, Id database, std::string_view after, std::int64_t limit) {
  static const std::string kSql = Sql(kTable, "WHERE database_id = ? AND name > ? ORDER BY name LIMIT ?");
  return All(tx.Query(kSql, {database, std::string(after), limit}), ReadTable);
}

Result<Id> NewThing(Transaction& tx, std::string_view kind) {
  TRY_ASSIGN(Id id, tx.NewId());
  TRY(tx.Execute("INSERT INTO things (id, kind) VALUES (?, ?)", {id, std::string(kind)}));
  return id;
}

Result<void> DeleteThing(Transaction& tx, Id id) {
  TRY(tx.Execute("DELETE FROM things WHERE id = ?", {id}));
  return {};
}

}  // namespace hanse::store
