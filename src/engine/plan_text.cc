#include "engine/plan_text.h"

#include <fmt/format.h>

#include "base/text.h"
#include "duckdb/common/enums/join_type.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "duckdb/planner/operator/logical_join.hpp"
#include "duckdb/planner/operator/logical_set_operation.hpp"
#include "engine/definer_view.h"
#include "engine/governed_bind.h"
#include "engine/session.h"
#include "engine/trino_rewrite.h"

namespace hanse::engine {

namespace {

using duckdb::LogicalOperator;
using duckdb::LogicalOperatorType;

std::string NamesOf(const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& expressions) {
  std::vector<std::string> texts;
  for (const auto& expression : expressions) {
    // Each with what it is called: an expression that is only a name says it once.
    std::string name = expression->GetAlias(), text = expression->ToString();
    bool named = !name.empty() && !IsUnnamed(name) && name != text;
    if (IsUnnamed(text)) text = text.substr(1);
    texts.push_back(named ? fmt::format("{} := {}", name, text) : text);
  }
  return Join(texts, ", ");
}

std::pair<std::string, std::string> NameOf(const GovernedBind& bind) {
  return {bind.table->source.database, bind.table->source.name};
}

std::pair<std::string, std::string> NameOf(const DefinerBind& bind) { return {bind.view->database, bind.view->name}; }

std::string Scan(duckdb::LogicalGet& get) {
  const bool view = get.function.name == kDefinerView;
  if (!view && get.function.name != kGovernedScan) return "Values";
  const auto [database, name] = view ? NameOf(get.bind_data->Cast<DefinerBind>()) : NameOf(get.bind_data->Cast<GovernedBind>());
  std::vector<std::string> columns;
  for (const duckdb::ColumnIndex& column : get.GetColumnIds()) {
    if (!column.IsVirtualColumn()) columns.push_back(get.names[column.GetPrimaryIndex()]);
  }
  const DatabaseName in = DatabaseName::Of(database);
  return fmt::format("{}[table = {}:{}:{}] => [{}]", view ? "ViewScan" : "TableScan", in.catalog, in.database, name,
                     Join(columns, ", "));
}

std::string JoinStep(duckdb::LogicalOperator& node) {
  auto& join = node.Cast<duckdb::LogicalJoin>();
  return fmt::format("{}Join", duckdb::EnumUtil::ToString(join.join_type));
}

// What a step is called, in Trino's words where it has one.
std::string Step(LogicalOperator& node) {
  switch (node.type) {
    case LogicalOperatorType::LOGICAL_GET: return Scan(node.Cast<duckdb::LogicalGet>());
    case LogicalOperatorType::LOGICAL_PROJECTION: return fmt::format("Project[{}]", NamesOf(node.expressions));
    case LogicalOperatorType::LOGICAL_FILTER: return fmt::format("Filter[filterPredicate = {}]", NamesOf(node.expressions));
    case LogicalOperatorType::LOGICAL_AGGREGATE_AND_GROUP_BY: return fmt::format("Aggregate[{}]", NamesOf(node.expressions));
    case LogicalOperatorType::LOGICAL_WINDOW: return fmt::format("Window[{}]", NamesOf(node.expressions));
    case LogicalOperatorType::LOGICAL_UNNEST: return fmt::format("Unnest[{}]", NamesOf(node.expressions));
    case LogicalOperatorType::LOGICAL_COMPARISON_JOIN:
    case LogicalOperatorType::LOGICAL_ANY_JOIN:
    case LogicalOperatorType::LOGICAL_DELIM_JOIN:
    case LogicalOperatorType::LOGICAL_ASOF_JOIN: return JoinStep(node);
    case LogicalOperatorType::LOGICAL_CROSS_PRODUCT: return "CrossJoin";
    case LogicalOperatorType::LOGICAL_LIMIT: return "Limit";
    case LogicalOperatorType::LOGICAL_ORDER_BY: return "Sort";
    case LogicalOperatorType::LOGICAL_DISTINCT: return "Distinct";
    case LogicalOperatorType::LOGICAL_UNION: return "Union";
    case LogicalOperatorType::LOGICAL_INTERSECT: return "Intersect";
    case LogicalOperatorType::LOGICAL_EXCEPT: return "Except";
    case LogicalOperatorType::LOGICAL_DUMMY_SCAN:
    case LogicalOperatorType::LOGICAL_EXPRESSION_GET: return "Values";
    case LogicalOperatorType::LOGICAL_MATERIALIZED_CTE: return "With";
    case LogicalOperatorType::LOGICAL_RECURSIVE_CTE: return "RecursiveWith";
    case LogicalOperatorType::LOGICAL_CTE_REF: return "WithReference";
    default: return "Step";
  }
}

void Append(LogicalOperator& node, std::size_t depth, std::vector<std::string>* lines) {
  lines->push_back(fmt::format("{}- {}", std::string(4 * depth, ' '), Step(node)));
  for (auto& child : node.children) Append(*child, depth + 1, lines);
}

}  // namespace

std::vector<std::string> PlanText(LogicalOperator& plan, const std::vector<std::string>& columns) {
  std::vector<std::string> lines{fmt::format("- Output[{}]", Join(columns, ", "))};
  Append(plan, 1, &lines);
  return lines;
}

}  // namespace hanse::engine
