#include "governance/listed_rights.h"

#include <optional>

#include "governance/grantee.h"
#include "governance/office.h"
#include "governance/restrictions.h"
#include "governance/rights.h"

namespace hanse::governance {
namespace {

// IAM_ALLOWED_PRINCIPALS is out of the ordinary: opt-ins, of a table or its database, take it away.
bool ByIam(const GrantRow& row) { return row.principal == kIamAllowedPrincipals; }

// A database of the caller's own account, asked about in one transaction; the snapshot is what that reads.
class OneDatabase {
 public:
  // Nothing where each table must be asked about by itself.
  static Result<std::optional<OneDatabase>> Of(const LakeReader& from, const Caller& caller, const store::DatabaseRow& database) {
    using Found = std::optional<OneDatabase>;
    if (!from.snapshot() || caller.account != database.account) return Found();
    OneDatabase one(from, caller, database);
    TRY_ASSIGN(Holdings rows, one.On({database.id, 0}));
    for (const GrantRow& row : rows.own) {
      if (row.kind != GrantKind::kAllTables && row.kind != GrantKind::kTablesByTag) continue;
      if (ByIam(row)) return Found();
      one.facts_.own.push_back(HoldingOf(row));
    }
    one.shared_ = one.facts_.own.size();
    TRY_ASSIGN(one.tags_, from.DatabaseTags(database.id));
    TRY_ASSIGN(Office office, OfficeOf(from.tx(), caller, database.account, database.region));
    one.facts_.describes_all = office != Office::kNone;
    TRY_ASSIGN(one.restricts_, AnyAttachment(from.tx(), database.region));
    return Found(std::move(one));
  }

  Result<policy::TableAccess> Rights(const store::TableRow& table) {
    const policy::LakeThing* thing = from_.snapshot()->Thing(table.id);
    facts_.own.resize(shared_);
    if (table.database != database_.id) return Alone(table);
    if (thing && !thing->grants.empty()) {
      TRY_ASSIGN(Holdings rows, On({table.id}));
      for (const GrantRow& row : rows.own) {
        if (ByIam(row)) return Alone(table);
        if (AboutTable(row, table)) facts_.own.push_back(HoldingOf(row));
      }
    }
    facts_.columns = table.columns;
    facts_.keys = table.keys;
    facts_.tags = thing ? policy::Overlay(thing->tags, tags_) : tags_;
    facts_.column_tags = thing ? thing->columns : std::map<std::string, policy::Tags>();
    if (restricts_) {
      TRY_ASSIGN(facts_.restrictions, RestrictionsOn(from_.tx(), caller_, table));
      if (!facts_.restrictions.empty()) facts_.types = TypesOf(table);
    }
    return Told(facts_, caller_, table, false);
  }

 private:
  OneDatabase(const LakeReader& from, const Caller& caller, const store::DatabaseRow& database)
      : from_(from), caller_(caller), database_(database) {}
  Result<Holdings> On(const std::vector<Id>& objects) const {
    return HoldingsOf(from_, caller_, database_.account, database_.region, objects, Which::kHeld);
  }
  Result<policy::TableAccess> Alone(const store::TableRow& table) const {
    return RightsOnTable(from_, caller_, table, Which::kHeld);
  }

  const LakeReader& from_;
  const Caller& caller_;
  const store::DatabaseRow& database_;
  policy::TableFacts facts_;  // Of the table before; the first `shared_` of `own` are every table's.
  std::size_t shared_ = 0;
  policy::Tags tags_;
  bool restricts_ = false;  // There are row-level security policies that are attached to something.
};

}  // namespace

Result<std::vector<policy::TableAccess>> RightsOnTables(const LakeReader& from, const Caller& caller,
                                                        const store::DatabaseRow& database,
                                                        std::span<const store::TableRow> tables) {
  std::vector<policy::TableAccess> all;
  all.reserve(tables.size());
  TRY_ASSIGN(auto one, OneDatabase::Of(from, caller, database));
  for (const store::TableRow& table : tables) {
    TRY_ASSIGN(policy::TableAccess access, one ? one->Rights(table) : RightsOnTable(from, caller, table, Which::kHeld));
    all.push_back(std::move(access));
  }
  return all;
}

}  // namespace hanse::governance
