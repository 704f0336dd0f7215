#include "tests/reference/evaluator.h"

#include <algorithm>

namespace hanse::reference {
namespace {

const Words kOnTables = {"ALL", "SELECT", "ALTER", "DROP", "DELETE", "INSERT", "DESCRIBE"};
const Words kOnDatabases = {"ALL", "ALTER", "DROP", "DESCRIBE", "CREATE_TABLE"};

Words Common(const Words& one, const Words& other) {
  Words both;
  std::ranges::set_intersection(one, other, std::inserter(both, both.end()));
  return both;
}

// 2.2: ALL is everything; 2.6 rule 5: any permission on an object implies DESCRIBE on it.
Words Spelt(const Words& permissions, const Words& known) {
  if (permissions.contains("ALL")) return known;
  Words spelt = Common(permissions, known);
  if (!spelt.empty()) spelt.insert("DESCRIBE");
  return spelt;
}

bool Selects(const Words& permissions) { return permissions.contains("SELECT") || permissions.contains("ALL"); }

std::map<int, std::string> AssignedTo(const World& world, Id thing, const std::string& column) {
  auto found = world.assigned.find({thing, column});
  return found == world.assigned.end() ? std::map<int, std::string>() : found->second;
}

// 3.2: a column's tags over its table's over its database's, key by key.
std::map<int, std::string> EffectiveTags(const World& world, const Table& table, const std::string& column) {
  std::map<int, std::string> tags = AssignedTo(world, table.database, "");
  for (const auto& [tag, value] : AssignedTo(world, table.id, "")) tags[tag] = value;
  if (column.empty()) return tags;
  for (const auto& [tag, value] : AssignedTo(world, table.id, column)) tags[tag] = value;
  return tags;
}

// 3.4: keys ANDed, values ORed, "*" any value. What names no key means nothing.
bool Matches(const Expression& expression, const std::map<int, std::string>& tags) {
  for (const Term& term : expression) {
    auto found = tags.find(term.tag);
    if (found == tags.end()) return false;
    if (!term.values.contains("*") && !term.values.contains(found->second)) return false;
  }
  return !expression.empty();
}

const Expression& ExpressionOf(const World& world, const Grant& grant) {
  return grant.saved != 0 ? world.saved.at(grant.saved) : grant.expression;
}

// What grants give on a table: permissions on the whole, the columns that are described, and pairs of columns and rows.
struct Part {
  Words columns;
  RowSet rows = 0;
};
struct Given {
  Words whole, described;
  std::vector<Part> parts;

  bool Shows(const std::string& column) const {
    return std::ranges::any_of(parts, [&](const Part& part) { return part.columns.contains(column); });
  }
  RowSet RowsOfColumn(const std::string& column) const {
    RowSet rows = 0;
    for (const Part& part : parts) {
      if (part.columns.contains(column)) rows |= part.rows;
    }
    return rows;
  }
};

Words AllNames(const Table& table) {
  Words names(table.columns.begin(), table.columns.end());
  names.insert(table.keys.begin(), table.keys.end());
  return names;
}

void GiveWhole(const Table& table, const Words& permissions, Given* given) {
  Words spelt = Spelt(permissions, kOnTables);
  if (spelt.empty()) return;
  given->whole.insert(spelt.begin(), spelt.end());
  given->described.merge(AllNames(table));
  if (spelt.contains("SELECT")) given->parts.push_back({AllNames(table), kAllRows});
}

// 2.6 rule 4: partition keys cannot be filtered out; who names no column that is there is given nothing.
void GiveColumns(const Table& table, const Words& named, bool all_but, RowSet rows, Given* given) {
  Words reached;
  bool key_named = false;
  for (const std::string& column : table.columns) {
    if (named.contains(column) != all_but) reached.insert(column);
  }
  for (const std::string& key : table.keys) key_named = key_named || (!all_but && named.contains(key));
  if (reached.empty() && !key_named) return;
  reached.insert(table.keys.begin(), table.keys.end());
  given->described.insert(reached.begin(), reached.end());
  given->parts.push_back({reached, rows});
}

// 4.2: an expression that reads a column which is not there gives nothing. 5.6 with design.md 5 (predicates see masked values
// only): a filter of the consumer's own counts where the owner shows every column that it reads.
void GiveCells(const Table& table, const Filter& filter, const Given* ceiling, Given* given) {
  RowSet rows = kAllRows;
  if (filter.rows) {
    rows = RowsOf(*filter.rows);
    for (const std::string& column : ColumnsOf(*filter.rows)) {
      if (!AllNames(table).contains(column)) return;
      if (ceiling && !ceiling->Shows(column)) return;
      if (ceiling) rows &= ceiling->RowsOfColumn(column);
    }
  }
  GiveColumns(table, filter.columns, filter.all_but, rows, given);
}

// 3.4: all columns match: the table as a whole; some: SELECT on those, and nothing but DESCRIBE else. A table without columns
// goes by its own tags.
void GiveTagged(const World& world, const Table& table, const Expression& expression, const Words& permissions, Given* given) {
  if (permissions.empty()) return;
  Words names = AllNames(table), matching;
  if (names.empty()) {
    if (Matches(expression, EffectiveTags(world, table, ""))) GiveWhole(table, permissions, given);
    return;
  }
  for (const std::string& name : names) {
    if (Matches(expression, EffectiveTags(world, table, name))) matching.insert(name);
  }
  if (matching == names) return GiveWhole(table, permissions, given);
  given->described.insert(matching.begin(), matching.end());
  if (!matching.empty() && Selects(permissions)) given->parts.push_back({matching, kAllRows});
}

void Give(const World& world, const Table& table, const Grant& grant, const Words& permissions, const Given* ceiling,
          Given* given) {
  switch (grant.on) {
    case On::kTable:
      if (grant.thing == table.id) GiveWhole(table, permissions, given);
      return;
    case On::kAllTables:
      if (grant.thing == table.database) GiveWhole(table, permissions, given);
      return;
    case On::kColumns:
    case On::kAllBut:
      if (grant.thing == table.id && Selects(permissions)) {
        GiveColumns(table, grant.columns, grant.on == On::kAllBut, kAllRows, given);
      }
      return;
    case On::kCells:
      if (grant.thing == table.id && Selects(permissions)) GiveCells(table, world.filters.at(grant.filter), ceiling, given);
      return;
    case On::kTablePolicy: return GiveTagged(world, table, ExpressionOf(world, grant), permissions, given);
    default: return;
  }
}

// 2.14 steps 4 to 6: which grants count, and on which side. `passed_on`: with the grant option alone.
struct Counted {
  const Grant* grant = nullptr;
  bool passed_on = false;
  const Words& permissions() const { return passed_on ? grant->grantable : grant->permissions; }
};
struct Sides {
  bool foreign = false;
  std::vector<Counted> own, local, ceiling;
};

bool IsAdmin(const World& world, const std::string& account, Id principal) {
  auto found = world.admins.find(account);
  return found != world.admins.end() && found->second.contains(principal);
}

bool IsOfficer(const World& world, const std::string& account, Id principal) {
  auto found = world.readers.find(account);
  return IsAdmin(world, account, principal) || (found != world.readers.end() && found->second.contains(principal));
}

bool Holds(const World& world, const Grant& grant, const Principal& who) {
  if (grant.share != 0 && world.shares.at(grant.share).state != Share::State::kOpen) return false;
  if (!grant.condition) return true;
  auto tag = who.tags.find(grant.condition->first);
  return tag != who.tags.end() && tag->second == grant.condition->second;
}

Sides SidesOf(const World& world, const Principal& who, const std::string& owner) {
  Sides sides;
  sides.foreign = who.account != owner;
  Words mine = {"role:" + std::to_string(who.id), "every:" + who.account};
  mine.insert(who.worn.begin(), who.worn.end());  // 2.4: {role, …, SAML user + groups}.
  Words of_account = {"account:" + who.account};
  const Membership& member = world.accounts.at(who.account);
  if (member.organization) {
    of_account.insert("organization");
    for (const std::string& unit : member.units) of_account.insert("unit:" + unit);
  }
  for (const Grant& grant : world.grants) {
    if (grant.owner != owner || !Holds(world, grant, who)) continue;
    if (!sides.foreign) {
      if (mine.contains(grant.to) || grant.to == "iam") sides.own.push_back({&grant});
    } else if (grant.keeper == owner) {
      if (mine.contains(grant.to)) sides.own.push_back({&grant});
      if (!of_account.contains(grant.to)) continue;
      sides.ceiling.push_back({&grant, true});
      if (IsAdmin(world, who.account, who.id)) sides.own.push_back({&grant});
    } else if (grant.keeper == who.account) {
      if (mine.contains(grant.to)) sides.local.push_back({&grant});
    }
  }
  return sides;
}

Given GivenBy(const World& world, const Table& table, const std::vector<Counted>& grants, const Given* ceiling) {
  Given given;
  for (const Counted& one : grants) Give(world, table, *one.grant, one.permissions(), ceiling, &given);
  return given;
}

TableSeen SeenBy(const World& world, const Table& table, const Sides& sides, bool officer) {
  const Given own = GivenBy(world, table, sides.own, nullptr), ceiling = GivenBy(world, table, sides.ceiling, nullptr);
  const Given local = GivenBy(world, table, sides.local, &ceiling);
  TableSeen seen;
  seen.permissions = Common(local.whole, ceiling.whole);
  seen.permissions.insert(own.whole.begin(), own.whole.end());
  seen.described = Common(local.described, ceiling.described);
  seen.described.insert(own.described.begin(), own.described.end());
  if (officer) seen.permissions.insert("DESCRIBE");  // 2.5
  if (!seen.permissions.empty()) seen.described = AllNames(table);
  for (const std::string& name : AllNames(table)) {
    // 4.4: a column is shown where a grant names it, whichever rows that has.
    if (!own.Shows(name) && !(local.Shows(name) && ceiling.Shows(name))) continue;
    RowSet rows = own.RowsOfColumn(name) | (local.RowsOfColumn(name) & ceiling.RowsOfColumn(name));
    seen.rows |= rows;
    seen.cells[name] = rows;
    seen.columns.insert(name);
  }
  seen.visible = !seen.permissions.empty() || !seen.described.empty();
  seen.readable = !seen.columns.empty() || seen.permissions.contains("SELECT");
  return seen;
}

}  // namespace

TableSeen SeenOf(const World& world, Id principal, const Table& table) {
  const Principal& who = world.principals.at(principal);
  return SeenBy(world, table, SidesOf(world, who, table.account), IsOfficer(world, table.account, principal));
}

DatabaseSeen SeenOf(const World& world, Id principal, const Database& database) {
  const Principal& who = world.principals.at(principal);
  Sides sides = SidesOf(world, who, database.account);
  auto on_it = [&](const std::vector<Counted>& grants) {
    Words sum;
    for (const Counted& one : grants) {
      const Grant& grant = *one.grant;
      bool reaches = grant.on == On::kDatabase && grant.thing == database.id;
      reaches =
          reaches || (grant.on == On::kDatabasePolicy && Matches(ExpressionOf(world, grant), AssignedTo(world, database.id, "")));
      if (reaches) sum.merge(Spelt(one.permissions(), kOnDatabases));
    }
    return sum;
  };
  DatabaseSeen seen;
  seen.permissions = Common(on_it(sides.local), on_it(sides.ceiling));
  seen.permissions.merge(on_it(sides.own));
  if (IsOfficer(world, database.account, principal)) seen.permissions.insert("DESCRIBE");
  seen.visible = !seen.permissions.empty();
  if (seen.visible || database.link) return seen;
  // 2.6 rule 5: what is in it makes it visible, the wildcard also while it is empty, to principals of the account. 2.11: a grant
  // with a condition says nothing of the parent.
  for (auto* side : {&sides.own, &sides.local, &sides.ceiling}) {
    std::erase_if(*side, [](const Counted& one) { return one.grant->condition.has_value(); });
  }
  for (const Counted& one : sides.own) {
    bool wildcard = one.grant->on == On::kAllTables && one.grant->thing == database.id;
    seen.visible = seen.visible || (wildcard && !sides.foreign);
  }
  for (const auto& [id, table] : world.tables) {
    if (table.database == database.id) seen.visible = seen.visible || SeenBy(world, table, sides, false).visible;
  }
  return seen;
}

}  // namespace hanse::reference
