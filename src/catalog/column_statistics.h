#pragma once
#include "catalog/access.h"
#include "catalog/operation.h"

// THE SECURITY RULE of column statistics: least and greatest values, counts of NULLs and of distinct values are data
// (lakeformation.md, appendix C 5). Who reads them needs SELECT on the column; who reads under a filter of rows or cells is told
// none; hidden, filtered and missing read the same. To write them takes ALTER. The journal has their columns, not their values.
// Sources: AWS Glue API Reference, "Column Statistics API" (which also says that IAM is asked for the actions of the table or
// partition: glue:GetTable …).
namespace hanse::catalog {

struct UpdateColumnStatisticsForTable : gate::WireOperation<wire::glue::op::UpdateColumnStatisticsForTable, gate::Record::kWrite> {
  std::string Parameters() const;  // Without the data.
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};
HANSE_GLUE_OPERATION(GetColumnStatisticsForTable, gate::Record::kRead);
HANSE_GLUE_OPERATION(DeleteColumnStatisticsForTable, gate::Record::kWrite);
struct UpdateColumnStatisticsForPartition
    : gate::WireOperation<wire::glue::op::UpdateColumnStatisticsForPartition, gate::Record::kWrite> {
  std::string Parameters() const;  // Without the data.
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};
HANSE_GLUE_OPERATION(GetColumnStatisticsForPartition, gate::Record::kRead);
HANSE_GLUE_OPERATION(DeleteColumnStatisticsForPartition, gate::Record::kWrite);

// Any thread; what it is given outlives it.
class ColumnStatistics {
 public:
  explicit ColumnStatistics(const Access& access) : access_(access) {}
  Result<UpdateColumnStatisticsForTable::Answer> Do(const gate::Authorized<UpdateColumnStatisticsForTable>& call) const;
  Result<GetColumnStatisticsForTable::Answer> Do(const gate::Authorized<GetColumnStatisticsForTable>& call) const;
  Result<DeleteColumnStatisticsForTable::Answer> Do(const gate::Authorized<DeleteColumnStatisticsForTable>& call) const;
  Result<UpdateColumnStatisticsForPartition::Answer> Do(const gate::Authorized<UpdateColumnStatisticsForPartition>& call) const;
  Result<GetColumnStatisticsForPartition::Answer> Do(const gate::Authorized<GetColumnStatisticsForPartition>& call) const;
  Result<DeleteColumnStatisticsForPartition::Answer> Do(const gate::Authorized<DeleteColumnStatisticsForPartition>& call) const;

 private:
  const Access& access_;
};

namespace column_statistics {
using Operations =
    gate::List<UpdateColumnStatisticsForTable, GetColumnStatisticsForTable, DeleteColumnStatisticsForTable,
               UpdateColumnStatisticsForPartition, GetColumnStatisticsForPartition, DeleteColumnStatisticsForPartition>;
}

}  // namespace hanse::catalog
