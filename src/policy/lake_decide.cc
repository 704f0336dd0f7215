#include "policy/lake_decide.h"

#include <algorithm>

#include "base/text.h"
#include "policy/lake_filter.h"
#include "policy/lake_rows.h"

namespace hanse::policy {
namespace {

// What a set of holdings gives: on the table as a whole, and of each column (partition keys after the columns).
struct Rights {
  explicit Rights(std::size_t columns) : select(columns), described(columns) {}
  PermissionSet whole;
  std::vector<Rows> select;
  std::vector<bool> described;
};

class Decider {
 public:
  explicit Decider(const TableFacts& facts) : facts_(facts), names_(facts.columns.begin(), facts.columns.end()) {
    names_.insert(names_.end(), facts.keys.begin(), facts.keys.end());
  }

  TableAccess Decide() {
    if (Plain()) return DecideWhole();
    Rights mine = United(facts_.own, nullptr);
    // What the owner shows to the caller's account, as far as it counts for the caller; only policies ask.
    Rights shown = facts_.restrictions.empty() ? Rights(names_.size()) : mine;
    if (!facts_.ceiling.empty() && (!facts_.local.empty() || !facts_.restrictions.empty())) {
      std::size_t reasons = reasons_.size();
      Rights ceiling = United(facts_.ceiling, nullptr);
      for (std::size_t i = 0; i < names_.size(); ++i) shown.select[i] |= ceiling.select[i];
      if (facts_.local.empty()) reasons_.resize(reasons);  // It only bounds what a policy may read.
      Rights local = United(facts_.local, &ceiling);
      mine.whole.Add(local.whole & ceiling.whole);
      for (std::size_t i = 0; i < names_.size(); ++i) {
        mine.select[i] |= local.select[i] & ceiling.select[i];
        mine.described[i] = mine.described[i] || (local.described[i] && ceiling.described[i]);
      }
    }
    TableAccess access = Answer(mine);
    Restrict(shown, &access);
    return access;
  }

 private:
  // Nothing that counts is about less than the table as a whole, as of most tables: then nothing is asked of each column.
  bool Plain() const {
    if (!facts_.local.empty() || !facts_.restrictions.empty()) return false;
    return std::ranges::all_of(facts_.own, [&](const Holding& holding) {
      return holding.reach == Reach::kTable || (holding.reach == Reach::kTags && facts_.column_tags.empty());
    });
  }

  // The same as of rights column by column.
  TableAccess DecideWhole() {
    TableAccess access;
    for (const Holding& holding : facts_.own) {
      if (holding.reach == Reach::kTags && !Matches(holding.expression, facts_.tags)) continue;
      const PermissionSet all = Expand(holding.permissions, TablePermissions());
      if (all.empty()) continue;
      access.permissions.Add(all);
      access.reasons.push_back({holding.reason});
    }
    access.readable = access.permissions.Has(Permission::kSelect);
    if (facts_.describes_all) access.permissions.Add(Permission::kDescribe);
    access.visible = !access.permissions.empty();
    if (!access.visible) return access;
    access.described_columns.assign(names_.begin(), names_.end());
    if (access.readable) access.columns = access.described_columns;
    return access;
  }

  Rights United(const std::vector<Holding>& holdings, const Rights* ceiling) {
    Rights rights(names_.size());
    for (const Holding& holding : holdings) {
      bool counts = false;
      switch (holding.reach) {
        case Reach::kTable: counts = AddWhole(holding.permissions, &rights); break;
        case Reach::kColumns: counts = AddColumns(holding, Rows::All(), &rights); break;
        case Reach::kCells: counts = AddCells(holding, ceiling, &rights); break;
        case Reach::kTags: counts = AddTagged(holding, &rights); break;
      }
      if (counts) reasons_.push_back({holding.reason});
    }
    return rights;
  }

  bool AddWhole(PermissionSet permissions, Rights* rights) {
    PermissionSet all = Expand(permissions, TablePermissions());
    if (all.empty()) return false;
    rights->whole.Add(all);
    rights->described.assign(names_.size(), true);
    if (all.Has(Permission::kSelect)) rights->select.assign(names_.size(), Rows::All());
    return true;
  }

  // Partition keys are in every list of columns: they cannot be filtered out (lakeformation.md, section 2.6).
  bool AddColumns(const Holding& holding, const Rows& rows, Rights* rights) {
    if (!holding.permissions.Grants(Permission::kSelect) || rows.none()) return false;
    std::vector<std::size_t> reached;
    for (std::size_t i = 0; i < facts_.columns.size(); ++i) {
      bool named = Contains(holding.columns, names_[i]);
      if (named == (holding.list == ColumnList::kOnly)) reached.push_back(i);
    }
    bool key_named = holding.list == ColumnList::kOnly &&
                     std::ranges::any_of(facts_.keys, [&](const std::string& key) { return Contains(holding.columns, key); });
    if (reached.empty() && !key_named) return false;
    for (std::size_t i = facts_.columns.size(); i < names_.size(); ++i) reached.push_back(i);
    for (std::size_t i : reached) {
      rights->select[i] |= rows;
      rights->described[i] = true;
    }
    return true;
  }

  // Under a ceiling a filter of the consumer's own making reads only what the ceiling shows: else its rows would tell of values
  // that are hidden from the consumer (lakeformation.md, sections 4.4 and 5.6).
  bool AddCells(const Holding& holding, const Rights* ceiling, Rights* rights) {
    Rows rows = Rows::All();
    if (!holding.rows.empty()) {
      Result<RowExpression> expression = ParseRowExpression(holding.rows, facts_.columns, facts_.keys);
      if (!expression) return false;
      rows = Rows::Where(expression->sql);
      for (const std::string& column : expression->columns) {
        if (ceiling) rows = rows & ceiling->select[std::ranges::find(names_, column) - names_.begin()];
      }
    }
    return AddColumns(holding, rows, rights);
  }

  bool AddTagged(const Holding& holding, Rights* rights) {
    if (holding.permissions.empty()) return false;
    // Without tags of their own all columns carry the table's.
    if (facts_.column_tags.empty() || names_.empty()) {
      return Matches(holding.expression, facts_.tags) && AddWhole(holding.permissions, rights);
    }
    std::vector<std::size_t> matching;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      auto own = facts_.column_tags.find(std::string(names_[i]));
      bool matches = own == facts_.column_tags.end() ? Matches(holding.expression, facts_.tags)
                                                     : Matches(holding.expression, Overlay(own->second, facts_.tags));
      if (matches) matching.push_back(i);
    }
    if (matching.size() == names_.size()) return AddWhole(holding.permissions, rights);
    for (std::size_t i : matching) {
      rights->described[i] = true;
      if (holding.permissions.Grants(Permission::kSelect)) rights->select[i] = Rows::All();
    }
    return !matching.empty();
  }

  TableAccess Answer(const Rights& rights) {
    TableAccess access;
    access.permissions = rights.whole;
    bool all_described = facts_.describes_all || !rights.whole.empty();
    if (facts_.describes_all) access.permissions.Add(Permission::kDescribe);
    access.described_columns.reserve(names_.size());
    access.columns.reserve(names_.size());
    Rows rows;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (all_described || rights.described[i]) access.described_columns.emplace_back(names_[i]);
      if (rights.select[i].none()) continue;
      access.columns.emplace_back(names_[i]);
      rows |= rights.select[i];
    }
    access.visible = all_described || !access.described_columns.empty();
    access.readable = !access.columns.empty() || rights.whole.Has(Permission::kSelect);
    if (!rows.all()) access.row_filter = rows.Sql();
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const Rows& cells = rights.select[i];
      if (!cells.none() && !cells.all() && cells != rows) access.cell_filters[std::string(names_[i])] = cells.Sql();
    }
    if (access.visible) access.reasons = std::move(reasons_);
    return access;
  }

  // A consumer's own policy reads only what its account is shown, as its filters do.
  Result<Rows> Left(const Restriction& restriction, const Rights& shown) const {
    TRY_ASSIGN(RowExpression left, RowsOf(restriction.policy, {facts_.columns, facts_.keys, facts_.types}));
    Rows rows = Rows::Where(std::move(left.sql));
    if (restriction.side == Side::kOwner) return rows;
    for (const std::string& column : left.columns) {
      const Rows& seen = shown.select[std::ranges::find(names_, column) - names_.begin()];
      if (seen.none()) return Fail(ErrorCode::kInvalidArgument, "the column " + column + " is not shared");
      rows = rows & seen;
    }
    return rows;
  }

  void Restrict(const Rights& shown, TableAccess* access) const {
    if (facts_.restrictions.empty()) return;
    access->restricted = true;
    access->permissions.Remove(PermissionSet(Permission::kAll) | Permission::kSelect);
    std::string all;
    auto require = [&](const std::string& rows) { all += (all.empty() ? "(" : " AND (") + rows + ")"; };
    if (!access->row_filter.empty()) require(access->row_filter);
    for (const Restriction& restriction : facts_.restrictions) {
      if (access->visible) access->reasons.push_back({restriction.reason});
      Result<Rows> left = Left(restriction, shown);
      if (!left) {
        access->broken = restriction.reason + ": " + left.error().message;
      } else if (left->none()) {
        access->readable = false;
      } else if (!left->all()) {
        require(left->Sql());
      }
    }
    access->row_filter = std::move(all);
    if (access->readable && access->broken.empty()) return;
    access->readable = false;
    access->columns.clear();
    access->row_filter.clear();
    access->cell_filters.clear();
  }

  const TableFacts& facts_;
  std::vector<std::string_view> names_;
  std::vector<LakeReason> reasons_;
};

}  // namespace

TableAccess DecideTable(const TableFacts& facts) { return Decider(facts).Decide(); }

PermissionSet TablePermissions() {
  return PermissionSet(Permission::kAll) | Permission::kSelect | Permission::kAlter | Permission::kDrop | Permission::kDelete |
         Permission::kInsert | Permission::kDescribe;
}

PermissionSet DatabasePermissions() {
  return PermissionSet(Permission::kAll) | Permission::kAlter | Permission::kDrop | Permission::kDescribe |
         Permission::kCreateTable;
}

PermissionSet Expand(PermissionSet set, PermissionSet all) {
  if (set.Has(Permission::kAll)) return all;
  set = set & all;
  if (!set.empty()) set.Add(Permission::kDescribe);
  return set;
}

}  // namespace hanse::policy
