#pragma once
#include "base/random.h"
#include "query/operation.h"
#include "query/runner.h"

namespace hanse::query {

HANSE_ATHENA_OPERATION(StartQueryExecution, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(GetQueryExecution, gate::Record::kRead);
HANSE_ATHENA_OPERATION(BatchGetQueryExecution, gate::Record::kRead);
HANSE_ATHENA_OPERATION(ListQueryExecutions, gate::Record::kRead);
HANSE_ATHENA_OPERATION(StopQueryExecution, gate::Record::kWrite);
HANSE_ATHENA_OPERATION(GetQueryResults, gate::Record::kRead);
HANSE_ATHENA_OPERATION(GetQueryRuntimeStatistics, gate::Record::kRead);

// Executions of queries (lakeformation.md 8.1 to 8.4). An execution belongs to a workgroup of an account; from another account it
// is not there. Rights are on the workgroup; who may not use the workgroup cannot tell a missing execution from a hidden one. Any
// thread.
class Executions {
 public:
  Executions(Runner& runner, World& world, Random& random) : runner_(runner), world_(world), random_(random) {}

  Result<StartQueryExecution::Answer> Do(const gate::Authorized<StartQueryExecution>& call);
  Result<GetQueryExecution::Answer> Do(const gate::Authorized<GetQueryExecution>& call);
  Result<BatchGetQueryExecution::Answer> Do(const gate::Authorized<BatchGetQueryExecution>& call);
  Result<ListQueryExecutions::Answer> Do(const gate::Authorized<ListQueryExecutions>& call);
  Result<StopQueryExecution::Answer> Do(const gate::Authorized<StopQueryExecution>& call);
  // Reads the result file as the caller, who needs s3:GetObject on it.
  Result<GetQueryResults::Answer> Do(const gate::Authorized<GetQueryResults>& call);
  Result<GetQueryRuntimeStatistics::Answer> Do(const gate::Authorized<GetQueryRuntimeStatistics>& call);

 private:
  Runner& runner_;
  World& world_;
  Random& random_;
};

// The need on the workgroup of an execution; on the primary one where there is no such execution in the caller's account, so that
// who may use one workgroup alone cannot tell missing from hidden.
Result<std::vector<gate::Need>> OnExecution(const gate::Context& context, store::Transaction& tx, std::string_view operation,
                                            const std::string& id);

// What is kept of a new execution, without a place for its answer.
wire::athena::QueryExecution NewDefinition(const Execution& execution, const wire::athena::StartQueryExecutionInput& in,
                                           const Statement& statement, TimeMs now_ms);
// What a workgroup lets one query use: its cut-off, and what is left of its data usage controls. Statements about the catalog scan
// nothing.
Result<engine::Limits> LimitsOf(const gate::Call& call, const wire::athena::WorkGroup& group, const Statement& statement);

using ExecutionOperations = gate::List<StartQueryExecution, GetQueryExecution, BatchGetQueryExecution, ListQueryExecutions,
                                       StopQueryExecution, GetQueryResults, GetQueryRuntimeStatistics>;

}  // namespace hanse::query
