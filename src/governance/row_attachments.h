#pragma once
#include "governance/operation.h"
#include "governance/row_policy_rows.h"
#include "wire/lakeformation.h"

// What row-level security policies are attached to (lakeformation-2026.md, semantics 2 to 5): a table, all tables of a database, or
// an LF-Tag policy for tables, for a principal or as the resource's default. In force with the next decision.
namespace hanse::governance {

struct AttachRLSPolicy : Writes<wire::lakeformation::op::AttachRLSPolicy> {};
struct DetachRLSPolicy : Writes<wire::lakeformation::op::DetachRLSPolicy> {};
struct ListRLSPolicyAttachments : Reads<wire::lakeformation::op::ListRLSPolicyAttachments> {};

// Any thread.
class RowAttachments {
 public:
  Result<AttachRLSPolicy::Answer> Do(const gate::Authorized<AttachRLSPolicy>& call);
  Result<DetachRLSPolicy::Answer> Do(const gate::Authorized<DetachRLSPolicy>& call);
  Result<ListRLSPolicyAttachments::Answer> Do(const gate::Authorized<ListRLSPolicyAttachments>& call);
};

using RowAttachmentOperations = gate::List<AttachRLSPolicy, DetachRLSPolicy, ListRLSPolicyAttachments>;

// As clients read it: the resource by the name under which it was attached.
Result<wire::lakeformation::RLSPolicyAttachment> ShownAttachment(store::Transaction& tx, const AttachmentRow& row);

}  // namespace hanse::governance
