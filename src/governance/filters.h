#pragma once
#include "governance/operation.h"
#include "wire/lakeformation.h"

// Data cells filters (lakeformation.md, section 4). A consumer's administrators make their own for tables that are shared with
// them.
namespace hanse::governance {

struct CreateDataCellsFilter : Writes<wire::lakeformation::op::CreateDataCellsFilter> {};
struct UpdateDataCellsFilter : Writes<wire::lakeformation::op::UpdateDataCellsFilter> {};
struct GetDataCellsFilter : Reads<wire::lakeformation::op::GetDataCellsFilter> {};
struct DeleteDataCellsFilter : Writes<wire::lakeformation::op::DeleteDataCellsFilter> {};
struct ListDataCellsFilter : Reads<wire::lakeformation::op::ListDataCellsFilter> {};

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
