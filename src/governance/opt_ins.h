#pragma once
#include "governance/operation.h"
#include "governance/opt_in_rows.h"
#include "wire/lakeformation.h"

// Opt-ins to Lake Formation where IAM_ALLOWED_PRINCIPALS stands (lakeformation.md, section 2.10): by administrators, for a
// database, a table or all tables of a database. In force with the next decision.
namespace hanse::governance {

struct CreateLakeFormationOptIn : Writes<wire::lakeformation::op::CreateLakeFormationOptIn> {};
struct DeleteLakeFormationOptIn : Writes<wire::lakeformation::op::DeleteLakeFormationOptIn> {};
struct ListLakeFormationOptIns : Reads<wire::lakeformation::op::ListLakeFormationOptIns> {};

// Any thread.
class OptIns {
 public:
  Result<CreateLakeFormationOptIn::Answer> Do(const gate::Authorized<CreateLakeFormationOptIn>& call);
  Result<DeleteLakeFormationOptIn::Answer> Do(const gate::Authorized<DeleteLakeFormationOptIn>& call);
  Result<ListLakeFormationOptIns::Answer> Do(const gate::Authorized<ListLakeFormationOptIns>& call);
};

using OptInOperations = gate::List<CreateLakeFormationOptIn, DeleteLakeFormationOptIn, ListLakeFormationOptIns>;

// As clients read it.
Result<wire::lakeformation::LakeFormationOptInsInfo> ShownOptIn(store::Transaction& tx, const OptInRow& row);

}  // namespace hanse::governance
