#include "governance/grant_rules.h"

#include <algorithm>

#include "governance/location_rows.h"
#include "governance/refusals.h"
#include "governance/settings_rows.h"
#include "policy/lake_condition.h"
#include "policy/lake_decide.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using policy::PermissionSet;

PermissionSet Of(std::initializer_list<Permission> permissions) {
  PermissionSet set;
  for (Permission permission : permissions) set.Add(permission);
  return set;
}

bool Within(PermissionSet part, PermissionSet whole) { return (part & whole) == part; }

// ALTER and DROP are rights on the key, the others on values.
bool TagFits(const Target& target, PermissionSet permissions) {
  PermissionSet on_key = Of({Permission::kAlter, Permission::kDrop});
  bool whole_key = target.values.size() == 1 && target.values.front() == "*";
  return whole_key || (permissions & on_key).empty();
}

Result<void> CheckIamAllowed(const Modification& grant) {
  PermissionSet only = grant.target.kind == GrantKind::kCatalog ? Permission::kCreateDatabase : Permission::kAll;
  bool fits = grant.target.kind == GrantKind::kCatalog || grant.target.kind == GrantKind::kDatabase ||
              grant.target.kind == GrantKind::kTable || grant.target.kind == GrantKind::kAllTables;
  if (!fits || grant.permissions != only || !grant.grantable.empty() || grant.target.select_only) return InvalidModification();
  return {};
}

Result<void> CheckCondition(const Modification& grant) {
  if (grant.condition.empty()) return {};
  auto readable = policy::ConditionHolds(grant.condition, {});
  if (!readable) return std::unexpected(std::move(readable).error());
  bool policy = grant.target.kind == GrantKind::kDatabasesByTag || grant.target.kind == GrantKind::kTablesByTag;
  if (grant.grantee.kind != GranteeKind::kEveryPrincipal) return Invalid("A condition needs the principal ACCOUNT:IAMPrincipals");
  if (!grant.grantable.empty() || policy) return InvalidModification();
  return {};
}

// Whether Lake Formation governs there only whom it was told to govern, which may be shared from version 4 on (section 5.4).
Result<bool> IsHybrid(store::Transaction& tx, const Target& target, const CatalogSettings& settings) {
  std::string place = target.table ? target.table->location : target.database ? target.database->location : "";
  std::optional<std::string> path = PathOfUri(place);
  if (settings.cross_account_version() < 4 || !path) return false;
  TRY_ASSIGN(auto over, LocationsOver(tx, target.region, *path));
  auto own = std::ranges::find(over, target.owner, &LocationRow::account);
  return own != over.end() && own->hybrid;
}

// IAM_ALLOWED_PRINCIPALS must be gone from what is shared (section 5.4).
Result<void> CheckClosedToIam(store::Transaction& tx, const Target& target, const CatalogSettings& settings) {
  bool database = target.kind == GrantKind::kDatabase || target.kind == GrantKind::kAllTables;
  Id thing = database && target.database ? target.database->id : target.table ? target.table->id : 0;
  if (thing == 0) return {};
  TRY_ASSIGN(auto open, GrantsTo(tx, target.owner, target.region, {std::string(kIamAllowedPrincipals)}, {thing}));
  if (open.empty()) return {};
  TRY_ASSIGN(bool hybrid, IsHybrid(tx, target, settings));
  if (hybrid) return {};
  return Invalid("Please revoke permission(s) for IAM_ALLOWED_PRINCIPALS on the resource before it is shared");
}

}  // namespace

PermissionSet PermissionsOf(const Target& target) {
  if (target.link) return Of({Permission::kDescribe, Permission::kDrop});
  switch (target.kind) {
    case GrantKind::kCatalog:
      return Of(
          {Permission::kCreateDatabase, Permission::kCreateCatalog, Permission::kCreateLfTag, Permission::kCreateLfTagExpression});
    case GrantKind::kDatabase:
    case GrantKind::kDatabasesByTag: return policy::DatabasePermissions();
    case GrantKind::kTable:
    case GrantKind::kAllTables:
    case GrantKind::kTablesByTag: return target.select_only ? PermissionSet(Permission::kSelect) : policy::TablePermissions();
    case GrantKind::kColumns:
    case GrantKind::kAllButColumns:
    case GrantKind::kCells: return Permission::kSelect;
    case GrantKind::kLocation: return Permission::kDataLocationAccess;
    case GrantKind::kTag:
      return Of({Permission::kAlter, Permission::kDrop, Permission::kDescribe, Permission::kAssociate,
                 Permission::kGrantWithLfTagExpression});
    case GrantKind::kExpression:
      return Of({Permission::kAlter, Permission::kDrop, Permission::kDescribe, Permission::kGrantWithLfTagExpression});
    case GrantKind::kRowPolicy: return Of({Permission::kAlter, Permission::kDrop, Permission::kDescribe});
  }
  return {};
}

Result<void> CheckShape(const Modification& grant) {
  // A link that IAM decides over keeps its ALL (section 2.8).
  if (grant.grantee.kind == GranteeKind::kIamAllowed) return CheckIamAllowed(grant);
  if (!Within(grant.permissions | grant.grantable, PermissionsOf(grant.target))) return InvalidModification();
  if (grant.target.kind == GrantKind::kTag && !TagFits(grant.target, grant.permissions | grant.grantable))
    return InvalidModification();
  return CheckCondition(grant);
}

Result<void> CheckCrossing(store::Transaction& tx, const Modification& grant) {
  const Target& target = grant.target;
  if (!grant.grantee.leaves(target.owner)) return {};
  TRY_ASSIGN(CatalogSettings settings, SettingsOf(tx, target.owner, target.region));
  const GranteeKind to = grant.grantee.kind;
  bool straight = to == GranteeKind::kPrincipal || to == GranteeKind::kSaml || to == GranteeKind::kEveryPrincipal;
  if (straight && settings.cross_account_version() < 3) {
    return Invalid("Cross account grants to principals need CROSS_ACCOUNT_VERSION 3 or above");
  }
  if (straight && !grant.grantable.empty()) return Invalid("Grant option is not supported for principals of other accounts");
  PermissionSet barred;
  switch (target.kind) {
    case GrantKind::kCatalog:
    case GrantKind::kAllButColumns:
    case GrantKind::kExpression:
    case GrantKind::kRowPolicy: return InvalidModification();
    case GrantKind::kDatabase:
    case GrantKind::kDatabasesByTag: barred = Of({Permission::kAll, Permission::kDrop}); break;
    case GrantKind::kTag: barred = Of({Permission::kAlter, Permission::kDrop, Permission::kGrantWithLfTagExpression}); break;
    default: break;
  }
  if (!((grant.permissions | grant.grantable) & barred).empty() || target.link || target.expression != 0)
    return InvalidModification();
  return CheckClosedToIam(tx, target, settings);
}

Result<void> CheckCompatible(store::Transaction& tx, const Modification& grant, std::string_view keeper) {
  const Target& target = grant.target;
  if (!target.table || target.kind == GrantKind::kCells) return {};
  bool partial = target.kind == GrantKind::kColumns || target.kind == GrantKind::kAllButColumns;
  for (const std::string& column : target.columns) {
    bool key = std::ranges::find(target.table->keys, column) != target.table->keys.end();
    if (!key && std::ranges::find(target.table->columns, column) == target.table->columns.end()) {
      return Invalid("cannot grant/revoke permission on non-existent column");
    }
    if (key && target.kind == GrantKind::kAllButColumns) return Invalid("Partition keys cannot be excluded");
  }
  TRY_ASSIGN(auto held, GrantsTo(tx, target.owner, target.region, {grant.grantee.key}, {target.table->id}));
  for (const GrantRow& row : held) {
    if (row.keeper != keeper || row.condition != grant.condition) continue;
    bool row_partial = row.kind == GrantKind::kColumns || row.kind == GrantKind::kAllButColumns;
    if ((partial && row.kind == GrantKind::kTable) || (row_partial && target.kind == GrantKind::kTable))
      return InvalidModification();
  }
  return {};
}

}  // namespace hanse::governance
