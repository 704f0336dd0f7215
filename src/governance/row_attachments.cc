#include "governance/row_attachments.h"

#include <algorithm>

#include "governance/grantee.h"
#include "governance/office.h"
#include "governance/page.h"
#include "governance/refusals.h"
#include "governance/restrictions.h"
#include "governance/rights.h"
#include "governance/row_place.h"
#include "governance/row_policies.h"
#include "governance/shown_grants.h"
#include "policy/lake_condition.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;

constexpr std::size_t kMaxAttachments = 100;  // On one resource.

// Whom an attachment is for. A consumer's binds its own principals alone.
Result<Grantee> ReadBound(const gate::Call& call, const RowPlace& place, const lf::DataLakePrincipal& principal) {
  std::string identifier = principal.data_lake_principal_identifier.value_or("");
  TRY_ASSIGN(Grantee grantee, FindGrantee(call.tx(), call.caller(), identifier));
  bool abroad = place.foreign(call.caller().account) && grantee.account != call.caller().account;
  if (grantee.kind == GranteeKind::kIamAllowed || abroad) return Invalid("Invalid principal, arn: " + identifier);
  return grantee;
}

// The rows that a request means: one for its principal, one for the default.
Result<std::vector<AttachmentRow>> Meant(const gate::Call& call, const RowPlace& place, const RowPolicyRow& policy,
                                         const std::optional<lf::DataLakePrincipal>& principal,
                                         const std::optional<lf::Condition>& condition, bool as_default) {
  std::vector<AttachmentRow> rows;
  AttachmentRow row = place.Row(call.caller().account);
  row.policy = policy.id;
  std::string text = condition ? condition->expression.value_or("") : "";
  if (principal) {
    TRY_ASSIGN(Grantee grantee, ReadBound(call, place, *principal));
    if (!text.empty()) TRY(policy::ConditionHolds(text, {}));
    rows.push_back(row);
    rows.back().principal = grantee.key;
    rows.back().principal_id = grantee.principal;
    rows.back().shown = grantee.shown;
    rows.back().condition = text;
  } else if (!text.empty()) {
    return Invalid("A condition needs a principal");
  }
  if (as_default) rows.push_back(std::move(row));
  if (rows.empty()) return Invalid("A principal must be given, or that the policy is the resource's default");
  return rows;
}

// A named table must have the columns; tables of a wildcard or tag that have not cannot be read (semantics 3).
Result<void> CheckFits(const RowPlace& place, const RowPolicyRow& policy) {
  if (!place.target.table) return {};
  const store::TableRow& table = *place.target.table;
  auto types = TypesOf(table);
  auto rows = policy::RowsOf(policy.policy, {table.columns, table.keys, types});
  if (!rows) return Invalid("The policy does not fit the table: " + rows.error().message);
  return {};
}

bool Same(const AttachmentRow& a, const AttachmentRow& b) {
  return a.policy == b.policy && a.principal == b.principal && a.condition == b.condition;
}

Result<lf::Resource> ShownPlace(store::Transaction& tx, const AttachmentRow& row) {
  GrantRow like;
  like.owner = row.owner;
  like.region = row.region;
  like.kind = row.kind;
  like.object = row.object;
  like.expression = row.expression;
  like.detail = row.detail;
  like.saved_expression = row.saved_expression;
  TRY_ASSIGN(auto shown, ShownResource(tx, like));
  lf::Resource resource = shown.value_or(lf::Resource());
  if (row.link == 0 || !resource.table) return resource;
  // By the name under which the consumer attached it.
  resource.table->catalog_id = row.keeper;
  TRY_ASSIGN(auto database, store::FindDatabaseById(tx, row.link));
  if (database) resource.table->database_name = database->name;
  TRY_ASSIGN(auto table, store::FindTableById(tx, row.link));
  if (table) {
    resource.table->database_name = table->database_name;
    resource.table->name = table->name;
  }
  return resource;
}

}  // namespace

Result<lf::RLSPolicyAttachment> ShownAttachment(store::Transaction& tx, const AttachmentRow& row) {
  lf::RLSPolicyAttachment shown{.catalog_id = row.keeper, .policy_name = row.policy_name};
  if (!row.is_default()) {
    std::string identifier = row.shown;
    if (row.principal_id != 0) {
      TRY_ASSIGN(auto principal, store::FindPrincipalById(tx, row.principal_id));
      if (principal) identifier = principal->arn;
    }
    shown.principal = lf::DataLakePrincipal{.data_lake_principal_identifier = std::move(identifier)};
  }
  TRY_ASSIGN(shown.resource, ShownPlace(tx, row));
  if (!row.condition.empty()) shown.condition = lf::Condition{.expression = row.condition};
  shown.default_rls_policy = row.is_default();
  return shown;
}

Result<AttachRLSPolicy::Answer> RowAttachments::Do(const gate::Authorized<AttachRLSPolicy>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(RowPolicyRow policy, VisibleRowPolicy(call, in.name.value_or("")));
  TRY_ASSIGN(RowPlace place, FindRowPlace(call, in.resource.value_or(lf::Resource())));
  TRY(MayActThere(call, place, RowAct::kAttach));
  TRY_ASSIGN(auto meant, Meant(call, place, policy, in.principal, in.condition, in.set_default.value_or(false)));
  TRY(CheckFits(place, policy));
  TRY_ASSIGN(auto there, AttachmentsAt(call.tx(), call.caller().account, meant.front().resource_key));
  if (there.size() + meant.size() > kMaxAttachments)
    return Fail(ErrorCode::kLimitExceeded, "At most 100 row-level security policies may be attached to a resource");
  for (const AttachmentRow& row : meant) {
    for (const AttachmentRow& one : there) {
      if (Same(row, one)) return Fail(ErrorCode::kAlreadyExists, "The policy is attached there already");
      if (row.is_default() && one.is_default()) return Fail(ErrorCode::kAlreadyExists, "The resource has a default policy");
    }
    TRY(AddAttachment(call.tx(), row));
  }
  return AttachRLSPolicy::Answer();
}

Result<DetachRLSPolicy::Answer> RowAttachments::Do(const gate::Authorized<DetachRLSPolicy>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(RowPolicyRow policy, VisibleRowPolicy(call, in.name.value_or("")));
  TRY_ASSIGN(RowPlace place, FindRowPlace(call, in.resource.value_or(lf::Resource())));
  TRY(MayActThere(call, place, RowAct::kDetach));
  TRY_ASSIGN(auto meant, Meant(call, place, policy, in.principal, in.condition, in.remove_default.value_or(false)));
  TRY_ASSIGN(auto there, AttachmentsAt(call.tx(), call.caller().account, meant.front().resource_key));
  for (const AttachmentRow& row : meant) {
    auto found = std::ranges::find_if(there, [&](const AttachmentRow& one) { return Same(row, one); });
    if (found == there.end()) return NoSuch(kNoEntity);
    TRY(DropAttachment(call.tx(), found->id));
  }
  return DetachRLSPolicy::Answer();
}

Result<ListRLSPolicyAttachments::Answer> RowAttachments::Do(const gate::Authorized<ListRLSPolicyAttachments>& call) {
  const auto& in = call->in;
  std::size_t most = PageSize(in.max_results, 1000);
  TRY_ASSIGN(std::string cursor, PageCursor("ListRLSPolicyAttachments", in.next_token));
  TRY_ASSIGN(Id after, CursorId(cursor));
  std::optional<std::string> place_key, principal;
  Id only = 0;
  if (in.policy_name) {
    TRY_ASSIGN(RowPolicyRow policy, VisibleRowPolicy(call, *in.policy_name));
    only = policy.id;
  }
  if (in.resource) {
    TRY_ASSIGN(RowPlace place, FindRowPlace(call, *in.resource));
    place_key = place.Row(call.caller().account).resource_key;
  }
  if (in.principal) {
    TRY_ASSIGN(Grantee grantee, FindGrantee(call.tx(), call.caller(), in.principal->data_lake_principal_identifier.value_or("")));
    principal = grantee.key;
  }
  ListRLSPolicyAttachments::Answer answer;
  answer.rls_policy_attachments.emplace();
  TRY_ASSIGN(auto rows,
             AttachmentsOf(call.tx(), call.caller().account, call.info().region, after, static_cast<std::int64_t>(most)));
  for (const AttachmentRow& row : rows) {
    bool fits = (only == 0 || row.policy == only) && (!place_key || row.resource_key == *place_key) &&
                (!principal || row.principal == *principal);
    if (!fits) continue;
    TRY_ASSIGN(auto policy, FindRowPolicyById(call.tx(), row.policy));
    if (!policy) continue;
    TRY_ASSIGN(policy::PermissionSet held, RightsOnRowPolicy(call.tx(), call.caller(), *policy, Which::kHeld));
    if (held.empty()) continue;
    TRY_ASSIGN(auto shown, ShownAttachment(call.tx(), row));
    answer.rls_policy_attachments->push_back(std::move(shown));
  }
  if (rows.size() == most) answer.next_token = PageToken("ListRLSPolicyAttachments", std::to_string(rows.back().id));
  return answer;
}

}  // namespace hanse::governance
