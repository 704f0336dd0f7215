#include "engine/trino_unnest.h"

#include <string>
#include <utility>

#include "duckdb/parser/expression/list.hpp"
#include "duckdb/parser/query_node/select_node.hpp"
#include "duckdb/parser/statement/select_statement.hpp"
#include "duckdb/parser/tableref/emptytableref.hpp"
#include "duckdb/parser/tableref/subqueryref.hpp"

namespace hanse::engine {
namespace {

using Parsed = duckdb::unique_ptr<duckdb::ParsedExpression>;

template <class... Arguments>
Parsed CallOf(const std::string& name, Arguments... arguments) {
  duckdb::vector<Parsed> list;
  (list.push_back(std::move(arguments)), ...);
  return duckdb::make_uniq<duckdb::FunctionExpression>(name, std::move(list));
}

// A list of structs as rows of their fields: the list is the first level, the structs are the second.
Parsed Fields(Parsed entries) {
  Parsed depth = duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value::UINTEGER(2));
  depth->SetAlias("max_depth");
  return CallOf("unnest", std::move(entries), std::move(depth));
}

}  // namespace

duckdb::unique_ptr<duckdb::TableRef> UnnestLikeTrino(duckdb::TableFunctionRef& ref) {
  auto node = duckdb::make_uniq<duckdb::SelectNode>();
  node->from_table = duckdb::make_uniq<duckdb::EmptyTableRef>();
  duckdb::vector<Parsed> lengths;
  for (Parsed& argument : ref.function->Cast<duckdb::FunctionExpression>().children) {
    Parsed entries = CallOf("hanse_entries", std::move(argument));
    lengths.push_back(CallOf("hanse_cardinality", entries->Copy()));
    node->select_list.push_back(Fields(std::move(entries)));
  }
  if (ref.with_ordinality == duckdb::OrdinalityType::WITH_ORDINALITY) {
    Parsed longest = duckdb::make_uniq<duckdb::FunctionExpression>("greatest", std::move(lengths));
    Parsed one = duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value::BIGINT(1));
    Parsed numbers = CallOf("unnest", CallOf("generate_series", std::move(one), std::move(longest)));
    numbers->SetAlias("ordinality");
    node->select_list.push_back(std::move(numbers));
  }
  auto select = duckdb::make_uniq<duckdb::SelectStatement>();
  select->node = std::move(node);
  auto subquery = duckdb::make_uniq<duckdb::SubqueryRef>(std::move(select));
  subquery->alias = std::move(ref.alias);
  subquery->sample = std::move(ref.sample);
  subquery->query_location = ref.query_location;
  subquery->column_name_alias = std::move(ref.column_name_alias);
  return subquery;
}

}  // namespace hanse::engine
