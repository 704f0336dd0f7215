#include <fmt/format.h>

#include "base/text.h"
#include "catalog/database.h"
#include "catalog/definition.h"

namespace hanse::catalog {
namespace {

// Databases of other accounts come after the caller's own, in the order of accounts and names.
struct Cursor {
  AccountId account;  // Empty: the caller's own are not at their end.
  std::string name;
};

Cursor ReadCursor(const std::string& text) {
  std::size_t at = text.find('\n');
  if (at == std::string::npos) return {};
  return {text.substr(0, at), text.substr(at + 1)};
}

std::string WriteCursor(const Cursor& cursor) { return cursor.account + "\n" + cursor.name; }

Result<std::vector<store::DatabaseRow>> NextForeign(store::Transaction& tx, const AccountId& own, std::string_view region,
                                                    const Cursor& after, std::int64_t limit) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT id FROM catalog_databases WHERE region = ? AND account <> ? AND (account > ? OR "
                                 "(account = ? AND name > ?)) ORDER BY account, name LIMIT ?",
                                 {std::string(region), own, after.account, after.account, after.name, limit}));
  std::vector<store::DatabaseRow> found;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto database, store::FindDatabaseById(tx, row.Int(0)));
    if (database) found.push_back(std::move(*database));
  }
  return found;
}

}  // namespace

Result<std::optional<wire::glue::Database>> Databases::Listed(const gate::Call& call, const store::DatabaseRow& row) const {
  using Shown = std::optional<wire::glue::Database>;
  bool foreign = row.account != call.caller().account;
  if (foreign && row.target) return Shown();  // Links of others lead nowhere for us.
  TRY_ASSIGN(auto held, access_.lake().OnDatabase(call.tx(), call.caller(), row));
  if (!held.visible) return Shown();
  const store::DatabaseRow* followed = nullptr;
  Place place;
  if (row.target) {
    TRY_ASSIGN(place, access_.Find(call, Intent::kRead, "glue:GetDatabases", row.account, row.name));
    if (place.home) {
      TRY_ASSIGN(auto target, access_.lake().OnDatabase(call.tx(), call.caller(), *place.home));
      if (target.visible) followed = &*place.home;
    }
  }
  TRY_ASSIGN(auto shown, ShownDatabase(row, followed));
  return Shown(std::move(shown));
}

Result<GetDatabases::Answer> Databases::Do(const gate::Authorized<GetDatabases>& call) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), call->in.catalog_id));
  const std::string share = call->in.resource_share_type.value_or("");
  if (share == "FEDERATED") return GetDatabases::Answer{.database_list = std::vector<wire::glue::Database>()};
  const bool foreign = share == "FOREIGN" || share == "ALL";
  const std::string list = fmt::format("GetDatabases/{}/{}/{}/{}", call.caller().unique_id, call.info().region, account, share);
  TRY_ASSIGN(std::string text, pages_.Cursor(list, call->in.next_token));
  Cursor cursor = ReadCursor(text);
  bool own = cursor.account.empty() && share != "FOREIGN";
  const std::size_t page = PageSize(call->in.max_results, kPageMax);

  GetDatabases::Answer answer{.database_list = std::vector<wire::glue::Database>()};
  std::size_t scanned = 0;
  while (true) {
    std::vector<store::DatabaseRow> rows;
    if (own) {
      TRY_ASSIGN(rows, store::ListDatabases(call.tx(), account, call.info().region, cursor.name, 100));
    } else if (foreign) {
      TRY_ASSIGN(rows, NextForeign(call.tx(), account, call.info().region, cursor, 100));
    }
    if (rows.empty() && own && foreign) {
      own = false;
      cursor = {"0", ""};
      continue;
    }
    if (rows.empty()) return answer;
    for (const store::DatabaseRow& row : rows) {
      if (answer.database_list->size() == page || scanned == kScannedMax) {
        answer.next_token = pages_.Next(list, WriteCursor(cursor));
        return answer;
      }
      cursor = {own ? "" : row.account, row.name};
      ++scanned;
      TRY_ASSIGN(auto shown, Listed(call, row));
      if (shown) answer.database_list->push_back(std::move(*shown));
    }
  }
}

}  // namespace hanse::catalog
