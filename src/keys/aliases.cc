#include "keys/aliases.h"

#include <fmt/format.h>

namespace hanse::keys {
namespace {

constexpr std::string_view kSelectAlias =
    "SELECT a.account, a.region, a.name, k.key_id, a.created_ms, a.updated_ms FROM key_aliases a JOIN keys k ON k.id = a.key ";

Alias ReadAlias(const store::Row& row) { return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Int(4), row.Int(5)}; }

}  // namespace

Result<std::optional<Alias>> FindAlias(store::Transaction& tx, std::string_view account, std::string_view region,
                                       std::string_view name) {
  TRY_ASSIGN(auto row, tx.Maybe(std::string(kSelectAlias) + "WHERE a.account = ? AND a.region = ? AND a.name = ?",
                                {std::string(account), std::string(region), std::string(name)}));
  return row ? std::optional(ReadAlias(*row)) : std::nullopt;
}

Result<std::vector<Alias>> AliasesOf(store::Transaction& tx, std::string_view account, std::string_view region, Id key,
                                     std::string_view after, std::int64_t limit) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kSelectAlias) + "WHERE a.account = ? AND a.region = ? AND (? = 0 OR a.key = ?) AND "
                                                             "a.name > ? ORDER BY a.name LIMIT ?",
                                 {std::string(account), std::string(region), key, key, std::string(after), limit}));
  std::vector<Alias> aliases;
  for (const store::Row& row : rows) aliases.push_back(ReadAlias(row));
  return aliases;
}

Result<void> InsertAlias(store::Transaction& tx, const Alias& alias, Id key) {
  TRY(tx.Execute("INSERT INTO key_aliases (account, region, name, key, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?)",
                 {alias.account, alias.region, alias.name, key, alias.created_ms, alias.created_ms}));
  return {};
}

}  // namespace hanse::keys
