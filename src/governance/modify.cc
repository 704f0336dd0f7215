#include "governance/modify.h"

#include <algorithm>

#include "base/text.h"
#include "governance/authority.h"
#include "governance/grant_rules.h"
#include "governance/office.h"
#include "governance/refusals.h"
#include "governance/settings_rows.h"
#include "governance/share_rows.h"
#include "model/arn.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using policy::PermissionSet;

Result<PermissionSet> ReadPermissions(const std::optional<std::vector<std::string>>& names) {
  PermissionSet set;
  for (const std::string& name : names.value_or(std::vector<std::string>())) {
    Permission permission;
    if (!policy::ParsePermission(name, &permission)) return InvalidModification();
    set.Add(permission);
  }
  return set;
}

// Whether somebody may be told that a thing is missing: who sees everything in the catalog anyway.
Result<bool> SeesAll(const gate::Call& call, const std::optional<std::string>& catalog_id) {
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), catalog_id.value_or(call.caller().account), call.info().region));
  return office != Office::kNone;
}

Result<Target> FindTargetFor(const gate::Call& call, const std::optional<std::string>& catalog_id,
                             const wire::lakeformation::Resource& in) {
  auto target = FindTarget(call.tx(), call.caller(), call.info().region, catalog_id, in);
  if (target || target.error().code != ErrorCode::kNotFound) return target;
  TRY_ASSIGN(bool sees, SeesAll(call, catalog_id));
  if (sees) return target;
  return NotYours();
}

// A grant that leaves the account is also an act of RAM and on the catalog's resource policy (lakeformation.md, section 5.4).
Result<void> RequireSharing(const gate::Call& call, const Modification& grant) {
  const Target& target = grant.target;
  if (call.caller().account != target.owner || !grant.grantee.leaves(target.owner) || target.kind == GrantKind::kLocation)
    return {};
  TRY(call.Require({"glue:PutResourcePolicy", GlueArn(target.region, target.owner, "catalog"), {}}));
  return call.Require({"ram:CreateResourceShare", "*", {}});
}

// The rows as they are to be, checked against what stands; nothing is written yet.
Result<std::vector<GrantRow>> RowsToAdd(const gate::Call& call, const Modification& grant) {
  std::vector<GrantRow> rows = grant.target.Rows();
  for (GrantRow& row : rows) {
    row.keeper = call.caller().account;
    row.principal = grant.grantee.key;
    row.principal_id = grant.grantee.principal;
    row.shown = grant.grantee.shown;
    row.condition = grant.condition;
    row.updated_ms = call.now_ms();
    row.updated_by = call.caller().principal_arn;
    TRY_ASSIGN(auto there, FindGrant(call.tx(), row));
    row.permissions = grant.permissions;
    row.grantable = grant.grantable;
    PermissionSet held = there ? there->permissions | row.permissions : row.permissions;
    if ((row.grantable & held) != row.grantable) return Invalid("PermissionsWithGrantOption must be among Permissions");
    if (!there || row.kind != GrantKind::kColumns) continue;
    // Two lists of columns for one principal are one list (section 2.7).
    std::vector<std::string> merged = there->columns();
    merged.insert(merged.end(), grant.target.columns.begin(), grant.target.columns.end());
    std::ranges::sort(merged);
    merged.erase(std::unique(merged.begin(), merged.end()), merged.end());
    row.detail = Join(merged, "\n");
  }
  return rows;
}

Result<void> Grant(const gate::Call& call, Random& random, const Modification& grant) {
  store::Transaction& tx = call.tx();
  const Caller& caller = call.caller();
  const Target& target = grant.target;
  bool crosses = caller.account == target.owner && grant.grantee.leaves(target.owner);
  TRY(CheckCompatible(tx, grant, caller.account));
  if (crosses) TRY(CheckCrossing(tx, grant));
  TRY(RequireSharing(call, grant));
  TRY_ASSIGN(std::vector<GrantRow> rows, RowsToAdd(call, grant));
  TRY(KeepDefaults(tx, target.owner, target.region, call.now_ms()));
  Id share = 0;
  if (crosses && target.kind != GrantKind::kLocation) {
    TRY_ASSIGN(share, ShareFor(tx, random, caller, target.owner, target.region, grant.grantee, call.now_ms()));
  }
  for (GrantRow& row : rows) {
    row.share = share;
    TRY(AddGrant(tx, std::move(row)));
  }
  return {};
}

std::unexpected<Error> NothingToRevoke() {
  return Invalid("No permissions revoked. Grantee has no permissions on the resource, or not in this form.");
}

Result<void> Revoke(const gate::Call& call, const Modification& revoke) {
  store::Transaction& tx = call.tx();
  TRY(KeepDefaults(tx, revoke.target.owner, revoke.target.region, call.now_ms()));
  std::vector<GrantRow> changed;
  for (GrantRow& row : revoke.target.Rows()) {
    row.keeper = call.caller().account;
    row.principal = revoke.grantee.key;
    row.condition = revoke.condition;
    TRY_ASSIGN(auto there, FindGrant(tx, row));
    if (!there) continue;
    if (row.kind == GrantKind::kColumns && there->detail != row.detail) return InvalidModification();
    GrantRow left = *there;
    left.permissions.Remove(revoke.permissions);
    left.grantable.Remove(revoke.permissions | revoke.grantable);
    if (left.permissions == there->permissions && left.grantable == there->grantable) continue;
    left.updated_ms = call.now_ms();
    left.updated_by = call.caller().principal_arn;
    changed.push_back(std::move(left));
  }
  if (changed.empty()) return NothingToRevoke();
  for (const GrantRow& row : changed) TRY(StoreGrant(tx, row));
  return {};
}

}  // namespace

Result<void> Modify(const gate::Call& call, Random& random, Change change, const std::optional<std::string>& catalog_id,
                    const wire::lakeformation::BatchPermissionsRequestEntry& entry) {
  Modification modification;
  TRY_ASSIGN(modification.permissions, ReadPermissions(entry.permissions));
  TRY_ASSIGN(modification.grantable, ReadPermissions(entry.permissions_with_grant_option));
  if (modification.permissions.empty() && (change == Change::kGrant || modification.grantable.empty())) {
    return Invalid("Permissions must have at least one member");
  }
  if (entry.condition) modification.condition = entry.condition->expression.value_or("");
  std::string identifier = entry.principal ? entry.principal->data_lake_principal_identifier.value_or("") : "";
  TRY_ASSIGN(modification.grantee, FindGrantee(call.tx(), call.caller(), identifier));
  TRY_ASSIGN(modification.target, FindTargetFor(call, catalog_id, entry.resource.value_or(wire::lakeformation::Resource())));
  TRY(CheckShape(modification));
  TRY(MayModify(call.tx(), call.caller(), modification));
  return change == Change::kGrant ? Grant(call, random, modification) : Revoke(call, modification);
}

}  // namespace hanse::governance
