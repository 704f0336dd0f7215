#include <algorithm>

#include "base/text.h"
#include "governance/expression_rows.h"
#include "governance/opt_in_rows.h"
#include "steward/mesh_names.h"
#include "steward/mesh_step.h"
#include "wire/json.h"

// Saved expressions, row-level security policies and opt-ins of a catalog.
namespace hanse::steward {
namespace {

namespace lake = governance;
namespace lf = wire::lakeformation;

constexpr std::int64_t kListed = 1'000'000;

Terms Sorted(const Terms& terms) {
  Terms sorted;
  for (const auto& [key, values] : terms) {
    std::vector<std::string> folded;
    for (const std::string& value : values) folded.push_back(Lower(value));
    std::ranges::sort(folded);
    sorted[Lower(key)] = std::move(folded);
  }
  return sorted;
}

// For whom and where, in one text for each way to write it.
Result<std::string> KeyOfPlace(store::Transaction& tx, const AccountId& account, WrittenGrant place) {
  if (place.tables) place.tables = Sorted(*place.tables);
  TRY_ASSIGN(lf::Resource on, ResourceOf(account, place));
  std::string to;
  if (!place.to.empty()) {
    TRY_ASSIGN(to, PrincipalNamed(tx, account, place.to));
  }
  return fmt::format("{}|{}|{}", Lower(wire::ToJson(on)), to, place.condition);
}

using Places = std::map<std::string, WrittenGrant>;  // By their keys.

Result<Places> ByKey(store::Transaction& tx, const AccountId& account, const std::vector<WrittenGrant>& places) {
  Places by_key;
  for (const WrittenGrant& place : places) {
    TRY_ASSIGN(std::string key, KeyOfPlace(tx, account, place));
    by_key.emplace(std::move(key), place);
  }
  return by_key;
}

std::string PlaceInWords(const WrittenGrant& place) {
  std::string on = !place.table.empty()               ? place.table
                   : !place.database.empty()          ? "database " + place.database
                   : !place.all_tables.empty()        ? "all tables of " + place.all_tables
                   : !place.tables_expression.empty() ? "tables by expression " + place.tables_expression
                                                      : "tables";
  for (const auto& [key, values] : place.tables.value_or(Terms())) on += fmt::format(" {}={}", key, Join(values, ","));
  std::string to = place.to.empty() ? "everybody whom no other binds" : place.to;
  return fmt::format("{} for {}{}", on, to, place.condition.empty() ? "" : " where " + place.condition);
}

// Resource, principal and condition of an operation on a place.
template <class Input>
Result<void> Fill(store::Transaction& tx, const AccountId& account, const WrittenGrant& place, Input* in) {
  TRY_ASSIGN(in->resource, ResourceOf(account, place));
  if (!place.to.empty()) {
    TRY_ASSIGN(std::string to, PrincipalNamed(tx, account, place.to));
    in->principal = lf::DataLakePrincipal{.data_lake_principal_identifier = std::move(to)};
  }
  if (!place.condition.empty()) in->condition = lf::Condition{.expression = place.condition};
  return {};
}

template <class Shown>
std::optional<WrittenGrant> PlaceOf(const Shown& shown) {
  WrittenGrant place;
  if (!shown.resource || !WriteResource(*shown.resource, &place)) return std::nullopt;
  if (shown.principal) place.to = *shown.principal->data_lake_principal_identifier;
  if (shown.condition) place.condition = *shown.condition->expression;
  return place;
}

std::string OfPolicy(const WrittenRowPolicy& policy) { return fmt::format("row policy {}: {}", policy.name, policy.rows); }

}  // namespace

Result<std::map<std::string, Terms>> ExpressionsOf(store::Transaction& tx, const AccountId& account, const std::string& region) {
  TRY_ASSIGN(auto rows, lake::ListExpressions(tx, account, region, "", kListed));
  std::map<std::string, Terms> expressions;
  for (const lake::ExpressionRow& row : rows) {
    auto terms = policy::DecodeExpression(row.expression).value_or(policy::TagExpression());
    expressions[row.name] = TermsOf(lake::ShownExpression(terms));
  }
  return expressions;
}

Result<std::vector<WrittenRowPolicy>> RowPoliciesOf(store::Transaction& tx, const AccountId& account, const std::string& region) {
  TRY_ASSIGN(auto rows, lake::ListRowPolicies(tx, account, region, "", kListed));
  TRY_ASSIGN(auto attached, lake::AttachmentsOf(tx, account, region, 0, kListed));
  std::vector<WrittenRowPolicy> policies;
  for (const lake::RowPolicyRow& row : rows) {
    WrittenRowPolicy policy{.name = row.name, .rows = row.policy.rows};
    for (const policy::PolicyColumn& column : row.policy.columns) policy.columns[column.name] = column.type;
    for (const lake::AttachmentRow& one : attached) {
      if (one.policy != row.id) continue;
      TRY_ASSIGN(auto shown, lake::ShownAttachment(tx, one));
      if (auto place = PlaceOf(shown)) policy.attached.push_back(std::move(*place));
    }
    policies.push_back(std::move(policy));
  }
  return policies;
}

Result<std::vector<WrittenGrant>> PlacesOptedIn(store::Transaction& tx, const AccountId& account, const std::string& region) {
  TRY_ASSIGN(auto rows, lake::OptInsOf(tx, account, region, 0, kListed));
  std::vector<WrittenGrant> places;
  for (const lake::OptInRow& row : rows) {
    TRY_ASSIGN(auto shown, lake::ShownOptIn(tx, row));
    if (auto place = PlaceOf(shown)) places.push_back(std::move(*place));
  }
  return places;
}

Result<void> MeshChange::Expressions(const Site& site) {
  if (!site.written->expressions) return {};
  TRY_ASSIGN(auto there, ExpressionsOf(call_.tx(), site.account, call_.info().region));
  for (const auto& [name, terms] : *site.written->expressions) {
    auto same = there.find(name);
    if (same == there.end()) {
      lake::CreateLFTagExpression op;
      op.in.name = name;
      op.in.expression = ExpressionOf(terms);
      TRY(Step(site, op, expressions_, '+', fmt::format("expression {}", name)));
    } else if (Sorted(same->second) != Sorted(terms)) {
      TRY_ASSIGN(auto row, lake::FindExpression(call_.tx(), site.account, call_.info().region, name));
      lake::UpdateLFTagExpression op;
      op.in.name = name;
      op.in.expression = ExpressionOf(terms);
      if (row && !row->description.empty()) op.in.description = row->description;
      TRY(Step(site, op, expressions_, '~', fmt::format("expression {}", name)));
    }
  }
  return {};
}

// After the grants and the policies: what is still used cannot be dropped.
Result<void> MeshChange::DropExpressions(const Site& site) {
  if (!site.written->expressions) return {};
  TRY_ASSIGN(auto there, ExpressionsOf(call_.tx(), site.account, call_.info().region));
  for (const auto& [name, terms] : there) {
    if (site.written->expressions->contains(name)) continue;
    lake::DeleteLFTagExpression op;
    op.in.name = name;
    TRY(Step(site, op, expressions_, '-', fmt::format("expression {}", name)));
  }
  return {};
}

Result<void> MeshChange::RowPolicies(const Site& site) {
  if (!site.written->row_policies) return {};
  TRY_ASSIGN(auto there, RowPoliciesOf(call_.tx(), site.account, call_.info().region));
  const std::vector<WrittenRowPolicy>& wanted = *site.written->row_policies;
  // What another columns' policy becomes is another policy.
  auto kept = [&](const WrittenRowPolicy& one) {
    auto same = std::ranges::find(wanted, one.name, &WrittenRowPolicy::name);
    return same != wanted.end() && same->columns == one.columns;
  };
  for (const WrittenRowPolicy& one : there) {
    if (kept(one)) continue;
    lake::DeleteRLSPolicy op;
    op.in.name = one.name;
    TRY(Step(site, op, row_policies_, '-', OfPolicy(one)));
  }
  std::erase_if(there, [&](const WrittenRowPolicy& one) { return !kept(one); });
  for (const WrittenRowPolicy& written : wanted) {
    auto same = std::ranges::find(there, written.name, &WrittenRowPolicy::name);
    TRY(RowPolicyOf(site, written, same == there.end() ? nullptr : &*same));
  }
  return {};
}

Result<void> MeshChange::RowPolicyOf(const Site& site, const WrittenRowPolicy& written, const WrittenRowPolicy* there) {
  if (there == nullptr) {
    lake::CreateRLSPolicy op;
    op.in.name = written.name;
    op.in.attachment_columns.emplace();
    for (const auto& [column, type] : written.columns) {
      lf::Column one{.name = column};
      if (!type.empty()) one.type = type;
      op.in.attachment_columns->push_back(std::move(one));
    }
    op.in.filter_expression = written.rows;
    TRY(Step(site, op, row_policies_, '+', OfPolicy(written)));
  } else if (there->rows != written.rows) {
    lake::UpdateRLSPolicy op;
    op.in.name = written.name;
    op.in.filter_expression = written.rows;
    TRY(Step(site, op, row_policies_, '~', OfPolicy(written)));
  }
  TRY_ASSIGN(Places wanted, ByKey(call_.tx(), site.account, written.attached));
  TRY_ASSIGN(Places attached, ByKey(call_.tx(), site.account, there ? there->attached : std::vector<WrittenGrant>()));
  for (const auto& [key, place] : attached) {
    if (wanted.contains(key)) continue;
    lake::DetachRLSPolicy op;
    op.in.name = written.name;
    TRY(Fill(call_.tx(), site.account, place, &op.in));
    if (place.to.empty()) op.in.remove_default = true;
    TRY(Step(site, op, attachments_, '-', fmt::format("row policy {} on {}", written.name, PlaceInWords(place))));
  }
  for (const auto& [key, place] : wanted) {
    if (attached.contains(key)) continue;
    lake::AttachRLSPolicy op;
    op.in.name = written.name;
    TRY(Fill(call_.tx(), site.account, place, &op.in));
    if (place.to.empty()) op.in.set_default = true;
    TRY(Step(site, op, attachments_, '+', fmt::format("row policy {} on {}", written.name, PlaceInWords(place))));
  }
  return {};
}

Result<void> MeshChange::OptIns(const Site& site) {
  if (!site.written->opt_ins) return {};
  TRY_ASSIGN(auto rows, PlacesOptedIn(call_.tx(), site.account, call_.info().region));
  TRY_ASSIGN(Places there, ByKey(call_.tx(), site.account, rows));
  TRY_ASSIGN(Places wanted, ByKey(call_.tx(), site.account, *site.written->opt_ins));
  for (const auto& [key, place] : there) {
    if (wanted.contains(key)) continue;
    lake::DeleteLakeFormationOptIn op;
    TRY(Fill(call_.tx(), site.account, place, &op.in));
    TRY(Step(site, op, opt_ins_, '-', fmt::format("Lake Formation governs {}", PlaceInWords(place))));
  }
  for (const auto& [key, place] : wanted) {
    if (there.contains(key)) continue;
    lake::CreateLakeFormationOptIn op;
    TRY(Fill(call_.tx(), site.account, place, &op.in));
    TRY(Step(site, op, opt_ins_, '+', fmt::format("Lake Formation governs {}", PlaceInWords(place))));
  }
  return {};
}

}  // namespace hanse::steward
