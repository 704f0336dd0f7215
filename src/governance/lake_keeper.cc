#include "governance/lake_keeper.h"

#include "base/text.h"

namespace hanse::governance {
namespace {

enum Followed : std::size_t { kGrants, kFilters, kExpressions, kShares, kAssignments, kTables };

const std::vector<store::Follower::Table> kFollowed = {
    {"lf_grants",
     {"id", "keeper", "owner", "region", "principal", "kind", "resource_key", "object", "filter_id", "expression_id", "detail",
      "condition", "permissions", "grantable", "share_id"}},
    {"lf_filters", {"id", "row_expression", "list", "columns"}},
    {"lf_expressions", {"id", "expression"}},
    {"ram_principals", {"share_id", "principal", "open"}},
    {"lf_assignments", {"thing_id", "column_name", "tag_id", "tag_value"}},
    {"catalog_tables", {"id", "database_id", "name"}},
};

// By which of its columns each is read in pages.
struct PageKey {
  std::size_t column = 0;
  bool text = false;
};
const std::vector<PageKey> kPageKeys[] = {{{0}}, {{0}}, {{0}}, {{0}, {1, true}}, {{0}, {1, true}, {2}}, {{1}, {2, true}}};

policy::LakeReach ReachOf(GrantKind kind) {
  switch (kind) {
    case GrantKind::kTable: return policy::LakeReach::kTable;
    case GrantKind::kAllTables: return policy::LakeReach::kTables;
    case GrantKind::kColumns:
    case GrantKind::kAllButColumns:
    case GrantKind::kCells: return policy::LakeReach::kPart;
    case GrantKind::kTablesByTag: return policy::LakeReach::kTags;
    default: return policy::LakeReach::kNothing;
  }
}

store::Basis BasisAt(std::int64_t moment) {
  store::Basis basis{moment, {}};
  for (const auto& table : kFollowed) basis.tables.insert(table.name);
  return basis;
}

policy::PermissionSet SetOf(std::int64_t bits) { return policy::PermissionSet::FromBits(static_cast<std::uint32_t>(bits)); }

}  // namespace

const std::vector<store::Follower::Table>& LakeKeeper::Tables() const { return kFollowed; }

std::shared_ptr<const policy::LakeSnapshot> LakeKeeper::At(store::Transaction& tx) const {
  std::shared_ptr<const Known> known;
  {
    const std::lock_guard lock(mutex_);
    known = known_;
  }
  // Since `known` was made nothing that it follows has changed until now; the transaction's own snapshot lies between.
  if (!known || tx.basis().moment < known->basis.moment || !store_.Holds(known->basis)) return nullptr;
  auto noted =
      tx.Recall("SELECT 1 FROM lf_grants, lf_filters, lf_expressions, ram_principals, lf_assignments, catalog_tables LIMIT 0", {});
  return noted ? known->snapshot : nullptr;
}

Result<void> LakeKeeper::Load(store::Transaction& tx, std::int64_t moment) {
  Lost();
  for (std::size_t table = 0; table < kFollowed.size(); ++table) TRY(LoadTable(tx, table));
  Publish(moment);
  return {};
}

Result<void> LakeKeeper::LoadTable(store::Transaction& tx, std::size_t table) {
  constexpr std::size_t kPage = 20'000;
  std::string keys, marks;
  for (const PageKey& key : kPageKeys[table]) {
    keys += (keys.empty() ? "" : ", ") + kFollowed[table].columns[key.column];
    marks += marks.empty() ? "?" : ", ?";
  }
  const std::string select = "SELECT " + Join(kFollowed[table].columns, ", ") + " FROM " + kFollowed[table].name;
  const std::string order = " ORDER BY " + keys + " LIMIT " + std::to_string(kPage);
  const std::string next = " WHERE (" + keys + ") > (" + marks + ")";
  std::vector<store::Value> last;
  while (true) {
    TRY_ASSIGN(auto rows, tx.Query(select + (last.empty() ? "" : next) + order, std::span<const store::Value>(last)));
    for (const store::Row& row : rows) Apply(table, nullptr, &row);
    if (rows.size() < kPage) return {};
    last.clear();
    for (const PageKey& key : kPageKeys[table]) {
      last.push_back(key.text ? store::Value(rows.back().Text(key.column)) : store::Value(rows.back().Int(key.column)));
    }
  }
}

void LakeKeeper::Changed(std::span<const store::RowChange> changes, std::int64_t moment) {
  for (const store::RowChange& change : changes) {
    const store::Row before(change.before), after(change.after);
    Apply(change.table, change.before.empty() ? nullptr : &before, change.after.empty() ? nullptr : &after);
  }
  Publish(moment);
}

void LakeKeeper::Lost() {
  {
    const std::lock_guard lock(mutex_);
    known_.reset();
  }
  compiler_ = {};
  grants_.clear();
  filters_.clear();
  expressions_.clear();
  shares_.clear();
  by_filter_.clear();
  by_expression_.clear();
  by_share_.clear();
  changed_grants_.clear();
}

void LakeKeeper::Publish(std::int64_t moment) {
  for (Id id : changed_grants_) {
    auto found = grants_.find(id);
    if (found != grants_.end()) Complete(found->second);
  }
  changed_grants_.clear();
  auto known = std::make_shared<const Known>(Known{compiler_.Publish(), BasisAt(moment)});
  const std::lock_guard lock(mutex_);
  known_ = std::move(known);
}

void LakeKeeper::Apply(std::size_t table, const store::Row* before, const store::Row* after) {
  switch (table) {
    case kGrants: return GrantChanged(before, after);
    case kFilters: return FilterChanged(before, after);
    case kExpressions: return ExpressionChanged(before, after);
    case kShares: return ShareChanged(before, after);
    case kAssignments: return AssignmentChanged(before, after);
    default: return TableChanged(before, after);
  }
}

void LakeKeeper::GrantChanged(const store::Row* before, const store::Row* after) {
  if (before) {
    const Id id = before->Int(0);
    by_filter_[before->Int(8)].erase(id);
    by_expression_[before->Int(9)].erase(id);
    by_share_[{before->Int(14), before->Text(4)}].erase(id);
    grants_.erase(id);
    compiler_.DropGrant(id);
  }
  if (!after) return;
  const store::Row& row = *after;
  GrantRow grant;
  grant.id = row.Int(0);
  grant.keeper = row.Text(1);
  grant.owner = row.Text(2);
  grant.region = row.Text(3);
  grant.principal = row.Text(4);
  grant.kind = KindNamed(row.Text(5));
  grant.resource_key = row.Text(6);
  grant.object = row.Int(7);
  grant.filter = row.Int(8);
  grant.expression = row.Int(9);
  grant.detail = row.Text(10);
  grant.condition = row.Text(11);
  grant.permissions = SetOf(row.Int(12));
  grant.grantable = SetOf(row.Int(13));
  grant.share = row.Int(14);
  if (grant.filter != 0) by_filter_[grant.filter].insert(grant.id);
  if (grant.expression != 0) by_expression_[grant.expression].insert(grant.id);
  if (grant.share != 0) by_share_[{grant.share, grant.principal}].insert(grant.id);
  changed_grants_.insert(grant.id);
  grants_[grant.id] = std::move(grant);
}

void LakeKeeper::FilterChanged(const store::Row* before, const store::Row* after) {
  const store::Row& row = after ? *after : *before;
  if (!after) {
    filters_.erase(row.Int(0));
  } else {
    filters_[row.Int(0)] = {row.Text(1), row.Text(2), row.Text(3)};
  }
  auto found = by_filter_.find(row.Int(0));
  if (found != by_filter_.end()) changed_grants_.insert(found->second.begin(), found->second.end());
}

void LakeKeeper::ExpressionChanged(const store::Row* before, const store::Row* after) {
  const store::Row& row = after ? *after : *before;
  if (!after) {
    expressions_.erase(row.Int(0));
  } else {
    expressions_[row.Int(0)] = row.Text(1);
  }
  auto found = by_expression_.find(row.Int(0));
  if (found != by_expression_.end()) changed_grants_.insert(found->second.begin(), found->second.end());
}

void LakeKeeper::ShareChanged(const store::Row* before, const store::Row* after) {
  for (const store::Row* row : {before, after}) {
    if (!row) continue;
    const Share share{row->Int(0), row->Text(1)};
    if (row == before) shares_.erase(share);
    if (row == after) shares_[share] = row->Int(2) == 1;
    auto found = by_share_.find(share);
    if (found != by_share_.end()) changed_grants_.insert(found->second.begin(), found->second.end());
  }
}

void LakeKeeper::AssignmentChanged(const store::Row* before, const store::Row* after) {
  if (before) compiler_.DropTag(before->Int(0), before->Text(1), before->Int(2));
  if (after) compiler_.SetTag(after->Int(0), after->Text(1), after->Int(2), after->Text(3));
}

void LakeKeeper::TableChanged(const store::Row* before, const store::Row* after) {
  if (after) {
    compiler_.SetTable(after->Int(0), after->Int(1), after->Text(2));
  } else {
    compiler_.DropTable(before->Int(0));
  }
}

void LakeKeeper::Complete(GrantRow row) {
  // As the joins of grant_rows.cc: what is named and gone reads as empty, a share that is gone or closed gives nothing.
  if (auto filter = filters_.find(row.filter); filter != filters_.end()) {
    row.filter_rows = filter->second.rows;
    row.filter_list = filter->second.list;
    row.filter_columns = filter->second.columns;
  }
  if (auto saved = expressions_.find(row.expression); saved != expressions_.end()) row.saved_expression = saved->second;
  if (row.share != 0) {
    auto share = shares_.find({row.share, row.principal});
    row.open = share != shares_.end() && share->second;
  }
  auto kept = std::make_shared<KeptGrant>();
  kept->id = row.id;
  kept->principal = row.principal;
  kept->object = row.object;
  kept->reach = ReachOf(row.kind);
  kept->permissions = row.permissions;
  if (kept->reach == policy::LakeReach::kTags) kept->expression = row.tags();
  kept->open = row.open;
  kept->conditional = !row.condition.empty();
  kept->passed_on = row.keeper != row.owner;
  kept->row = std::move(row);
  compiler_.SetGrant(std::move(kept));
}

}  // namespace hanse::governance
