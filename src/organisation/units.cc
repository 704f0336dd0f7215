#include <fmt/format.h>

#include "model/ids.h"
#include "organisation/organisation.h"

namespace hanse::organisation {
namespace {

namespace orgs = wire::organizations;

constexpr std::size_t kDepthMax = 5;  // Units below the root (Organizations quotas).

std::unexpected<Error> NoParent(const std::string& id) {
  return FailAs(ErrorCode::kNotFound, "ParentNotFoundException", fmt::format("We can't find a root or OU with the ParentId {}.", id));
}

std::unexpected<Error> NoUnit(const std::string& id) {
  return FailAs(ErrorCode::kNotFound, "OrganizationalUnitNotFoundException",
                fmt::format("We can't find an OU with the OrganizationalUnitId {}.", id));
}

// How many units stand from the parent up; kNotFound where there is no such parent.
Result<std::size_t> DepthOf(store::Transaction& tx, const OrganizationRow& organization, const std::string& parent) {
  auto above = UnitsAbove(tx, organization, parent);
  if (!above) return above.error().code == ErrorCode::kNotFound ? NoParent(parent) : std::unexpected(above.error());
  return above->size();
}

orgs::OrganizationalUnit AsUnit(const UnitRow& row) { return {.id = row.id, .arn = row.arn, .name = row.name}; }

Result<void> CheckName(store::Transaction& tx, const std::string& parent, const std::string& name) {
  TRY_ASSIGN(auto taken, tx.Maybe("SELECT 1 FROM organizational_units WHERE parent = ? AND name = ?", {parent, name}));
  if (!taken) return {};
  return FailAs(ErrorCode::kAlreadyExists, "DuplicateOrganizationalUnitException", "An OU with the same name already exists.");
}

std::string TypeOf(const OrganizationRow& organization, const std::string& parent) {
  return parent == organization.root ? "ROOT" : "ORGANIZATIONAL_UNIT";
}

}  // namespace

Result<CreateOrganizationalUnit::Answer> Organisation::Do(const gate::Authorized<CreateOrganizationalUnit>& call) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(std::size_t depth, DepthOf(call.tx(), organization, *call->in.parent_id));
  if (depth >= kDepthMax) {
    return FailAs(ErrorCode::kLimitExceeded, "ConstraintViolationException", fmt::format("You have exceeded the OU depth of {}.", kDepthMax));
  }
  TRY(CheckName(call.tx(), *call->in.parent_id, *call->in.name));
  UnitRow unit{NewUnitId(parts_.random, organization.root), *call->in.name, *call->in.parent_id, {}};
  unit.arn = fmt::format("arn:aws:organizations::{}:ou/{}/{}", organization.management_account, organization.id, unit.id);
  TRY(call.tx().Execute("INSERT INTO organizational_units (id, name, parent, arn, created_ms) VALUES (?, ?, ?, ?, ?)",
                        {unit.id, unit.name, unit.parent, unit.arn, call.now_ms()}));
  for (const orgs::Tag& tag : call->in.tags.value_or(std::vector<orgs::Tag>{})) {
    TRY(call.tx().Execute("INSERT INTO organization_tags (resource, tag_key, tag_value) VALUES (?, ?, ?)", {unit.id, *tag.key, *tag.value}));
  }
  return CreateOrganizationalUnit::Answer{.organizational_unit = AsUnit(unit)};
}

Result<DescribeOrganizationalUnit::Answer> Organisation::Do(const gate::Authorized<DescribeOrganizationalUnit>& call) {
  TRY_ASSIGN(auto unit, FindUnit(call.tx(), *call->in.organizational_unit_id));
  if (!unit) return NoUnit(*call->in.organizational_unit_id);
  return DescribeOrganizationalUnit::Answer{.organizational_unit = AsUnit(*unit)};
}

Result<ListOrganizationalUnitsForParent::Answer> Organisation::Do(const gate::Authorized<ListOrganizationalUnitsForParent>& call) {
  const std::string& parent = *call->in.parent_id;
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY(DepthOf(call.tx(), organization, parent));
  TRY_ASSIGN(std::string after, After("units/" + parent, call->in.next_token));
  std::int64_t limit = call->in.max_results.value_or(20);
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT id, name, parent, arn FROM organizational_units WHERE parent = ? AND id > ? ORDER BY id LIMIT ?",
                                        {parent, after, limit + 1}));
  ListOrganizationalUnitsForParent::Answer answer{.organizational_units = std::vector<orgs::OrganizationalUnit>{}};
  for (const store::Row& row : rows) {
    if (static_cast<std::int64_t>(answer.organizational_units->size()) == limit) break;
    answer.organizational_units->push_back(AsUnit({row.Text(0), row.Text(1), row.Text(2), row.Text(3)}));
  }
  bool more = static_cast<std::int64_t>(rows.size()) > limit;
  answer.next_token = Next("units/" + parent, more, more ? *answer.organizational_units->back().id : "");
  return answer;
}

Result<UpdateOrganizationalUnit::Answer> Organisation::Do(const gate::Authorized<UpdateOrganizationalUnit>& call) {
  TRY_ASSIGN(auto unit, FindUnit(call.tx(), *call->in.organizational_unit_id));
  if (!unit) return NoUnit(*call->in.organizational_unit_id);
  if (call->in.name && *call->in.name != unit->name) {
    TRY(CheckName(call.tx(), unit->parent, *call->in.name));
    unit->name = *call->in.name;
    TRY(call.tx().Execute("UPDATE organizational_units SET name = ? WHERE id = ?", {unit->name, unit->id}));
  }
  return UpdateOrganizationalUnit::Answer{.organizational_unit = AsUnit(*unit)};
}

Result<DeleteOrganizationalUnit::Answer> Organisation::Do(const gate::Authorized<DeleteOrganizationalUnit>& call) {
  const std::string& id = *call->in.organizational_unit_id;
  TRY_ASSIGN(auto unit, FindUnit(call.tx(), id));
  if (!unit) return NoUnit(id);
  TRY_ASSIGN(auto child, call.tx().Maybe("SELECT 1 FROM organizational_units WHERE parent = ? UNION ALL SELECT 1 FROM accounts WHERE parent = ?", {id, id}));
  if (child) return FailAs(ErrorCode::kConflict, "OrganizationalUnitNotEmptyException", "The specified OU is not empty.");
  TRY(call.tx().Execute("DELETE FROM organizational_units WHERE id = ?", {id}));
  TRY(call.tx().Execute("DELETE FROM organization_tags WHERE resource = ?", {id}));
  TRY(call.tx().Execute("DELETE FROM organization_policy_targets WHERE target = ?", {id}));
  return DeleteOrganizationalUnit::Answer{};
}

Result<ListParents::Answer> Organisation::Do(const gate::Authorized<ListParents>& call) {
  const std::string& child = *call->in.child_id;
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(auto unit, FindUnit(call.tx(), child));
  TRY_ASSIGN(auto account, store::FindAccount(call.tx(), child));
  if (!unit && !account) return FailAs(ErrorCode::kNotFound, "ChildNotFoundException", fmt::format("We can't find an OU or account with the ChildId {}.", child));
  std::string parent = unit ? unit->parent : account->parent;
  return ListParents::Answer{.parents = {{orgs::Parent{.id = parent, .type = TypeOf(organization, parent)}}}};
}

Result<ListChildren::Answer> Organisation::Do(const gate::Authorized<ListChildren>& call) {
  const std::string& parent = *call->in.parent_id;
  bool accounts = *call->in.child_type == "ACCOUNT";
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY(DepthOf(call.tx(), organization, parent));
  std::string list = fmt::format("children/{}/{}", *call->in.child_type, parent);
  TRY_ASSIGN(std::string after, After(list, call->in.next_token));
  std::int64_t limit = call->in.max_results.value_or(20);
  TRY_ASSIGN(auto rows, call.tx().Query(accounts ? "SELECT account FROM accounts WHERE parent = ? AND account > ? ORDER BY account LIMIT ?"
                                                 : "SELECT id FROM organizational_units WHERE parent = ? AND id > ? ORDER BY id LIMIT ?",
                                        {parent, after, limit + 1}));
  ListChildren::Answer answer{.children = std::vector<orgs::Child>{}};
  for (const store::Row& row : rows) {
    if (static_cast<std::int64_t>(answer.children->size()) == limit) break;
    answer.children->push_back({.id = row.Text(0), .type = call->in.child_type});
  }
  bool more = static_cast<std::int64_t>(rows.size()) > limit;
  answer.next_token = Next(list, more, more ? *answer.children->back().id : "");
  return answer;
}

}  // namespace hanse::organisation
