#include "governance/permission_rows.h"

#include <map>

#include "governance/managed_permissions.h"
#include "governance/shown_shares.h"
#include "model/arn.h"

namespace hanse::governance {
namespace {

constexpr std::string_view kSelectPermission =
    "SELECT id, arn, name, resource_type, account, status, default_version, created_ms, updated_ms FROM ram_permissions ";

SharePermission ReadPermission(const store::Row& row) {
  return {row.Int(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Int(6), false, row.Int(7), row.Int(8)};
}

SharePermission FromAws(const ManagedPermission& managed) {
  SharePermission one;
  one.arn = managed.arn();
  one.name = std::string(managed.name);
  one.type = std::string(managed.type);
  one.default_version = ManagedPermission::kVersions;
  one.type_default = managed.type_default;
  return one;
}

std::unexpected<Error> NoPermission(std::string_view arn) {
  return FailAs(ErrorCode::kNotFound, "UnknownResourceException", "Permission " + std::string(arn) + " could not be found.");
}

}  // namespace

Result<SharePermission> FindPermission(store::Transaction& tx, std::string_view account, const std::optional<std::string>& arn) {
  if (!arn || !ParseArn(*arn)) {
    return FailAs(ErrorCode::kInvalidArgument, "MalformedArnException", "Malformed ARN: " + arn.value_or(""));
  }
  if (const ManagedPermission* managed = FindManagedPermission(*arn)) return FromAws(*managed);
  TRY_ASSIGN(auto row, tx.Maybe(std::string(kSelectPermission) + "WHERE arn = ? AND account = ?", {*arn, std::string(account)}));
  if (!row) return NoPermission(*arn);
  return ReadPermission(*row);
}

Result<std::vector<SharePermission>> PermissionsFor(store::Transaction& tx, std::string_view account, std::string_view region) {
  std::vector<SharePermission> all;
  for (const ManagedPermission& managed : ManagedPermissions()) all.push_back(FromAws(managed));
  TRY_ASSIGN(auto rows, tx.Query(std::string(kSelectPermission) + "WHERE account = ? AND region = ? ORDER BY id",
                                 {std::string(account), std::string(region)}));
  for (const store::Row& row : rows) all.push_back(ReadPermission(row));
  return all;
}

Result<std::vector<std::int64_t>> VersionsOf(store::Transaction& tx, const SharePermission& permission) {
  std::vector<std::int64_t> versions;
  if (permission.managed()) {
    for (int version = 1; version <= ManagedPermission::kVersions; ++version) versions.push_back(version);
    return versions;
  }
  TRY_ASSIGN(auto rows,
             tx.Query("SELECT version FROM ram_permission_versions WHERE permission_id = ? ORDER BY version", {permission.id}));
  for (const store::Row& row : rows) versions.push_back(row.Int(0));
  return versions;
}

Result<std::string> TemplateOf(store::Transaction& tx, const SharePermission& permission, std::int64_t version) {
  if (permission.managed()) {
    auto text = FindManagedPermission(permission.arn)->Template(static_cast<int>(version));
    if (!text) return NoPermission(permission.arn + " version " + std::to_string(version));
    return std::move(*text);
  }
  TRY_ASSIGN(auto row, tx.Maybe("SELECT template FROM ram_permission_versions WHERE permission_id = ? AND version = ?",
                                {permission.id, version}));
  if (!row) return NoPermission(permission.arn + " version " + std::to_string(version));
  return row->Text(0);
}

Result<std::vector<HeldPermission>> PermissionsOf(store::Transaction& tx, const ShareRow& share) {
  std::map<std::string, HeldPermission> held;
  TRY_ASSIGN(auto resources, ResourcesOf(tx, share));
  for (const ShareResource& resource : resources) {
    if (resource.status != "ASSOCIATED") continue;
    const ManagedPermission* managed =
        share.by_grant ? GrantedPermission(resource.type, resource.arn) : DefaultPermission(resource.type);
    if (!managed) continue;
    std::string key = share.by_grant ? managed->arn() : resource.type;
    held[key] = {share.arn, managed->arn(), resource.type, ManagedPermission::kVersions, share.created_ms};
  }
  TRY_ASSIGN(auto rows,
             tx.Query("SELECT resource_type, arn, version, updated_ms FROM ram_share_permissions WHERE share_id = ?", {share.id}));
  for (const store::Row& row : rows) held[row.Text(0)] = {share.arn, row.Text(1), row.Text(0), row.Int(2), row.Int(3)};
  std::vector<HeldPermission> all;
  for (auto& [key, one] : held) all.push_back(std::move(one));
  return all;
}

Result<void> ChoosePermission(store::Transaction& tx, const ShareRow& share, const SharePermission& permission, TimeMs now_ms) {
  TRY(
      tx.Execute("INSERT INTO ram_share_permissions (share_id, resource_type, arn, version, updated_ms) VALUES (?, ?, ?, ?, ?) "
                 "ON CONFLICT (share_id, resource_type) DO UPDATE SET arn = excluded.arn, version = excluded.version, "
                 "updated_ms = excluded.updated_ms",
                 {share.id, permission.type, permission.arn, permission.default_version, now_ms}));
  return {};
}

}  // namespace hanse::governance
