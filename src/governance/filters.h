#pragma once
#include "governance/operation.h"
#include "wire/lakeformation.h"

// Data cells filters (lakeformation.md, section 4). A consumer's administrators make their own for tables that are shared with
// them.
namespace hanse::governance {

struct CreateDataCellsFilter : LakeOperation<wire::lakeformation::op::CreateDataCellsFilter> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct UpdateDataCellsFilter : LakeOperation<wire::lakeformation::op::UpdateDataCellsFilter> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct GetDataCellsFilter : LakeOperation<wire::lakeformation::op::GetDataCellsFilter> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};
struct DeleteDataCellsFilter : LakeOperation<wire::lakeformation::op::DeleteDataCellsFilter> {
  static constexpr gate::Rule kRule = Writes<Wire>();
};
struct ListDataCellsFilter : LakeOperation<wire::lakeformation::op::ListDataCellsFilter> {
  static constexpr gate::Rule kRule = Reads<Wire>();
};

// Any thread.
class Filters {
 public:
  Result<CreateDataCellsFilter::Answer> Do(const gate::Authorized<CreateDataCellsFilter>& call);
  Result<UpdateDataCellsFilter::Answer> Do(const gate::Authorized<UpdateDataCellsFilter>& call);
  Result<GetDataCellsFilter::Answer> Do(const gate::Authorized<GetDataCellsFilter>& call);
  Result<DeleteDataCellsFilter::Answer> Do(const gate::Authorized<DeleteDataCellsFilter>& call);
  Result<ListDataCellsFilter::Answer> Do(const gate::Authorized<ListDataCellsFilter>& call);
};

using FilterOperations =
    gate::List<CreateDataCellsFilter, UpdateDataCellsFilter, GetDataCellsFilter, DeleteDataCellsFilter, ListDataCellsFilter>;

}  // namespace hanse::governance
