#include "catalog/access.h"

#include <fmt/format.h>

#include "base/text.h"
#include "store/tables_by_id.h"

namespace hanse::catalog {
namespace {

using policy::Permission;

std::string_view Verb(Permission needed) {
  switch (needed) {
    case Permission::kAlter: return "Alter";
    case Permission::kDrop: return "Drop";
    case Permission::kCreateTable: return "Create Table";
    case Permission::kCreateDatabase: return "Create Database";
    case Permission::kSelect: return "Select";
    case Permission::kInsert: return "Insert";
    case Permission::kDelete: return "Delete";
    case Permission::kAll: return "All";
    default: return "Describe";
  }
}

constexpr std::int64_t kRowsAtOnce = 200;

const std::string& RegionOf(const store::LinkTarget& target, const std::string& otherwise) {
  return target.region.empty() ? otherwise : target.region;
}

}  // namespace

Error NoDatabase(std::string_view name) {
  return Error{ErrorCode::kNotFound, fmt::format("Database {} not found.", Lower(name)), {}, std::source_location::current()};
}

Error NoTable(std::string_view name) {
  return Error{ErrorCode::kNotFound, fmt::format("Table {} not found.", Lower(name)), {}, std::source_location::current()};
}

std::unexpected<Error> Refuse(Error error) { return std::unexpected(std::move(error)); }

Result<bool> Access::TargetOpen(const gate::Call& call, Intent intent, std::string_view action, std::string_view region,
                                const AccountId& owner, const Names& names) const {
  for (const gate::Need& need : NeedsAt(action, region, owner, names)) {
    if (intent == Intent::kChange) {
      TRY(call.Require(need));
    } else {
      TRY_ASSIGN(bool allowed, call.Allowed(need));
      if (!allowed) return false;
    }
  }
  return true;
}

Result<Place> Access::Find(const gate::Call& call, Intent intent, std::string_view action, const AccountId& account,
                           std::string_view database) const {
  TRY_ASSIGN(auto named, store::FindDatabase(call.tx(), account, call.info().region, database));
  if (!named) return Refuse(NoDatabase(database));
  Place place{.named = *named, .home = *named};
  if (!named->target) return place;

  TRY(VisibleDatabase(call, *named, database));
  place.home.reset();
  const store::LinkTarget& target = named->target;
  const std::string& region = RegionOf(target, named->region);
  TRY_ASSIGN(bool open, TargetOpen(call, intent, action, region, target.account, {.database = target.database, .table = {}}));
  if (!open) return place;
  TRY_ASSIGN(auto home, store::FindDatabase(call.tx(), target.account, region, target.database));
  if (home && !home->target) place.home = std::move(home);
  return place;
}

Result<policy::DatabaseAccess> Access::VisibleDatabase(const gate::Call& call, const store::DatabaseRow& database,
                                                       std::string_view name) const {
  TRY_ASSIGN(policy::DatabaseAccess access, lake_.OnDatabase(call.tx(), call.caller(), database));
  if (!access.visible) return Refuse(NoDatabase(name));
  return access;
}

Result<OpenedTable> Access::Open(const gate::Call& call, Intent intent, Links links, std::string_view action,
                                 const AccountId& account, std::string_view database, std::string_view table) const {
  TRY_ASSIGN(Place place, Find(call, intent, action, account, database));
  if (!place.home) return Refuse(NoTable(table));
  const store::DatabaseRow& home = *place.home;
  if (place.through_link()) {
    TRY_ASSIGN(bool open,
               TargetOpen(call, intent, action, home.region, home.account, {.database = home.name, .table = Lower(table)}));
    if (!open) return Refuse(NoTable(table));
  }
  TRY_ASSIGN(auto row, store::FindTable(call.tx(), home.id, table));
  OpenedTable opened;
  if (row) {
    TRY_ASSIGN(opened.access, lake_.OnTable(call.tx(), call.caller(), *row));
  }
  if (!opened.access.visible) {
    // Whoever may not see the database learns no more of it through a table's name.
    if (!place.through_link()) TRY(VisibleDatabase(call, home, database));
    return Refuse(NoTable(table));
  }
  opened.table = std::move(*row);
  opened.home = home;
  opened.through_database_link = place.through_link();
  if (!opened.table.target || links == Links::kStop) return opened;
  if (opened.through_database_link) {
    opened.bare = true;
    return opened;
  }
  return Follow(call, intent, action, std::move(opened));
}

Result<OpenedTable> Access::Follow(const gate::Call& call, Intent intent, std::string_view action, OpenedTable link) const {
  const store::LinkTarget& target = link.table.target;
  const std::string& region = RegionOf(target, link.table.region);
  link.bare = true;
  TRY_ASSIGN(bool open,
             TargetOpen(call, intent, action, region, target.account, {.database = target.database, .table = target.table}));
  if (!open) return link;
  TRY_ASSIGN(auto home, store::FindDatabase(call.tx(), target.account, region, target.database));
  if (!home || home->target) return link;
  TRY_ASSIGN(auto table, store::FindTable(call.tx(), home->id, target.table));
  if (!table || table->target) return link;
  TRY_ASSIGN(policy::TableAccess access, lake_.OnTable(call.tx(), call.caller(), *table));
  if (!access.visible) return link;
  OpenedTable opened{
      .table = std::move(*table), .access = std::move(access), .link = std::move(link.table), .home = std::move(*home)};
  return opened;
}

Result<OpenedTable> Access::OpenTarget(const gate::Call& call, Intent intent, std::string_view action, const AccountId& account,
                                       std::string_view database, std::string_view table) const {
  TRY_ASSIGN(OpenedTable opened, Open(call, intent, Links::kFollow, action, account, database, table));
  if (opened.bare) return Refuse(NoTable(table));
  return opened;
}

Result<std::vector<store::TableRow>> Access::NextTables(const gate::Call& call, const store::DatabaseRow& home,
                                                        std::string_view after, std::size_t count) const {
  std::optional<std::vector<Id>> reached;
  if (reached_) {
    TRY_ASSIGN(reached, reached_->Reached(call.tx(), call.caller(), home, after, count));
  }
  if (!reached) return store::ListTables(call.tx(), home.id, after, kRowsAtOnce);
  std::vector<store::TableRow> tables;
  tables.reserve(reached->size());
  TRY_ASSIGN(auto found, store::FindTablesById(call.tx(), *reached));
  for (std::optional<store::TableRow>& table : found) {
    if (!table) return Fail(ErrorCode::kInternal, "a list names a table that is not there");
    tables.push_back(std::move(*table));
  }
  return tables;
}

Result<std::vector<store::TableRow>> Access::NextTablesOf(const gate::Call& call, const AccountId& account, std::string database,
                                                          std::string_view after, std::size_t count) const {
  const std::string& region = call.info().region;
  if (!database.empty()) {
    TRY_ASSIGN(auto row, store::FindDatabase(call.tx(), account, region, database));
    if (row) {
      TRY_ASSIGN(auto tables, NextTables(call, *row, after, count));
      if (!tables.empty()) return tables;
    }
  }
  while (true) {
    TRY_ASSIGN(auto databases, store::ListDatabases(call.tx(), account, region, database, kRowsAtOnce));
    if (databases.empty()) return std::vector<store::TableRow>();
    for (const store::DatabaseRow& row : databases) {
      TRY_ASSIGN(auto tables, NextTables(call, row, "", count));
      if (!tables.empty()) return tables;
    }
    database = databases.back().name;
  }
}

Result<std::vector<policy::TableAccess>> Access::AccessTo(const gate::Call& call, const store::DatabaseRow& home,
                                                          const std::vector<store::TableRow>& tables) const {
  if (reached_) return reached_->OnTables(call.tx(), call.caller(), home, tables);
  std::vector<policy::TableAccess> all;
  for (const store::TableRow& table : tables) {
    TRY_ASSIGN(policy::TableAccess access, lake_.OnTable(call.tx(), call.caller(), table));
    all.push_back(std::move(access));
  }
  return all;
}

Result<std::vector<std::optional<OpenedTable>>> Access::Peek(const gate::Call& call, std::string_view action, const Place& place,
                                                             std::vector<store::TableRow> tables) const {
  TRY_ASSIGN(auto access, AccessTo(call, *place.home, tables));
  std::vector<std::optional<OpenedTable>> all(tables.size());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (!access[i].visible) continue;
    OpenedTable opened{.table = std::move(tables[i]), .access = std::move(access[i]), .home = *place.home};
    opened.through_database_link = place.through_link();
    opened.bare = opened.through_database_link && static_cast<bool>(opened.table.target);
    if (opened.table.target && !opened.bare) {
      TRY_ASSIGN(opened, Follow(call, Intent::kRead, action, std::move(opened)));
    }
    all[i] = std::move(opened);
  }
  return all;
}

Result<void> Access::Demand(policy::PermissionSet held, Permission needed, std::string_view name) {
  if (held.Grants(needed)) return {};
  return Fail(ErrorCode::kAccessDenied,
              fmt::format("Insufficient Lake Formation permission(s): Required {} on {}", Verb(needed), Lower(name)));
}

Result<void> Access::DemandLocation(const gate::Call& call, const AccountId& account, std::string_view region,
                                    std::string_view location, const store::DatabaseRow* within) const {
  std::string place = NormalLocation(location);
  if (place.empty()) return {};
  TRY_ASSIGN(bool may, lake_.MayUseLocation(call.tx(), call.caller(), account, region, place, within));
  if (may) return {};
  return Fail(ErrorCode::kAccessDenied,
              fmt::format("Insufficient Lake Formation permission(s) on {}: Required Data Location Access", place));
}

}  // namespace hanse::catalog
