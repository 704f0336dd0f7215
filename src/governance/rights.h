#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "governance/lake_reader.h"
#include "governance/row_policy_rows.h"
#include "policy/lake_decide.h"
#include "store/directory.h"

// What a caller holds in the catalog of an account, from the rows: its own account's, or another's, where what the owner gave to
// the account is the ceiling over what the account gave to the caller (lakeformation.md, sections 2.14 and 5.6). Any thread.
namespace hanse::governance {

// What the caller may do, or what it may pass on.
enum class Which { kHeld, kGrantable };

// The caller's grants in one catalog, sorted by where they come from. Conditions that do not hold and closed shares are left out.
struct Holdings {
  bool foreign = false;
  std::vector<GrantRow> own;             // To the caller itself by the owner; in another account's catalog an administrator of the
                                         // caller's account holds what the account holds.
  std::vector<GrantRow> local, ceiling;  // Of another account's catalog only.
};
Result<Holdings> HoldingsOf(const LakeReader& from, const Caller& caller, std::string_view owner, std::string_view region,
                            const std::vector<Id>& objects, Which which);

// own, and what is in both local and ceiling: for permissions that are plain sets. `reaches`: whether a row is about the thing.
template <class Reaches>
policy::PermissionSet United(const Holdings& holdings, policy::PermissionSet all, Reaches reaches);

policy::Holding HoldingOf(const GrantRow& row);
// DecideTable, told as the caller may be told it.
policy::TableAccess Told(const policy::TableFacts& facts, const Caller& caller, const store::TableRow& table, bool by_iam);

// kHeld: what the caller may do, the row-level security policies that bind it included (restrictions.h).
Result<policy::TableAccess> RightsOnTable(const LakeReader& from, const Caller& caller, const store::TableRow& table, Which which);
// What grants give alone, for lists of permissions.
Result<policy::TableAccess> GrantedOnTable(const LakeReader& from, const Caller& caller, const store::TableRow& table);
// Whether what the caller holds on the table shows it the database too: a grant with a condition does not (section 2.11).
Result<bool> ShowsDatabase(const LakeReader& from, const Caller& caller, const store::TableRow& table);
Result<policy::PermissionSet> RightsOnDatabase(const LakeReader& from, const Caller& caller, const store::DatabaseRow& database,
                                               Which which);
// By the wildcard of a database: on all its tables, those to come included.
Result<policy::PermissionSet> RightsOnAllTables(store::Transaction& tx, const Caller& caller, const store::DatabaseRow& database,
                                                Which which);
Result<policy::PermissionSet> RightsOnCatalog(store::Transaction& tx, const Caller& caller, std::string_view account,
                                              std::string_view region, Which which);
// On a value of a tag; "*": on the key and every value.
Result<policy::PermissionSet> RightsOnTag(store::Transaction& tx, const Caller& caller, const TagRow& tag, std::string_view value,
                                          Which which);
Result<policy::PermissionSet> RightsOnExpression(store::Transaction& tx, const Caller& caller, std::string_view account,
                                                 std::string_view region, Id expression, Which which);
// Of a catalog's own principals.
Result<policy::PermissionSet> RightsOnRowPolicy(store::Transaction& tx, const Caller& caller, const RowPolicyRow& policy,
                                                Which which);
// DATA_LOCATION_ACCESS on a path ("bucket/prefix/") that `account` has registered.
Result<policy::PermissionSet> RightsOnLocation(store::Transaction& tx, const Caller& caller, std::string_view account,
                                               std::string_view region, std::string_view path, Which which);
// Whether the tag may be seen, and used in a question: anything held on it.
bool ShowsTag(policy::PermissionSet held);

template <class Reaches>
policy::PermissionSet United(const Holdings& holdings, policy::PermissionSet all, Reaches reaches) {
  auto sum = [&](const std::vector<GrantRow>& rows) {
    policy::PermissionSet set;
    for (const GrantRow& row : rows) {
      if (reaches(row)) set.Add(row.permissions.Has(policy::Permission::kAll) ? all : row.permissions);
    }
    return set;
  };
  return sum(holdings.own) | (sum(holdings.local) & sum(holdings.ceiling));
}

}  // namespace hanse::governance
