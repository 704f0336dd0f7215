#pragma once
#include "query/operation.h"
#include "query/world.h"

namespace hanse::query {

HANSE_ATHENA_OPERATION(ListDatabases, gate::Record::kRead);
HANSE_ATHENA_OPERATION(GetDatabase, gate::Record::kRead);
HANSE_ATHENA_OPERATION(ListTableMetadata, gate::Record::kRead);
HANSE_ATHENA_OPERATION(GetTableMetadata, gate::Record::kRead);

// Athena's view of a data catalog: the caller's own reads of Glue, in Athena's words. Any thread.
class Metadata {
 public:
  explicit Metadata(World& world) : world_(world) {}
  Result<ListDatabases::Answer> Do(const gate::Authorized<ListDatabases>& call);
  Result<GetDatabase::Answer> Do(const gate::Authorized<GetDatabase>& call);
  Result<ListTableMetadata::Answer> Do(const gate::Authorized<ListTableMetadata>& call);
  Result<GetTableMetadata::Answer> Do(const gate::Authorized<GetTableMetadata>& call);

 private:
  World& world_;
};

using MetadataOperations = gate::List<ListDatabases, GetDatabase, ListTableMetadata, GetTableMetadata>;

}  // namespace hanse::query
