#include "governance/opt_ins.h"

#include "governance/office.h"
#include "governance/opt_in_rows.h"
#include "governance/page.h"
#include "governance/refusals.h"
#include "governance/shown_grants.h"
#include "governance/target.h"
#include "policy/lake_condition.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;

Result<void> DemandOffice(const gate::Call& call, Office least) {
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), call.caller().account, call.info().region));
  return office >= least ? Result<void>() : Insufficient("Data Lake Administrator on Catalog");
}

// A database or tables of the administrator's own catalog.
Result<Target> FindGoverned(const gate::Call& call, const lf::Resource& resource) {
  TRY_ASSIGN(Target target, FindTarget(call.tx(), call.caller(), call.info().region, std::nullopt, resource));
  bool fits = target.kind == GrantKind::kDatabase || target.kind == GrantKind::kTable || target.kind == GrantKind::kAllTables;
  if (!fits || target.select_only) return Invalid("Only databases and tables can be opted in to");
  if (target.owner != call.caller().account) return NotYours();
  return target;
}

Result<OptInRow> Asked(const gate::Call& call, const std::optional<lf::DataLakePrincipal>& principal,
                       const std::optional<lf::Resource>& resource, const std::optional<lf::Condition>& condition) {
  TRY(DemandOffice(call, Office::kAdmin));
  std::string identifier = principal ? principal->data_lake_principal_identifier.value_or("") : "";
  TRY_ASSIGN(Grantee grantee, FindGrantee(call.tx(), call.caller(), identifier));
  if (grantee.kind == GranteeKind::kIamAllowed) return Invalid("Invalid principal, arn: " + identifier);
  TRY_ASSIGN(Target target, FindGoverned(call, resource.value_or(lf::Resource())));
  OptInRow row;
  row.condition = condition ? condition->expression.value_or("") : "";
  if (!row.condition.empty()) TRY(policy::ConditionHolds(row.condition, {}));
  GrantRow like = target.Rows().front();
  row.keeper = call.caller().account;
  row.owner = target.owner;
  row.region = target.region;
  row.kind = like.kind;
  row.resource_key = like.resource_key;
  row.object = like.object;
  row.principal = grantee.key;
  row.principal_id = grantee.principal;
  row.shown = grantee.shown;
  row.updated_ms = call.now_ms();
  row.updated_by = call.caller().principal_arn;
  return row;
}

}  // namespace

Result<lf::LakeFormationOptInsInfo> ShownOptIn(store::Transaction& tx, const OptInRow& row) {
  GrantRow like;
  like.owner = row.owner;
  like.kind = row.kind;
  like.object = row.object;
  lf::LakeFormationOptInsInfo shown;
  TRY_ASSIGN(shown.resource, ShownResource(tx, like));
  shown.principal = lf::DataLakePrincipal{.data_lake_principal_identifier = row.shown};
  if (!row.condition.empty()) shown.condition = lf::Condition{.expression = row.condition};
  shown.last_modified = wire::Timestamp{row.updated_ms};
  shown.last_updated_by = row.updated_by;
  return shown;
}

Result<CreateLakeFormationOptIn::Answer> OptIns::Do(const gate::Authorized<CreateLakeFormationOptIn>& call) {
  TRY_ASSIGN(OptInRow row, Asked(call, call->in.principal, call->in.resource, call->in.condition));
  TRY(AddOptIn(call.tx(), row));
  return CreateLakeFormationOptIn::Answer();
}

Result<DeleteLakeFormationOptIn::Answer> OptIns::Do(const gate::Authorized<DeleteLakeFormationOptIn>& call) {
  TRY_ASSIGN(OptInRow row, Asked(call, call->in.principal, call->in.resource, call->in.condition));
  TRY_ASSIGN(bool there, DropOptIn(call.tx(), row));
  if (!there) return NoSuch(kNoEntity);
  return DeleteLakeFormationOptIn::Answer();
}

Result<ListLakeFormationOptIns::Answer> OptIns::Do(const gate::Authorized<ListLakeFormationOptIns>& call) {
  const auto& in = call->in;
  TRY(DemandOffice(call, Office::kReader));
  std::size_t most = PageSize(in.max_results, 1000);
  TRY_ASSIGN(std::string cursor, PageCursor("ListLakeFormationOptIns", in.next_token));
  TRY_ASSIGN(Id after, CursorId(cursor));
  std::optional<std::string> principal, resource_key;
  if (in.principal) {
    TRY_ASSIGN(Grantee grantee, FindGrantee(call.tx(), call.caller(), in.principal->data_lake_principal_identifier.value_or("")));
    // It may be opted in, but not asked about (section 2.10).
    bool external = !grantee.account.empty() && grantee.account != call.caller().account;
    if (external) return Invalid("Invalid principal: it is not of this account: " + grantee.shown);
    principal = grantee.key;
  }
  if (in.resource) {
    TRY_ASSIGN(Target target, FindGoverned(call, *in.resource));
    resource_key = target.Rows().front().resource_key;
  }
  ListLakeFormationOptIns::Answer answer;
  answer.lake_formation_opt_ins_info_list.emplace();
  TRY_ASSIGN(auto rows, OptInsOf(call.tx(), call.caller().account, call.info().region, after, static_cast<std::int64_t>(most)));
  for (const OptInRow& row : rows) {
    if ((principal && row.principal != *principal) || (resource_key && row.resource_key != *resource_key)) continue;
    TRY_ASSIGN(auto shown, ShownOptIn(call.tx(), row));
    answer.lake_formation_opt_ins_info_list->push_back(std::move(shown));
  }
  if (rows.size() == most) answer.next_token = PageToken("ListLakeFormationOptIns", std::to_string(rows.back().id));
  return answer;
}

}  // namespace hanse::governance
