#include "governance/rights.h"

#include <algorithm>

#include "governance/grantee.h"
#include "governance/office.h"
#include "governance/opt_in_rows.h"
#include "governance/restrictions.h"
#include "policy/lake_condition.h"
#include "policy/lake_decide.h"

namespace hanse::governance {
namespace {

using policy::Permission;
using policy::PermissionSet;

// A condition that cannot be read holds for nobody.
bool Counts(const GrantRow& row, const Caller& caller) {
  if (!row.open) return false;
  if (row.condition.empty()) return true;
  auto holds = policy::ConditionHolds(row.condition, caller.principal_tags);
  return holds && *holds;
}

void Take(std::vector<GrantRow>* to, GrantRow row, Which which) {
  if (which == Which::kGrantable) row.permissions = row.grantable;
  if (!row.permissions.empty()) to->push_back(std::move(row));
}

std::vector<policy::Holding> HoldingsOn(const std::vector<GrantRow>& rows, const store::TableRow& table) {
  std::vector<policy::Holding> holdings;
  for (const GrantRow& row : rows) {
    if (AboutTable(row, table)) holdings.push_back(HoldingOf(row));
  }
  return holdings;
}

bool ByTag(const std::vector<policy::Holding>& holdings) {
  for (const policy::Holding& holding : holdings) {
    if (holding.reach == policy::Reach::kTags) return true;
  }
  return false;
}

Result<policy::TableFacts> FactsOf(const LakeReader& from, const Holdings& rows, const store::TableRow& table) {
  policy::TableFacts facts;
  facts.columns = table.columns;
  facts.keys = table.keys;
  facts.own = HoldingsOn(rows.own, table);
  facts.local = HoldingsOn(rows.local, table);
  facts.ceiling = HoldingsOn(rows.ceiling, table);
  if (ByTag(facts.own) || ByTag(facts.local) || ByTag(facts.ceiling)) {
    TRY_ASSIGN(TableTags tags, from.TagsOfTable(table));
    facts.tags = policy::Overlay(tags.table, tags.database);
    facts.column_tags = std::move(tags.columns);
  }
  return facts;
}

}  // namespace

policy::Holding HoldingOf(const GrantRow& row) {
  policy::Holding holding;
  holding.permissions = row.permissions;
  holding.reason = "grant " + std::to_string(row.id);
  switch (row.kind) {
    case GrantKind::kColumns:
    case GrantKind::kAllButColumns:
      holding.reach = policy::Reach::kColumns;
      holding.list = row.kind == GrantKind::kColumns ? policy::ColumnList::kOnly : policy::ColumnList::kAllBut;
      holding.columns = row.columns();
      break;
    case GrantKind::kCells:
      holding.reach = policy::Reach::kCells;
      holding.list = row.filter_list == "only" ? policy::ColumnList::kOnly : policy::ColumnList::kAllBut;
      holding.columns = row.columns();
      holding.rows = row.filter_rows;
      break;
    case GrantKind::kTablesByTag:
      holding.reach = policy::Reach::kTags;
      holding.expression = row.tags();
      break;
    default: holding.reach = policy::Reach::kTable; break;
  }
  return holding;
}

Result<Holdings> HoldingsOf(const LakeReader& from, const Caller& caller, std::string_view owner, std::string_view region,
                            const std::vector<Id>& objects, Which which) {
  Holdings holdings;
  holdings.foreign = caller.account != owner;
  std::vector<std::string> own = OwnKeys(caller), principals = own;
  if (holdings.foreign) {
    for (std::string& key : AccountKeys(caller)) principals.push_back(std::move(key));
  } else if (which == Which::kHeld) {
    principals.emplace_back(kIamAllowedPrincipals);
  }
  TRY_ASSIGN(auto rows, from.GrantsTo(owner, region, principals, objects));
  if (rows.empty()) return holdings;
  if (!holdings.foreign) TRY(ForgetIamWhereOptedIn(from.tx(), caller, objects, &rows));
  bool administers = false;
  if (holdings.foreign) {
    TRY_ASSIGN(Office office, OfficeOf(from.tx(), caller, caller.account, region));
    administers = office == Office::kAdmin;
  }
  for (GrantRow& row : rows) {
    if (!Counts(row, caller)) continue;
    bool mine = std::find(own.begin(), own.end(), row.principal) != own.end();
    if (!holdings.foreign) {
      Take(&holdings.own, std::move(row), which);
    } else if (row.keeper == caller.account) {
      if (mine) Take(&holdings.local, std::move(row), which);
    } else if (row.keeper != owner) {
      continue;  // Another consumer's choice is nobody else's.
    } else if (mine) {
      Take(&holdings.own, std::move(row), which);
    } else {
      // Without the grant option what the owner gave stays with the account's administrators (lakeformation.md, section 5.4).
      if (administers) Take(&holdings.own, row, which);
      Take(&holdings.ceiling, std::move(row), Which::kGrantable);
    }
  }
  return holdings;
}

namespace {

// All that decides about a table, but for the policies that take rows.
struct Gathered {
  policy::TableFacts facts;
  bool by_iam = false;
};

Result<Gathered> Gather(const LakeReader& from, const Caller& caller, const store::TableRow& table, Which which) {
  TRY_ASSIGN(Holdings rows, HoldingsOf(from, caller, table.account, table.region, {table.id, table.database, 0}, which));
  Gathered gathered;
  TRY_ASSIGN(gathered.facts, FactsOf(from, rows, table));
  // IAM_ALLOWED_PRINCIPALS gives nothing abroad; it still says who reads with its own rights in S3 (section 5.7, row 8).
  std::vector<GrantRow> abroad;
  if (rows.foreign && which == Which::kHeld) {
    TRY_ASSIGN(abroad,
               from.GrantsTo(table.account, table.region, {std::string(kIamAllowedPrincipals)}, {table.id, table.database}));
    TRY(ForgetIamWhereOptedIn(from.tx(), caller, {table.id, table.database}, &abroad));
  }
  gathered.by_iam = std::ranges::any_of(rows.foreign ? abroad : rows.own, [&](const GrantRow& row) {
    return row.principal == kIamAllowedPrincipals && AboutTable(row, table);
  });
  if (which == Which::kHeld) {
    TRY_ASSIGN(Office office, OfficeOf(from.tx(), caller, table.account, table.region));
    gathered.facts.describes_all = office != Office::kNone;
  }
  return gathered;
}

}  // namespace

policy::TableAccess Told(const policy::TableFacts& facts, const Caller& caller, const store::TableRow& table, bool by_iam) {
  policy::TableAccess access = policy::DecideTable(facts);
  access.by_iam = by_iam;
  // Of a policy that does not fit its table only those learn who can mend it.
  bool mends = caller.account == table.account && (facts.describes_all || access.permissions.Has(Permission::kAlter));
  if (!mends) access.broken.clear();
  return access;
}

Result<policy::TableAccess> RightsOnTable(const LakeReader& from, const Caller& caller, const store::TableRow& table, Which which) {
  TRY_ASSIGN(Gathered gathered, Gather(from, caller, table, which));
  policy::TableFacts& facts = gathered.facts;
  if (which == Which::kHeld) {
    TRY_ASSIGN(facts.restrictions, RestrictionsOn(from.tx(), caller, table));
    if (!facts.restrictions.empty()) facts.types = TypesOf(table);
  }
  return Told(facts, caller, table, gathered.by_iam);
}

Result<policy::TableAccess> GrantedOnTable(const LakeReader& from, const Caller& caller, const store::TableRow& table) {
  TRY_ASSIGN(Gathered gathered, Gather(from, caller, table, Which::kHeld));
  return policy::DecideTable(gathered.facts);
}

Result<bool> ShowsDatabase(const LakeReader& from, const Caller& caller, const store::TableRow& table) {
  TRY_ASSIGN(Holdings rows, HoldingsOf(from, caller, table.account, table.region, {table.id, table.database, 0}, Which::kHeld));
  for (auto* side : {&rows.own, &rows.local, &rows.ceiling}) {
    std::erase_if(*side, [](const GrantRow& row) { return !row.condition.empty(); });
  }
  TRY_ASSIGN(policy::TableFacts facts, FactsOf(from, rows, table));
  return policy::DecideTable(facts).visible;
}

Result<PermissionSet> RightsOnDatabase(const LakeReader& from, const Caller& caller, const store::DatabaseRow& database,
                                       Which which) {
  TRY_ASSIGN(Holdings rows, HoldingsOf(from, caller, database.account, database.region, {database.id, 0}, which));
  TRY_ASSIGN(policy::Tags tags, from.DatabaseTags(database.id));
  // On either side of a border each grant says what it says, DESCRIBE with it (section 2.6).
  for (auto* side : {&rows.own, &rows.local, &rows.ceiling}) {
    for (GrantRow& row : *side) row.permissions = policy::Expand(row.permissions, policy::DatabasePermissions());
  }
  PermissionSet set = United(rows, policy::DatabasePermissions(), [&](const GrantRow& row) {
    if (row.kind == GrantKind::kDatabase) return row.object == database.id;
    return row.kind == GrantKind::kDatabasesByTag && policy::Matches(row.tags(), tags);
  });
  return policy::Expand(set, policy::DatabasePermissions());
}

Result<PermissionSet> RightsOnAllTables(store::Transaction& tx, const Caller& caller, const store::DatabaseRow& database,
                                        Which which) {
  TRY_ASSIGN(Holdings rows, HoldingsOf(tx, caller, database.account, database.region, {database.id}, which));
  PermissionSet set =
      United(rows, policy::TablePermissions(), [&](const GrantRow& row) { return row.kind == GrantKind::kAllTables; });
  return policy::Expand(set, policy::TablePermissions());
}

Result<PermissionSet> RightsOnCatalog(store::Transaction& tx, const Caller& caller, std::string_view account,
                                      std::string_view region, Which which) {
  if (caller.account != account) return PermissionSet();
  TRY_ASSIGN(Holdings rows, HoldingsOf(tx, caller, account, region, {0}, which));
  return United(rows, {}, [](const GrantRow& row) { return row.kind == GrantKind::kCatalog; });
}

Result<PermissionSet> RightsOnTag(store::Transaction& tx, const Caller& caller, const TagRow& tag, std::string_view value,
                                  Which which) {
  TRY_ASSIGN(Holdings rows, HoldingsOf(tx, caller, tag.account, tag.region, {tag.id}, which));
  return United(rows, {},
                [&](const GrantRow& row) { return row.kind == GrantKind::kTag && (row.detail == "*" || row.detail == value); });
}

Result<PermissionSet> RightsOnExpression(store::Transaction& tx, const Caller& caller, std::string_view account,
                                         std::string_view region, Id expression, Which which) {
  TRY_ASSIGN(Holdings rows, HoldingsOf(tx, caller, account, region, {expression}, which));
  return United(rows, {}, [](const GrantRow& row) { return row.kind == GrantKind::kExpression; });
}

Result<PermissionSet> RightsOnRowPolicy(store::Transaction& tx, const Caller& caller, const RowPolicyRow& policy, Which which) {
  if (caller.account != policy.account) return PermissionSet();
  TRY_ASSIGN(Holdings rows, HoldingsOf(tx, caller, policy.account, policy.region, {policy.id}, which));
  PermissionSet held = United(rows, {}, [](const GrantRow& row) { return row.kind == GrantKind::kRowPolicy; });
  TRY_ASSIGN(Office office, OfficeOf(tx, caller, policy.account, policy.region));
  bool sees = office != Office::kNone || !held.empty();
  if (which == Which::kHeld && sees) held.Add(Permission::kDescribe);
  return held;
}

Result<PermissionSet> RightsOnLocation(store::Transaction& tx, const Caller& caller, std::string_view account,
                                       std::string_view region, std::string_view path, Which which) {
  TRY_ASSIGN(Holdings rows, HoldingsOf(tx, caller, account, region, {0}, which));
  return United(rows, {}, [&](const GrantRow& row) { return row.kind == GrantKind::kLocation && path.starts_with(row.detail); });
}

bool ShowsTag(PermissionSet held) { return !held.empty(); }

}  // namespace hanse::governance
