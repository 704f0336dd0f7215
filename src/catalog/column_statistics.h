#pragma once
#include "catalog/access.h"
#include "catalog/operation.h"

// THE SECURITY RULE of column statistics: least and greatest values, counts of NULLs and of distinct values are data
// (lakeformation.md, appendix C 5). Who reads them needs SELECT on the column; who reads under a filter of rows or cells is told
// none; hidden, filtered and missing read the same. To write them takes ALTER. Sources: AWS Glue API Reference, "Column Statistics
// API" (which also says that IAM is asked for the actions of the table or partition: glue:GetTable …).
namespace hanse::catalog {

HANSE_GLUE_OPERATION(UpdateColumnStatisticsForTable, gate::Record::kWrite);
HANSE_GLUE_OPERATION(GetColumnStatisticsForTable, gate::Record::kRead);
HANSE_GLUE_OPERATION(DeleteColumnStatisticsForTable, gate::Record::kWrite);
HANSE_GLUE_OPERATION(UpdateColumnStatisticsForPartition, gate::Record::kWrite);
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
