#pragma once
#include "catalog/access.h"
#include "catalog/operation.h"

// Partition indexes: what a table's owner has said about how its partitions are asked for. They are kept and listed; GetPartitions
// answers the same with and without. Sources: AWS Glue API Reference, "Partition Index API"; lakeformation.md 2.3, 7.4.
namespace hanse::catalog {

HANSE_GLUE_OPERATION(CreatePartitionIndex, gate::Record::kWrite);
HANSE_GLUE_OPERATION(GetPartitionIndexes, gate::Record::kRead);
HANSE_GLUE_OPERATION(DeletePartitionIndex, gate::Record::kWrite);

// Any thread; what it is given outlives it.
class PartitionIndexes {
 public:
  static constexpr std::size_t kIndexesMax = 3;  // Of one table.

  explicit PartitionIndexes(const Access& access) : access_(access) {}
  Result<CreatePartitionIndex::Answer> Do(const gate::Authorized<CreatePartitionIndex>& call) const;
  Result<GetPartitionIndexes::Answer> Do(const gate::Authorized<GetPartitionIndexes>& call) const;
  Result<DeletePartitionIndex::Answer> Do(const gate::Authorized<DeletePartitionIndex>& call) const;

  // kInvalidArgument, kAlreadyExists or ResourceNumberLimitExceededException where the table cannot have it.
  static Result<void> Add(store::Transaction& tx, const store::TableRow& table, const wire::glue::PartitionIndex& index);

 private:
  const Access& access_;
};

namespace partition_index {
using Operations = gate::List<CreatePartitionIndex, GetPartitionIndexes, DeletePartitionIndex>;
}

}  // namespace hanse::catalog
