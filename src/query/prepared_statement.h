#pragma once
#include "query/operation.h"

namespace hanse::query {

HANSE_ATHENA_OPERATION(CreatePreparedStatement, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(GetPreparedStatement, gate::Record::kRead);
HANSE_ATHENA_OPERATION(BatchGetPreparedStatement, gate::Record::kRead);
HANSE_ATHENA_OPERATION(ListPreparedStatements, gate::Record::kRead);
HANSE_ATHENA_OPERATION(UpdatePreparedStatement, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(DeletePreparedStatement, gate::Record::kWrite);

// Statements that a workgroup keeps for EXECUTE (lakeformation.md 8.5): a text and no rights; who executes one is its caller.
// Stateless; any thread.
class PreparedStatements {
 public:
  static constexpr std::int64_t kStatementsMax = 1'000;  // Of one workgroup.

  Result<CreatePreparedStatement::Answer> Do(const gate::Authorized<CreatePreparedStatement>& call) const;
  Result<GetPreparedStatement::Answer> Do(const gate::Authorized<GetPreparedStatement>& call) const;
  Result<BatchGetPreparedStatement::Answer> Do(const gate::Authorized<BatchGetPreparedStatement>& call) const;
  Result<ListPreparedStatements::Answer> Do(const gate::Authorized<ListPreparedStatements>& call) const;
  Result<UpdatePreparedStatement::Answer> Do(const gate::Authorized<UpdatePreparedStatement>& call) const;
  Result<DeletePreparedStatement::Answer> Do(const gate::Authorized<DeletePreparedStatement>& call) const;
};

using PreparedStatementOperations = gate::List<CreatePreparedStatement, GetPreparedStatement, BatchGetPreparedStatement,
                                               ListPreparedStatements, UpdatePreparedStatement, DeletePreparedStatement>;

}  // namespace hanse::query
