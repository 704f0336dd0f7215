#include <fmt/format.h>

#include "model/ids.h"
#include "organisation/guardrails.h"
#include "organisation/organisation.h"

namespace hanse::organisation {
namespace {

constexpr std::size_t kMaxUnitDepth = 5;

wire::organizations::OrganizationalUnit ToWire(const UnitRow& row) { return {.id = row.id, .arn = row.arn, .name = row.name}; }

Result<UnitRow> UnitOf(store::Transaction& tx, const std::string& id) {
  TRY_ASSIGN(auto unit, FindUnit(tx, id));
  if (!unit) {
    return Refuse(ErrorCode::kNotFound, "OrganizationalUnitNotFoundException",
                  "You specified an organizational unit that doesn't exist.");
  }
  return *std::move(unit);
}

std::unexpected<Error> NoParent() {
  return Refuse(ErrorCode::kNotFound, "ParentNotFoundException", "You specified parent that doesn't exist.");
}

Result<void> CheckName(store::Transaction& tx, const std::string& parent, const std::string& name, const std::string& but) {
  TRY_ASSIGN(auto taken,
             tx.Maybe("SELECT id FROM organizational_units WHERE parent = ? AND name = ? AND id <> ?", {parent, name, but}));
  if (!taken) return {};
  return Refuse(ErrorCode::kAlreadyExists, "DuplicateOrganizationalUnitException",
                "An OU with the same name already exists in the parent that you specified.");
}

}  // namespace

Result<CreateOrganizationalUnit::Answer> Organisation::Do(const gate::Authorized<CreateOrganizationalUnit>& call) {
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(std::vector<std::string> path, PathTo(call.tx(), organization, *call->in.parent_id));
  if (path.empty()) return NoParent();
  if (path.size() > kMaxUnitDepth) {
    return Refuse(ErrorCode::kLimitExceeded, "ConstraintViolationException",
                  fmt::format("OU_DEPTH_LIMIT_EXCEEDED: organizational units nest at most {} deep.", kMaxUnitDepth));
  }
  TRY(CheckName(call.tx(), *call->in.parent_id, *call->in.name, ""));
  UnitRow unit{.id = NewUnitId(random_, organization.root), .name = *call->in.name, .parent = *call->in.parent_id};
  unit.arn = organization.UnitArn(unit.id);
  TRY(call.tx().Execute("INSERT INTO organizational_units (id, name, parent, arn, created_ms) VALUES (?, ?, ?, ?, ?)",
                        {unit.id, unit.name, unit.parent, unit.arn, call.now_ms()}));
  TRY(StartWithFullAccess(call.tx(), organization, unit.id));
  for (const wire::organizations::Tag& tag : call->in.tags.value_or(std::vector<wire::organizations::Tag>())) {
    TRY(call.tx().Execute("INSERT INTO organization_tags (resource, tag_key, tag_value) VALUES (?, ?, ?)",
                          {unit.id, *tag.key, *tag.value}));
  }
  return CreateOrganizationalUnit::Answer{.organizational_unit = ToWire(unit)};
}

Result<DescribeOrganizationalUnit::Answer> Organisation::Do(const gate::Authorized<DescribeOrganizationalUnit>& call) {
  TRY_ASSIGN(UnitRow unit, UnitOf(call.tx(), *call->in.organizational_unit_id));
  return DescribeOrganizationalUnit::Answer{.organizational_unit = ToWire(unit)};
}

Result<ListOrganizationalUnitsForParent::Answer> Organisation::Do(const gate::Authorized<ListOrganizationalUnitsForParent>& call) {
  const std::string& parent = *call->in.parent_id;
  TRY_ASSIGN(auto page, pages_.Begin("ListUnits/" + parent, call->in.next_token, call->in.max_results));
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(std::vector<std::string> path, PathTo(call.tx(), organization, parent));
  if (path.empty()) return NoParent();
  TRY_ASSIGN(
      auto rows,
      call.tx().Query("SELECT id, name, parent, arn FROM organizational_units WHERE parent = ? AND id > ? ORDER BY id LIMIT ?",
                      {parent, page.after, page.limit + 1}));
  ListOrganizationalUnitsForParent::Answer answer;
  answer.next_token = pages_.End(page, &rows, [](const store::Row& row) { return row.Text(0); });
  answer.organizational_units.emplace();
  for (const store::Row& row : rows)
    answer.organizational_units->push_back(ToWire(UnitRow{row.Text(0), row.Text(1), row.Text(2), row.Text(3)}));
  return answer;
}

Result<UpdateOrganizationalUnit::Answer> Organisation::Do(const gate::Authorized<UpdateOrganizationalUnit>& call) {
  TRY_ASSIGN(UnitRow unit, UnitOf(call.tx(), *call->in.organizational_unit_id));
  unit.name = call->in.name.value_or(unit.name);
  TRY(CheckName(call.tx(), unit.parent, unit.name, unit.id));
  TRY(call.tx().Execute("UPDATE organizational_units SET name = ? WHERE id = ?", {unit.name, unit.id}));
  return UpdateOrganizationalUnit::Answer{.organizational_unit = ToWire(unit)};
}

Result<DeleteOrganizationalUnit::Answer> Organisation::Do(const gate::Authorized<DeleteOrganizationalUnit>& call) {
  TRY_ASSIGN(UnitRow unit, UnitOf(call.tx(), *call->in.organizational_unit_id));
  TRY_ASSIGN(auto child, call.tx().Maybe("SELECT id FROM organizational_units WHERE parent = ? UNION ALL "
                                         "SELECT account FROM accounts WHERE parent = ? LIMIT 1",
                                         {unit.id, unit.id}));
  if (child) {
    return Refuse(
        ErrorCode::kConflict, "OrganizationalUnitNotEmptyException",
        "The specified OU is not empty. Move all accounts to another root or to other OUs, remove all child OUs, and try again.");
  }
  TRY(call.tx().Execute("DELETE FROM organizational_units WHERE id = ?", {unit.id}));
  TRY(call.tx().Execute("DELETE FROM organization_policy_targets WHERE target = ?", {unit.id}));
  TRY(call.tx().Execute("DELETE FROM organization_tags WHERE resource = ?", {unit.id}));
  return DeleteOrganizationalUnit::Answer{};
}

Result<ListParents::Answer> Organisation::Do(const gate::Authorized<ListParents>& call) {
  TRY(pages_.Begin("ListParents", call->in.next_token, call->in.max_results));
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(auto node, FindNode(call.tx(), organization, *call->in.child_id));
  if (!node || node->kind == NodeKind::kRoot) {
    return Refuse(ErrorCode::kNotFound, "ChildNotFoundException",
                  "We can't find an organizational unit (OU) or account with the ChildId that you specified.");
  }
  ListParents::Answer answer;
  answer.parents = {
      {.id = node->parent, .type = std::string(WireName(node->parent == organization.root ? NodeKind::kRoot : NodeKind::kUnit))}};
  return answer;
}

Result<ListChildren::Answer> Organisation::Do(const gate::Authorized<ListChildren>& call) {
  const std::string &parent = *call->in.parent_id, &type = *call->in.child_type;
  TRY_ASSIGN(auto page, pages_.Begin("ListChildren/" + type + "/" + parent, call->in.next_token, call->in.max_results));
  TRY_ASSIGN(OrganizationRow organization, ReadOrganization(call.tx()));
  TRY_ASSIGN(std::vector<std::string> path, PathTo(call.tx(), organization, parent));
  if (path.empty()) return NoParent();
  const char* sql = type == "ACCOUNT" ? "SELECT account FROM accounts WHERE parent = ? AND account > ? ORDER BY account LIMIT ?"
                                      : "SELECT id FROM organizational_units WHERE parent = ? AND id > ? ORDER BY id LIMIT ?";
  TRY_ASSIGN(auto rows, call.tx().Query(sql, {parent, page.after, page.limit + 1}));
  ListChildren::Answer answer;
  answer.next_token = pages_.End(page, &rows, [](const store::Row& row) { return row.Text(0); });
  answer.children.emplace();
  for (const store::Row& row : rows) answer.children->push_back({.id = row.Text(0), .type = type});
  return answer;
}

}  // namespace hanse::organisation
