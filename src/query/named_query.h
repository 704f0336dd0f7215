#pragma once
#include "base/random.h"
#include "query/operation.h"

namespace hanse::query {

HANSE_ATHENA_OPERATION(CreateNamedQuery, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(GetNamedQuery, gate::Record::kRead);
HANSE_ATHENA_OPERATION(BatchGetNamedQuery, gate::Record::kRead);
HANSE_ATHENA_OPERATION(ListNamedQueries, gate::Record::kRead);
HANSE_ATHENA_OPERATION(UpdateNamedQuery, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(DeleteNamedQuery, gate::Record::kWrite);

// Texts that are kept in a workgroup under a name and never run by themselves (lakeformation.md 8.5): who may use the workgroup
// reads them. Of another account or region there are none. Any thread; `random` outlives it.
class NamedQueries {
 public:
  explicit NamedQueries(Random& random) : random_(random) {}
  Result<CreateNamedQuery::Answer> Do(const gate::Authorized<CreateNamedQuery>& call);
  Result<GetNamedQuery::Answer> Do(const gate::Authorized<GetNamedQuery>& call);
  Result<BatchGetNamedQuery::Answer> Do(const gate::Authorized<BatchGetNamedQuery>& call);
  Result<ListNamedQueries::Answer> Do(const gate::Authorized<ListNamedQueries>& call);
  Result<UpdateNamedQuery::Answer> Do(const gate::Authorized<UpdateNamedQuery>& call);
  Result<DeleteNamedQuery::Answer> Do(const gate::Authorized<DeleteNamedQuery>& call);

 private:
  Random& random_;
};

using NamedQueryOperations =
    gate::List<CreateNamedQuery, GetNamedQuery, BatchGetNamedQuery, ListNamedQueries, UpdateNamedQuery, DeleteNamedQuery>;

}  // namespace hanse::query
