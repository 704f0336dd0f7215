#pragma once
#include "governance/operation.h"
#include "governance/row_policy_rows.h"
#include "wire/lakeformation.h"

// Row-level security policies of an account (lakeformation-2026.md): made apart from any table, attached by row_attachments.h.
namespace hanse::governance {

struct CreateRLSPolicy : Writes<wire::lakeformation::op::CreateRLSPolicy> {};
struct UpdateRLSPolicy : Writes<wire::lakeformation::op::UpdateRLSPolicy> {};
struct GetRLSPolicy : Reads<wire::lakeformation::op::GetRLSPolicy> {};
struct DeleteRLSPolicy : Writes<wire::lakeformation::op::DeleteRLSPolicy> {};
struct ListRLSPolicies : Reads<wire::lakeformation::op::ListRLSPolicies> {};

// Any thread.
class RowPolicies {
 public:
  Result<CreateRLSPolicy::Answer> Do(const gate::Authorized<CreateRLSPolicy>& call);
  Result<UpdateRLSPolicy::Answer> Do(const gate::Authorized<UpdateRLSPolicy>& call);
  Result<GetRLSPolicy::Answer> Do(const gate::Authorized<GetRLSPolicy>& call);
  Result<DeleteRLSPolicy::Answer> Do(const gate::Authorized<DeleteRLSPolicy>& call);
  Result<ListRLSPolicies::Answer> Do(const gate::Authorized<ListRLSPolicies>& call);
};

using RowPolicyOperations = gate::List<CreateRLSPolicy, UpdateRLSPolicy, GetRLSPolicy, DeleteRLSPolicy, ListRLSPolicies>;

// A policy of the caller's account that it may see: kNotFound for hidden and missing alike.
Result<RowPolicyRow> VisibleRowPolicy(const gate::Call& call, const std::string& name);

}  // namespace hanse::governance
