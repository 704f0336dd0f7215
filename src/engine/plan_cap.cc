#include <functional>
#include <map>

#include "duckdb/planner/operator/logical_cte.hpp"
#include "duckdb/planner/operator/logical_cteref.hpp"
#include "duckdb/planner/planner_extension.hpp"
#include "engine/instance.h"

namespace hanse::engine {

namespace {

constexpr double kOperatorsMax = 5000;

// A reference to a common table expression counts as its definition, because the optimizer will put it there.
double Expanded(duckdb::LogicalOperator& node, std::map<duckdb::idx_t, double>& definitions) {
  using duckdb::LogicalOperatorType;
  if (node.type == LogicalOperatorType::LOGICAL_MATERIALIZED_CTE || node.type == LogicalOperatorType::LOGICAL_RECURSIVE_CTE) {
    double definition = Expanded(*node.children[0], definitions);
    definitions[node.Cast<duckdb::LogicalCTE>().table_index] = definition;
    return 1 + definition + Expanded(*node.children[1], definitions);
  }
  if (node.type == LogicalOperatorType::LOGICAL_CTE_REF) {
    auto found = definitions.find(node.Cast<duckdb::LogicalCTERef>().cte_index);
    return found == definitions.end() ? 1 : 1 + found->second;
  }
  double total = 1;
  for (auto& child : node.children) total += Expanded(*child, definitions);
  return total;
}

void Check(duckdb::PlannerExtensionInput&, duckdb::BoundStatement& statement) {
  std::map<duckdb::idx_t, double> definitions;
  if (statement.plan && Expanded(*statement.plan, definitions) > kOperatorsMax) {
    throw duckdb::InvalidInputException("QUERY_HAS_TOO_MANY_STAGES: the query expands to more than %d operators",
                                        static_cast<int>(kOperatorsMax));
  }
}

}  // namespace

void RegisterPlanCap(duckdb::DBConfig& config) {
  duckdb::PlannerExtension cap;
  cap.post_bind_function = Check;
  duckdb::PlannerExtension::Register(config, cap);
}

}  // namespace hanse::engine
