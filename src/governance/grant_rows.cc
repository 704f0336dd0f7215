#include "governance/grant_rows.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"

namespace hanse::governance {
namespace {

constexpr std::string_view kKinds[] = {"catalog",       "database",   "table",     "all_tables", "columns",
                                       "all_but",       "cells",      "location",  "tag",        "databases_by_tag",
                                       "tables_by_tag", "expression", "row_policy"};

constexpr std::string_view kSelectGrant =
    "SELECT g.id, g.keeper, g.owner, g.region, g.principal, g.principal_id, g.shown, g.kind, g.resource_key, g.object, "
    "g.filter_id, "
    "g.expression_id, g.detail, g.condition, g.permissions, g.grantable, g.share_id, r.open, g.updated_ms, g.updated_by, "
    "f.row_expression, f.list, f.columns, e.expression FROM lf_grants g "
    "LEFT JOIN ram_principals r ON r.share_id = g.share_id AND r.principal = g.principal "
    "LEFT JOIN lf_filters f ON f.id = g.filter_id LEFT JOIN lf_expressions e ON e.id = g.expression_id ";

constexpr std::int64_t kFewGrants = 16;

policy::PermissionSet Bits(const store::Row& row, std::size_t column) {
  return policy::PermissionSet::FromBits(static_cast<std::uint32_t>(row.Int(column)));
}

GrantRow Read(const store::Row& row) {
  GrantRow grant;
  grant.id = row.Int(0);
  grant.keeper = row.Text(1);
  grant.owner = row.Text(2);
  grant.region = row.Text(3);
  grant.principal = row.Text(4);
  grant.principal_id = row.Int(5);
  grant.shown = row.Text(6);
  grant.kind = KindNamed(row.Text(7));
  grant.resource_key = row.Text(8);
  grant.object = row.Int(9);
  grant.filter = row.Int(10);
  grant.expression = row.Int(11);
  grant.detail = row.Text(12);
  grant.condition = row.Text(13);
  grant.permissions = Bits(row, 14);
  grant.grantable = Bits(row, 15);
  grant.share = row.Int(16);
  grant.open = row.null(16) || row.Int(17) == 1;  // A share that is gone or closed to the principal gives nothing.
  grant.updated_ms = row.Int(18);
  grant.updated_by = row.Text(19);
  grant.filter_rows = row.Text(20);
  grant.filter_list = row.Text(21);
  grant.filter_columns = row.Text(22);
  grant.saved_expression = row.Text(23);
  return grant;
}

Result<std::vector<GrantRow>> ReadAll(Result<std::vector<store::Row>> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  std::vector<GrantRow> grants;
  grants.reserve(rows->size());
  for (const store::Row& row : *rows) grants.push_back(Read(row));
  return grants;
}

Result<std::vector<GrantRow>> AllGrants(store::Transaction& tx, std::string_view where, std::span<const store::Value> parameters) {
  return ReadAll(tx.Query(std::string(kSelectGrant) + std::string(where), parameters));
}

std::string Marks(std::size_t count) {
  std::string marks = "(";
  for (std::size_t i = 0; i < count; ++i) marks += i == 0 ? "?" : ", ?";
  return marks + ")";
}

store::Value OrNull(Id id) { return id == 0 ? store::Value() : store::Value(id); }

}  // namespace

policy::TagExpression GrantRow::tags() const {
  return policy::DecodeExpression(expression != 0 ? saved_expression : detail).value_or(policy::TagExpression());
}

std::vector<std::string> GrantRow::columns() const {
  const std::string& lines = kind == GrantKind::kCells ? filter_columns : detail;
  return lines.empty() ? std::vector<std::string>() : Split(lines, '\n');
}

bool AboutTable(const GrantRow& row, const store::TableRow& table) {
  switch (row.kind) {
    case GrantKind::kTable:
    case GrantKind::kColumns:
    case GrantKind::kAllButColumns:
    case GrantKind::kCells: return row.object == table.id;
    case GrantKind::kAllTables: return row.object == table.database;
    case GrantKind::kTablesByTag: return true;
    default: return false;
  }
}

Result<std::vector<GrantRow>> GrantsTo(store::Transaction& tx, std::string_view owner, std::string_view region,
                                       const std::vector<std::string>& principals, const std::vector<Id>& objects) {
  if (principals.empty()) return std::vector<GrantRow>();
  std::string where = "WHERE g.principal IN " + Marks(principals.size()) + " AND g.owner = ? AND g.region = ?";
  std::vector<store::Value> parameters(principals.begin(), principals.end());
  parameters.emplace_back(std::string(owner));
  parameters.emplace_back(std::string(region));
  if (objects.empty()) return AllGrants(tx, where, parameters);
  // Who holds few grants is recalled whole: one answer for whatever thing is asked about.
  TRY_ASSIGN(auto count, tx.Recall("SELECT count(*) FROM lf_grants g " + where, std::span<const store::Value>(parameters)));
  if (count.front().Int(0) <= kFewGrants) {
    if (count.front().Int(0) == 0) return std::vector<GrantRow>();
    TRY_ASSIGN(auto grants, ReadAll(tx.Recall(std::string(kSelectGrant) + where, std::span<const store::Value>(parameters))));
    std::erase_if(grants, [&](const GrantRow& grant) { return std::ranges::find(objects, grant.object) == objects.end(); });
    return grants;
  }
  where += " AND g.object IN " + Marks(objects.size());
  for (Id object : objects) parameters.emplace_back(object);
  return AllGrants(tx, where, parameters);
}

Result<std::vector<GrantRow>> GrantsIn(store::Transaction& tx, std::string_view owner, std::string_view region, Id after,
                                       std::int64_t limit) {
  store::Value parameters[] = {std::string(owner), std::string(region), after, limit};
  return AllGrants(tx, "WHERE g.owner = ? AND g.region = ? AND g.id > ? ORDER BY g.id LIMIT ?", parameters);
}

Result<std::vector<GrantRow>> GrantsOn(store::Transaction& tx, Id object) {
  store::Value parameters[] = {object};
  return AllGrants(tx, "WHERE g.thing_id = ? ORDER BY g.id", parameters);
}

Result<std::vector<GrantRow>> GrantsThrough(store::Transaction& tx, Id share) {
  store::Value parameters[] = {share};
  return AllGrants(tx, "WHERE g.share_id = ? ORDER BY g.id", parameters);
}

Result<std::optional<GrantRow>> FindGrantById(store::Transaction& tx, Id id) {
  store::Value parameters[] = {id};
  TRY_ASSIGN(auto rows, AllGrants(tx, "WHERE g.id = ?", parameters));
  if (rows.empty()) return std::optional<GrantRow>();
  return std::optional<GrantRow>(std::move(rows.front()));
}

Result<std::optional<GrantRow>> FindGrant(store::Transaction& tx, const GrantRow& like) {
  store::Value parameters[] = {like.principal, like.owner, like.region, like.resource_key, like.keeper, like.condition};
  TRY_ASSIGN(auto rows, AllGrants(tx,
                                  "WHERE g.principal = ? AND g.owner = ? AND g.region = ? AND g.resource_key = ? AND g.keeper = ? "
                                  "AND g.condition = ?",
                                  parameters));
  if (rows.empty()) return std::optional<GrantRow>();
  return std::optional<GrantRow>(std::move(rows.front()));
}

Result<void> AddGrant(store::Transaction& tx, GrantRow row) {
  TRY_ASSIGN(auto there, FindGrant(tx, row));
  if (there) {
    there->permissions.Add(row.permissions);
    there->grantable.Add(row.grantable);
    there->detail = row.detail;
    there->share = row.share;
    there->updated_ms = row.updated_ms;
    there->updated_by = row.updated_by;
    return StoreGrant(tx, *there);
  }
  TRY_ASSIGN(Id id, tx.NewId());
  TRY(tx.Execute(
      "INSERT INTO lf_grants (id, keeper, owner, region, principal, principal_id, shown, kind, resource_key, object, thing_id, "
      "filter_id, expression_id, detail, condition, permissions, grantable, share_id, updated_ms, updated_by) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id,
       row.keeper,
       row.owner,
       row.region,
       row.principal,
       OrNull(row.principal_id),
       row.shown,
       std::string(KindName(row.kind)),
       row.resource_key,
       row.object,
       OrNull(row.object),
       OrNull(row.filter),
       OrNull(row.expression),
       row.detail,
       row.condition,
       std::int64_t{row.permissions.bits()},
       std::int64_t{row.grantable.bits()},
       OrNull(row.share),
       row.updated_ms,
       row.updated_by}));
  return {};
}

Result<void> StoreGrant(store::Transaction& tx, const GrantRow& row) {
  if (row.permissions.empty()) {
    TRY(tx.Execute("DELETE FROM lf_grants WHERE id = ?", {row.id}));
    return {};
  }
  TRY(tx.Execute(
      "UPDATE lf_grants SET permissions = ?, grantable = ?, detail = ?, share_id = ?, updated_ms = ?, updated_by = ? WHERE id = ?",
      {std::int64_t{row.permissions.bits()}, std::int64_t{row.grantable.bits()}, row.detail, OrNull(row.share), row.updated_ms,
       row.updated_by, row.id}));
  return {};
}

GrantKind KindNamed(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if (kKinds[i] == name) return static_cast<GrantKind>(i);
  }
  assert(false);
  return GrantKind::kCatalog;
}

std::string_view KindName(GrantKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

}  // namespace hanse::governance
