#include "governance/authority.h"

#include <algorithm>

#include "governance/office.h"
#include "governance/refusals.h"
#include "governance/rights.h"
#include "policy/lake_decide.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using policy::PermissionSet;

class Judge {
 public:
  Judge(store::Transaction& tx, const Caller& caller, const Modification& grant)
      : tx_(tx),
        caller_(caller),
        target_(grant.target),
        wanted_(grant.permissions | grant.grantable),
        foreign_(caller.account != grant.target.owner) {}

  Result<bool> Allows() {
    switch (target_.kind) {
      case GrantKind::kCatalog: {
        TRY_ASSIGN(PermissionSet may, RightsOnCatalog(tx_, caller_, target_.owner, target_.region, Which::kGrantable));
        return Covered(may);
      }
      case GrantKind::kDatabase: {
        TRY_ASSIGN(PermissionSet may, RightsOnDatabase(tx_, caller_, *target_.database, Which::kGrantable));
        return Covered(may);
      }
      case GrantKind::kAllTables: {
        TRY_ASSIGN(PermissionSet may, RightsOnAllTables(tx_, caller_, *target_.database, Which::kGrantable));
        return Covered(may);
      }
      case GrantKind::kTable:
      case GrantKind::kColumns:
      case GrantKind::kAllButColumns:
      case GrantKind::kCells: return OnTable();
      case GrantKind::kLocation: {
        TRY_ASSIGN(PermissionSet may,
                   RightsOnLocation(tx_, caller_, target_.owner, target_.region, target_.path, Which::kGrantable));
        return Covered(may);
      }
      case GrantKind::kTag: return OnTag();
      case GrantKind::kDatabasesByTag:
      case GrantKind::kTablesByTag: return OnPolicy();
      case GrantKind::kExpression: {
        TRY_ASSIGN(PermissionSet may,
                   RightsOnExpression(tx_, caller_, target_.owner, target_.region, target_.expression, Which::kGrantable));
        return Covered(may);
      }
      case GrantKind::kRowPolicy: {
        TRY_ASSIGN(PermissionSet may, RightsOnRowPolicy(tx_, caller_, target_.row_policy, Which::kGrantable));
        return Covered(may);
      }
    }
    return false;
  }

 private:
  bool Covered(PermissionSet may) const { return (may & wanted_) == wanted_; }

  // SELECT on a part may be passed on by who holds that part whole. A consumer may name columns and rows as it likes: what its
  // account holds is laid over every read (lakeformation.md, section 5.6).
  Result<bool> OnTable() {
    TRY_ASSIGN(policy::TableAccess may, RightsOnTable(tx_, caller_, *target_.table, Which::kGrantable));
    if (Covered(may.permissions)) return true;
    PermissionSet rest = wanted_;
    rest.Remove(may.permissions);
    if (rest != PermissionSet(Permission::kSelect) || !may.readable) return HoldsFilter();
    if (target_.kind == GrantKind::kColumns) {
      bool shown = std::ranges::all_of(target_.columns, [&](const std::string& column) {
        bool readable = std::ranges::find(may.columns, column) != may.columns.end();
        return readable && (foreign_ || (may.row_filter.empty() && !may.cell_filters.contains(column)));
      });
      return shown;
    }
    if (foreign_) return true;
    return HoldsFilter();
  }

  // The very filter, held with the grant option.
  Result<bool> HoldsFilter() {
    if (target_.kind != GrantKind::kCells) return false;
    TRY_ASSIGN(Holdings rows, HoldingsOf(tx_, caller_, target_.owner, target_.region, {target_.table->id}, Which::kGrantable));
    return Covered(
        United(rows, {}, [&](const GrantRow& row) { return row.kind == GrantKind::kCells && row.filter == target_.filter; }));
  }

  Result<bool> OnTag() {
    for (const std::string& value : target_.values) {
      TRY_ASSIGN(PermissionSet may, RightsOnTag(tx_, caller_, target_.tag, value, Which::kGrantable));
      if (!Covered(may)) return false;
    }
    return true;
  }

  // The identical policy with the grant option, or a right on every pair: GRANT_WITH_LF_TAG_EXPRESSION at home (section 3.5),
  // DESCRIBE abroad, for an administrator and where the owner gave no identical policy (section 5.6, rules 1 and 2).
  Result<bool> OnPolicy() {
    TRY_ASSIGN(Holdings rows, HoldingsOf(tx_, caller_, target_.owner, target_.region, {0}, Which::kGrantable));
    std::string key = target_.Rows().front().resource_key;
    auto same = [&](const GrantRow& row) { return row.resource_key == key; };
    if (Covered(United(rows, AllOf(), same))) return true;
    if (!foreign_) return OnPairs(Permission::kGrantWithLfTagExpression);
    TRY_ASSIGN(Holdings held, HoldingsOf(tx_, caller_, target_.owner, target_.region, {0}, Which::kHeld));
    TRY_ASSIGN(Office office, OfficeOf(tx_, caller_, caller_.account, target_.region));
    if (office != Office::kAdmin || std::ranges::any_of(held.own, same)) return false;
    return OnPairs(Permission::kDescribe);
  }

  Result<bool> OnPairs(Permission needed) {
    for (const policy::TagTerm& term : target_.terms) {
      TRY_ASSIGN(auto tag, FindTagById(tx_, term.tag));
      if (!tag) return false;
      for (const std::string& value : term.values) {
        TRY_ASSIGN(PermissionSet held, RightsOnTag(tx_, caller_, *tag, value, Which::kHeld));
        bool implied = needed == Permission::kDescribe && held.Has(Permission::kAssociate);
        if (!held.Has(needed) && !implied) return false;
      }
    }
    return true;
  }

  PermissionSet AllOf() const {
    return target_.kind == GrantKind::kDatabasesByTag ? policy::DatabasePermissions() : policy::TablePermissions();
  }

  store::Transaction& tx_;
  const Caller& caller_;
  const Target& target_;
  PermissionSet wanted_;
  bool foreign_;
};

}  // namespace

Result<void> MayModify(store::Transaction& tx, const Caller& caller, const Modification& grant) {
  const Target& target = grant.target;
  TRY_ASSIGN(Office office, OfficeOf(tx, caller, target.owner, target.region));
  if (office == Office::kAdmin) return {};
  bool foreign = caller.account != target.owner;
  if (foreign && (grant.grantee.account != caller.account || grant.grantee.kind == GranteeKind::kAccount)) return NotYours();
  TRY_ASSIGN(bool allowed, Judge(tx, caller, grant).Allows());
  return allowed ? Result<void>() : NotYours();
}

}  // namespace hanse::governance
