#pragma once
#include "catalog/access.h"
#include "catalog/page.h"
#include "catalog/partition_expression.h"
#include "wire/glue.h"

// Partitions, one by one and in batches. Sources: AWS Glue API Reference, "Partition API";
// lakeformation.md 2.3, 2.9, 5.5, 7.3, 7.4. To see them takes any right on the table, to change them ALTER; a place that they point
// to is checked as a table's is. Rows are not hidden here: filters on rows work where data is read.
namespace hanse::catalog {

struct CreatePartition {
  static constexpr gate::Rule kRule{"glue", "CreatePartition", gate::Record::kWrite};
  using Wire = wire::glue::op::CreatePartition;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetPartition {
  static constexpr gate::Rule kRule{"glue", "GetPartition", gate::Record::kRead};
  using Wire = wire::glue::op::GetPartition;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetPartitions {
  static constexpr gate::Rule kRule{"glue", "GetPartitions", gate::Record::kRead};
  using Wire = wire::glue::op::GetPartitions;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct UpdatePartition {
  static constexpr gate::Rule kRule{"glue", "UpdatePartition", gate::Record::kWrite};
  using Wire = wire::glue::op::UpdatePartition;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct DeletePartition {
  static constexpr gate::Rule kRule{"glue", "DeletePartition", gate::Record::kWrite};
  using Wire = wire::glue::op::DeletePartition;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// The batches do what they can and name the rest.
struct BatchCreatePartition {
  static constexpr gate::Rule kRule{"glue", "BatchCreatePartition", gate::Record::kWrite};
  using Wire = wire::glue::op::BatchCreatePartition;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct BatchGetPartition {
  static constexpr gate::Rule kRule{"glue", "BatchGetPartition", gate::Record::kRead};
  using Wire = wire::glue::op::BatchGetPartition;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct BatchUpdatePartition {
  static constexpr gate::Rule kRule{"glue", "BatchUpdatePartition", gate::Record::kWrite};
  using Wire = wire::glue::op::BatchUpdatePartition;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct BatchDeletePartition {
  static constexpr gate::Rule kRule{"glue", "BatchDeletePartition", gate::Record::kWrite};
  using Wire = wire::glue::op::BatchDeletePartition;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Any thread; what it is given outlives it.
class Partitions {
 public:
  static constexpr std::size_t kPageMax = 1'000;

  Partitions(const Access& access, const Pages& pages) : access_(access), pages_(pages) {}
  Result<CreatePartition::Answer> Do(const gate::Authorized<CreatePartition>& call) const;
  Result<GetPartition::Answer> Do(const gate::Authorized<GetPartition>& call) const;
  Result<GetPartitions::Answer> Do(const gate::Authorized<GetPartitions>& call) const;
  Result<UpdatePartition::Answer> Do(const gate::Authorized<UpdatePartition>& call) const;
  Result<DeletePartition::Answer> Do(const gate::Authorized<DeletePartition>& call) const;
  Result<BatchCreatePartition::Answer> Do(const gate::Authorized<BatchCreatePartition>& call) const;
  Result<BatchGetPartition::Answer> Do(const gate::Authorized<BatchGetPartition>& call) const;
  Result<BatchUpdatePartition::Answer> Do(const gate::Authorized<BatchUpdatePartition>& call) const;
  Result<BatchDeletePartition::Answer> Do(const gate::Authorized<BatchDeletePartition>& call) const;

 private:
  template <class Input>
  Result<OpenedTable> ForChange(const gate::Call& call, std::string_view action, const Input& in) const;
  Result<void> Insert(const gate::Call& call, const OpenedTable& opened, const std::vector<PartitionKey>& keys,
                      const wire::glue::PartitionInput& input) const;
  Result<void> Replace(const gate::Call& call, const OpenedTable& opened, const std::vector<PartitionKey>& keys,
                       const std::vector<std::string>& values, const wire::glue::PartitionInput& input) const;

  const Access& access_;
  const Pages& pages_;
};

namespace partition {
using Operations = gate::List<CreatePartition, GetPartition, GetPartitions, UpdatePartition, DeletePartition, BatchCreatePartition,
                              BatchGetPartition, BatchUpdatePartition, BatchDeletePartition>;
}

}  // namespace hanse::catalog
