#include "governance/row_policies.h"

#include <algorithm>

#include "base/text.h"
#include "governance/grantee.h"
#include "governance/office.h"
#include "governance/page.h"
#include "governance/refusals.h"
#include "governance/rights.h"
#include "governance/settings_rows.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;
using policy::Permission;
using policy::PermissionSet;

constexpr std::int64_t kMaxRowPolicies = 1000;

// An administrator, or who may let others make tables in some database.
Result<bool> MayCreate(const gate::Call& call) {
  const Caller& caller = call.caller();
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), caller, caller.account, call.info().region));
  if (office == Office::kAdmin) return true;
  TRY_ASSIGN(Holdings rows, HoldingsOf(call.tx(), caller, caller.account, call.info().region, {}, Which::kGrantable));
  return std::ranges::any_of(rows.own, [](const GrantRow& row) {
    bool database = row.kind == GrantKind::kDatabase || row.kind == GrantKind::kDatabasesByTag;
    return database && row.permissions.Grants(Permission::kCreateTable);
  });
}

Result<policy::RowPolicy> ReadPolicy(const std::vector<lf::Column>& columns, const std::optional<std::string>& rows) {
  policy::RowPolicy policy{{}, std::string(Trim(rows.value_or("")))};
  for (const lf::Column& column : columns) {
    std::string name = Lower(column.name.value_or("")), type = column.type.value_or("");
    if ((name + type).find_first_of("\t\n") != std::string::npos) return Invalid("AttachmentColumns has a name that is none");
    policy.columns.push_back({std::move(name), std::move(type)});
  }
  TRY(policy::CheckRowPolicy(policy));
  return policy;
}

Result<void> GiveCreator(const gate::Call& call, const RowPolicyRow& policy) {
  const Caller& caller = call.caller();
  if (caller.principal == 0) return {};
  GrantRow row;
  row.keeper = row.owner = policy.account;
  row.region = policy.region;
  row.principal = PrincipalKey(caller.principal);
  row.principal_id = caller.principal;
  row.shown = row.updated_by = caller.principal_arn;
  row.kind = GrantKind::kRowPolicy;
  row.object = policy.id;
  row.resource_key = "row_policy:" + std::to_string(policy.id);
  row.permissions = row.grantable = PermissionSet(Permission::kAlter) | Permission::kDrop | Permission::kDescribe;
  row.updated_ms = call.now_ms();
  return AddGrant(call.tx(), std::move(row));
}

// A right on the policy; administrators have it on their own account's.
Result<RowPolicyRow> DemandOn(const gate::Call& call, const std::string& name, Permission needed, std::string_view verb) {
  TRY_ASSIGN(RowPolicyRow policy, VisibleRowPolicy(call, name));
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), policy.account, policy.region));
  if (office == Office::kAdmin) return policy;
  TRY_ASSIGN(PermissionSet held, RightsOnRowPolicy(call.tx(), call.caller(), policy, Which::kHeld));
  if (!held.Has(needed)) return Insufficient(std::string(verb) + " on " + policy.name);
  return policy;
}

lf::RLSPolicy ShownPolicy(const RowPolicyRow& row) {
  lf::RLSPolicy shown{.catalog_id = row.account, .name = row.name};
  shown.attachment_columns.emplace();
  for (const policy::PolicyColumn& column : row.policy.columns) {
    lf::Column one{.name = column.name};
    if (!column.type.empty()) one.type = column.type;
    shown.attachment_columns->push_back(std::move(one));
  }
  shown.filter_expression = row.policy.rows;
  return shown;
}

}  // namespace

Result<RowPolicyRow> VisibleRowPolicy(const gate::Call& call, const std::string& name) {
  TRY_ASSIGN(auto policy, FindRowPolicy(call.tx(), call.caller().account, call.info().region, name));
  if (!policy) return NoSuch(kNoEntity);
  TRY_ASSIGN(PermissionSet held, RightsOnRowPolicy(call.tx(), call.caller(), *policy, Which::kHeld));
  if (held.empty()) return NoSuch(kNoEntity);
  return std::move(*policy);
}

Result<CreateRLSPolicy::Answer> RowPolicies::Do(const gate::Authorized<CreateRLSPolicy>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(bool may, MayCreate(call));
  if (!may) return Insufficient("Create Table with grant option on a database");
  RowPolicyRow row{0, call.caller().account, call.info().region, in.name.value_or(""), {}};
  TRY_ASSIGN(row.policy, ReadPolicy(in.attachment_columns.value_or(std::vector<lf::Column>()), in.filter_expression));
  TRY_ASSIGN(auto there, FindRowPolicy(call.tx(), row.account, row.region, row.name));
  if (there) return Fail(ErrorCode::kAlreadyExists, "Row-level security policy already exists: " + row.name);
  TRY_ASSIGN(store::Row count,
             call.tx().One("SELECT count(*) FROM lf_row_policies WHERE account = ? AND region = ?", {row.account, row.region}));
  if (count.Int(0) >= kMaxRowPolicies)
    return Fail(ErrorCode::kLimitExceeded, "At most 1000 row-level security policies are allowed");
  TRY(KeepDefaults(call.tx(), row.account, row.region, call.now_ms()));
  TRY(StoreRowPolicy(call.tx(), &row));
  TRY(GiveCreator(call, row));
  return CreateRLSPolicy::Answer();
}

Result<UpdateRLSPolicy::Answer> RowPolicies::Do(const gate::Authorized<UpdateRLSPolicy>& call) {
  TRY_ASSIGN(RowPolicyRow row, DemandOn(call, call->in.name.value_or(""), Permission::kAlter, "Alter"));
  if (!call->in.filter_expression) return Invalid("FilterExpression must be given");
  row.policy.rows = std::string(Trim(*call->in.filter_expression));
  TRY(policy::CheckRowPolicy(row.policy));
  TRY(StoreRowPolicy(call.tx(), &row));
  return UpdateRLSPolicy::Answer();
}

Result<GetRLSPolicy::Answer> RowPolicies::Do(const gate::Authorized<GetRLSPolicy>& call) {
  TRY_ASSIGN(RowPolicyRow row, DemandOn(call, call->in.name.value_or(""), Permission::kDescribe, "Describe"));
  return GetRLSPolicy::Answer{.rls_policy = ShownPolicy(row)};
}

// Its attachments and the grants on it go along.
Result<DeleteRLSPolicy::Answer> RowPolicies::Do(const gate::Authorized<DeleteRLSPolicy>& call) {
  TRY_ASSIGN(RowPolicyRow row, DemandOn(call, call->in.name.value_or(""), Permission::kDrop, "Drop"));
  TRY(store::DeleteThing(call.tx(), row.id));
  return DeleteRLSPolicy::Answer();
}

Result<ListRLSPolicies::Answer> RowPolicies::Do(const gate::Authorized<ListRLSPolicies>& call) {
  std::size_t most = PageSize(call->in.max_results, 1000);
  TRY_ASSIGN(std::string after, PageCursor("ListRLSPolicies", call->in.next_token));
  ListRLSPolicies::Answer answer;
  answer.rls_policies.emplace();
  TRY_ASSIGN(auto rows,
             ListRowPolicies(call.tx(), call.caller().account, call.info().region, after, static_cast<std::int64_t>(most)));
  for (const RowPolicyRow& row : rows) {
    TRY_ASSIGN(PermissionSet held, RightsOnRowPolicy(call.tx(), call.caller(), row, Which::kHeld));
    if (!held.empty()) answer.rls_policies->push_back(ShownPolicy(row));
  }
  if (rows.size() == most) answer.next_token = PageToken("ListRLSPolicies", rows.back().name);
  return answer;
}

}  // namespace hanse::governance
