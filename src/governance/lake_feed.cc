#include "governance/lake_feed.h"

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

policy::PermissionSet SetOf(std::int64_t bits) { return policy::PermissionSet::FromBits(static_cast<std::uint32_t>(bits)); }

const store::Row* RowOrNot(const store::Row& row) { return row.size() == 0 ? nullptr : &row; }

}  // namespace

const std::vector<store::Follower::Table>& LakeFeed::Tables() { return kFollowed; }

Result<void> LakeFeed::Read(store::Transaction& tx) {
  for (std::size_t table = 0; table < kFollowed.size(); ++table) TRY(ReadTable(tx, table));
  return {};
}

Result<void> LakeFeed::ReadTable(store::Transaction& tx, std::size_t table) {
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

void LakeFeed::Take(std::vector<store::RowChange> changes) {
  for (store::RowChange& change : changes) {
    const store::Row before(std::move(change.before)), after(std::move(change.after));
    Apply(change.table, RowOrNot(before), RowOrNot(after));
  }
}

Result<std::shared_ptr<const policy::LakeSnapshot>> LakeFeed::Publish() {
  for (Id id : changed_grants_) {
    auto found = grants_.find(id);
    if (found != grants_.end()) Complete(&found->second);
  }
  changed_grants_.clear();
  auto snapshot = compiler_.Publish();
  if (compiler_.exhausted()) return Fail(ErrorCode::kUnavailable, "the numbers of compiled grants and tags are used up");
  return snapshot;
}

void LakeFeed::Apply(std::size_t table, const store::Row* before, const store::Row* after) {
  switch (table) {
    case kGrants: return GrantChanged(before, after);
    case kFilters: return FilterChanged(before, after);
    case kExpressions: return ExpressionChanged(before, after);
    case kShares: return ShareChanged(before, after);
    case kAssignments: return AssignmentChanged(before, after);
    default: return TableChanged(before, after);
  }
}

void LakeFeed::GrantChanged(const store::Row* before, const store::Row* after) {
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
  auto kept = std::make_shared<KeptGrant>();
  GrantRow& grant = kept->row;
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
  grants_[grant.id] = std::move(kept);
}

void LakeFeed::FilterChanged(const store::Row* before, const store::Row* after) {
  const store::Row& row = after ? *after : *before;
  if (!after) {
    filters_.erase(row.Int(0));
  } else {
    filters_[row.Int(0)] = {row.Text(1), row.Text(2), row.Text(3)};
  }
  auto found = by_filter_.find(row.Int(0));
  if (found != by_filter_.end()) changed_grants_.insert(found->second.begin(), found->second.end());
}

void LakeFeed::ExpressionChanged(const store::Row* before, const store::Row* after) {
  const store::Row& row = after ? *after : *before;
  if (!after) {
    expressions_.erase(row.Int(0));
  } else {
    expressions_[row.Int(0)] = row.Text(1);
  }
  auto found = by_expression_.find(row.Int(0));
  if (found != by_expression_.end()) changed_grants_.insert(found->second.begin(), found->second.end());
}

void LakeFeed::ShareChanged(const store::Row* before, const store::Row* after) {
  for (const store::Row* row : {before, after}) {
    if (!row) continue;
    const Share share{row->Int(0), row->Text(1)};
    if (row == before) shares_.erase(share);
    if (row == after) shares_[share] = row->Int(2) == 1;
    auto found = by_share_.find(share);
    if (found != by_share_.end()) changed_grants_.insert(found->second.begin(), found->second.end());
  }
}

void LakeFeed::AssignmentChanged(const store::Row* before, const store::Row* after) {
  if (before) compiler_.DropTag(before->Int(0), before->Text(1), before->Int(2));
  if (after) compiler_.SetTag(after->Int(0), after->Text(1), after->Int(2), after->Text(3));
}

void LakeFeed::TableChanged(const store::Row* before, const store::Row* after) {
  if (after) {
    compiler_.SetTable(after->Int(0), after->Int(1), after->Text(2));
  } else {
    compiler_.DropTable(before->Int(0));
  }
}

void LakeFeed::Complete(std::shared_ptr<const KeptGrant>* grant) {
  auto kept = std::make_shared<KeptGrant>();
  GrantRow& row = kept->row;
  row = (*grant)->row;
  // As the joins of grant_rows.cc: what is named and gone reads as empty, a share that is gone or closed gives nothing.
  auto filter = filters_.find(row.filter);
  const Filter none, &named = filter == filters_.end() ? none : filter->second;
  row.filter_rows = named.rows;
  row.filter_list = named.list;
  row.filter_columns = named.columns;
  auto saved = expressions_.find(row.expression);
  row.saved_expression = saved == expressions_.end() ? "" : saved->second;
  auto share = shares_.find({row.share, row.principal});
  row.open = row.share == 0 || (share != shares_.end() && share->second);
  kept->id = row.id;
  kept->principal = row.principal;
  kept->object = row.object;
  kept->reach = ReachOf(row.kind);
  kept->permissions = row.permissions;
  if (kept->reach == policy::LakeReach::kTags) kept->expression = row.tags();
  kept->open = row.open;
  kept->conditional = !row.condition.empty();
  kept->passed_on = row.keeper != row.owner;
  compiler_.SetGrant(kept);
  *grant = std::move(kept);
}

}  // namespace hanse::governance
