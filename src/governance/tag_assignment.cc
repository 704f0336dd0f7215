#include "governance/tag_assignment.h"

#include <algorithm>

#include "base/text.h"
#include "governance/office.h"
#include "governance/refusals.h"
#include "governance/rights.h"
#include "governance/shown_tags.h"
#include "governance/tag_sight.h"
#include "governance/target.h"
#include "governance/visibility.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;
using policy::Permission;
using policy::PermissionSet;

// A database, table or list of columns that the caller may see. Missing and hidden read the same.
Result<Target> FindTagged(const gate::Call& call, const std::optional<std::string>& catalog_id,
                          const std::optional<lf::Resource>& resource) {
  TRY_ASSIGN(Target target,
             FindTarget(call.tx(), call.caller(), call.info().region, catalog_id, resource.value_or(lf::Resource())));
  if (target.kind == GrantKind::kAllTables) return Invalid("Request is missing table name");
  if (target.kind != GrantKind::kDatabase && target.kind != GrantKind::kTable && target.kind != GrantKind::kColumns) {
    return Invalid("Resource must be a database, a table or a list of columns");
  }
  if (target.link) return Invalid("Resource links carry no LF-Tags");
  bool visible = false;
  if (target.table) {
    TRY_ASSIGN(policy::TableAccess access, RightsOnTable(call.tx(), call.caller(), *target.table, Which::kHeld));
    visible = access.visible;
    for (const std::string& column : target.columns) {
      if (visible && std::ranges::find(access.described_columns, column) == access.described_columns.end())
        return NoSuch(kNoEntity);
    }
  } else {
    TRY_ASSIGN(policy::DatabaseAccess access, AccessToDatabase(call.tx(), call.caller(), *target.database));
    visible = access.visible;
  }
  if (!visible) return NoSuch(kNoEntity);
  return target;
}

// Authority over the object itself (section 3.5): an administrator of its account, or all of these with the grant option.
Result<bool> Owns(const gate::Call& call, const Target& target) {
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), target.owner, target.region));
  if (office == Office::kAdmin) return true;
  PermissionSet needed = PermissionSet(Permission::kDescribe) | Permission::kAlter, held;
  if (target.table) {
    needed.Add(PermissionSet(Permission::kDrop) | Permission::kInsert | Permission::kSelect | Permission::kDelete);
    TRY_ASSIGN(policy::TableAccess access, RightsOnTable(call.tx(), call.caller(), *target.table, Which::kGrantable));
    held = access.permissions;
  } else {
    needed.Add(Permission::kCreateTable);
    if (call.caller().account == target.owner) needed.Add(Permission::kDrop);
    TRY_ASSIGN(held, RightsOnDatabase(call.tx(), call.caller(), *target.database, Which::kGrantable));
  }
  return (held & needed) == needed;
}

// The tag and value of a pair, for a caller who may associate it.
struct Pair {
  TagRow tag;
  std::string value;
};
Result<Pair> ReadPair(const gate::Call& call, const Target& target, const lf::LFTagPair& in) {
  const auto values = in.tag_values.value_or(std::vector<std::string>());
  if (values.size() != 1) return Invalid("A resource has exactly one value of a tag");
  if (in.catalog_id && *in.catalog_id != target.owner) return NoSuch(kNoTag);  // A tag and what carries it are of one account.
  TRY_ASSIGN(auto tag, FindTag(call.tx(), target.owner, target.region, Lower(in.tag_key.value_or(""))));
  if (!tag) return NoSuch(kNoTag);
  Pair pair{std::move(*tag), Lower(values.front())};
  TRY_ASSIGN(auto known, TagValues(call.tx(), pair.tag.id));
  if (!std::ranges::binary_search(known, pair.value)) return NoSuch(kNoTag);
  TRY_ASSIGN(bool sees, SeesValue(call.tx(), call.caller(), pair.tag, pair.value));
  if (!sees) return NoSuch(kNoTag);
  TRY_ASSIGN(PermissionSet held, RightsOnTag(call.tx(), call.caller(), pair.tag, pair.value, Which::kHeld));
  if (!held.Has(Permission::kAssociate)) return Insufficient("associate tag on " + pair.tag.key);
  return pair;
}

std::vector<std::string> ColumnsOf(const Target& target) {
  return target.columns.empty() ? std::vector<std::string>{""} : target.columns;
}

Id ThingOf(const Target& target) { return target.table ? target.table->id : target.database->id; }

Result<void> Assign(store::Transaction& tx, const Target& target, const Pair& pair) {
  for (const std::string& column : ColumnsOf(target)) {
    TRY_ASSIGN(store::Row count,
               tx.One("SELECT count(*) FROM lf_assignments WHERE thing_id = ? AND column_name = ? AND tag_id <> ?",
                      {ThingOf(target), column, pair.tag.id}));
    if (count.Int(0) >= static_cast<std::int64_t>(TagAssignment::kMaxTagsOnResource)) {
      return Fail(ErrorCode::kLimitExceeded, "A resource carries at most 50 tags");
    }
    TRY(
        tx.Execute("INSERT INTO lf_assignments (thing_id, column_name, tag_id, tag_value) VALUES (?, ?, ?, ?) "
                   "ON CONFLICT (thing_id, column_name, tag_id) DO UPDATE SET tag_value = excluded.tag_value",
                   {ThingOf(target), column, pair.tag.id, pair.value}));
  }
  return {};
}

Result<void> Unassign(store::Transaction& tx, const Target& target, const Pair& pair) {
  for (const std::string& column : ColumnsOf(target)) {
    TRY_ASSIGN(auto removed,
               tx.Execute("DELETE FROM lf_assignments WHERE thing_id = ? AND column_name = ? AND tag_id = ? AND tag_value = ?",
                          {ThingOf(target), column, pair.tag.id, pair.value}));
    if (removed == 0) return NoSuch("The tag is not assigned to the resource itself.");
  }
  return {};
}

// Pair by pair: what one pair lacks is told with it; what the server cannot do fails the call.
template <class Act>
Result<std::optional<std::vector<lf::LFTagError>>> Each(const gate::Call& call, const Target& target,
                                                        const std::optional<std::vector<lf::LFTagPair>>& pairs, Act act) {
  TRY_ASSIGN(bool owns, Owns(call, target));
  if (!owns) return Insufficient("Alter on " + (target.table ? target.table->name : target.database->name));
  std::vector<lf::LFTagError> failures;
  for (const lf::LFTagPair& in : pairs.value_or(std::vector<lf::LFTagPair>())) {
    auto pair = ReadPair(call, target, in);
    Result<void> done = pair ? act(call.tx(), target, *pair) : Result<void>(std::unexpected(pair.error()));
    if (done) continue;
    if (done.error().code == ErrorCode::kUnavailable || done.error().code == ErrorCode::kInternal)
      return std::unexpected(done.error());
    lf::LFTagPair shown = in;
    if (!shown.catalog_id) shown.catalog_id = target.owner;
    failures.push_back(
        {.lf_tag = std::move(shown),
         .error = lf::ErrorDetail{.error_code = LakeErrorCode(done.error()), .error_message = done.error().message}});
  }
  if (failures.empty()) return std::optional<std::vector<lf::LFTagError>>();
  return std::optional(std::move(failures));
}

}  // namespace

Result<AddLFTagsToResource::Answer> TagAssignment::Do(const gate::Authorized<AddLFTagsToResource>& call) {
  TRY_ASSIGN(Target target, FindTagged(call, call->in.catalog_id, call->in.resource));
  TRY_ASSIGN(auto failures, Each(call, target, call->in.lf_tags, Assign));
  return AddLFTagsToResource::Answer{.failures = std::move(failures)};
}

Result<RemoveLFTagsFromResource::Answer> TagAssignment::Do(const gate::Authorized<RemoveLFTagsFromResource>& call) {
  TRY_ASSIGN(Target target, FindTagged(call, call->in.catalog_id, call->in.resource));
  TRY_ASSIGN(auto failures, Each(call, target, call->in.lf_tags, Unassign));
  return RemoveLFTagsFromResource::Answer{.failures = std::move(failures)};
}

Result<GetResourceLFTags::Answer> TagAssignment::Do(const gate::Authorized<GetResourceLFTags>& call) {
  TRY_ASSIGN(Target target, FindTagged(call, call->in.catalog_id, call->in.resource));
  ShownTags shown(call.tx(), call.caller());
  GetResourceLFTags::Answer answer;
  if (!target.table) {
    TRY_ASSIGN(policy::Tags tags, DatabaseTags(call.tx(), target.database->id));
    TRY_ASSIGN(answer.lf_tag_on_database, shown.Pairs(tags));
    return answer;
  }
  bool assigned = call->in.show_assigned_lf_tags.value_or(false);
  TRY_ASSIGN(TableTags tags, TagsOfTable(call.tx(), *target.table));
  auto columns = ColumnTags(*target.table, tags, assigned ? Inheritance::kAssigned : Inheritance::kEffective);
  TRY_ASSIGN(policy::TableAccess access, RightsOnTable(call.tx(), call.caller(), *target.table, Which::kHeld));
  std::erase_if(columns, [&](const auto& column) {
    bool asked = target.columns.empty() || std::ranges::find(target.columns, column.first) != target.columns.end();
    return !asked || std::ranges::find(access.described_columns, column.first) == access.described_columns.end();
  });
  TRY_ASSIGN(answer.lf_tag_on_database, shown.Pairs(tags.database));
  TRY_ASSIGN(answer.lf_tags_on_table, shown.Pairs(assigned ? tags.table : policy::Overlay(tags.table, tags.database)));
  TRY_ASSIGN(answer.lf_tags_on_columns, shown.Columns(columns));
  return answer;
}

}  // namespace hanse::governance
