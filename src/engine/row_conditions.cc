#include "engine/row_conditions.h"

#include <charconv>
#include <set>

#include "base/text.h"
#include "duckdb/parser/expression/list.hpp"
#include "duckdb/parser/query_node/list.hpp"
#include "duckdb/parser/tableref/list.hpp"

namespace hanse::engine {
namespace {

using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using duckdb::ParsedExpression;
using Test = ColumnCondition::Test;
using Kind = ColumnCondition::Kind;

constexpr std::size_t kConditionsMax = 64, kLiteralsMax = 256;  // Of one table, and of one condition.

std::string MarkOf(const std::string& nonce) { return '\x01' + nonce + ':'; }

struct Literal {
  Kind kind = Kind::kText;
  std::string text;
};

std::optional<Literal> LiteralOf(const ParsedExpression& expression) {
  if (expression.GetExpressionClass() == ExpressionClass::CAST) {
    const auto& cast = expression.Cast<duckdb::CastExpression>();
    auto inner = LiteralOf(*cast.child);
    const std::string type = Lower(cast.cast_type.ToString());  // As it is written: no type is bound yet.
    if (cast.try_cast || (type != "date" && type != "\"date\"") || !inner || inner->kind != Kind::kText) return {};
    return Literal{Kind::kDate, inner->text};
  }
  if (expression.GetExpressionClass() != ExpressionClass::CONSTANT) return {};
  const duckdb::Value& value = expression.Cast<duckdb::ConstantExpression>().value;
  if (value.IsNull()) return {};
  if (value.type().id() == duckdb::LogicalTypeId::VARCHAR) return Literal{Kind::kText, value.GetValue<std::string>()};
  if (value.type().id() == duckdb::LogicalTypeId::DATE) return Literal{Kind::kDate, value.ToString()};
  if (value.type().IsIntegral()) return Literal{Kind::kInteger, value.ToString()};
  return {};
}

std::optional<Test> TestOf(ExpressionType type) {
  switch (type) {
    case ExpressionType::COMPARE_EQUAL: return Test::kEqual;
    case ExpressionType::COMPARE_LESSTHAN: return Test::kLess;
    case ExpressionType::COMPARE_LESSTHANOREQUALTO: return Test::kLessOrEqual;
    case ExpressionType::COMPARE_GREATERTHAN: return Test::kGreater;
    case ExpressionType::COMPARE_GREATERTHANOREQUALTO: return Test::kGreaterOrEqual;
    default: return std::nullopt;
  }
}

class Marker {
 public:
  explicit Marker(std::string mark) : mark_(std::move(mark)) {}
  std::vector<ColumnConditions> Take() { return std::move(all_); }

  void Node(duckdb::QueryNode& node) {
    std::set<std::string> outer = names_;
    for (auto& with : node.cte_map.map) names_.insert(Lower(with.first));
    for (auto& with : node.cte_map.map) Node(*with.second->query->node);
    switch (node.type) {
      case duckdb::QueryNodeType::SELECT_NODE: Select(node.Cast<duckdb::SelectNode>()); break;
      case duckdb::QueryNodeType::SET_OPERATION_NODE:
        for (auto& child : node.Cast<duckdb::SetOperationNode>().children) Node(*child);
        break;
      default: break;  // A recursive one's own name is not among those of its list.
    }
    names_ = std::move(outer);
  }

 private:
  void Select(duckdb::SelectNode& node) {
    const bool one = node.from_table->type == duckdb::TableReferenceType::BASE_TABLE;
    Relation(*node.from_table, node.where_clause.get(), one);
  }

  // `where` decides over the rows of `ref`, unless it is nothing. `one`: an unqualified column is of this table or of none.
  void Relation(duckdb::TableRef& ref, const ParsedExpression* where, bool one) {
    if (ref.sample) where = nullptr;
    if (ref.type == duckdb::TableReferenceType::SUBQUERY) return Node(*ref.Cast<duckdb::SubqueryRef>().subquery->node);
    if (ref.type == duckdb::TableReferenceType::JOIN) {
      auto& join = ref.Cast<duckdb::JoinRef>();
      const bool inner = join.type == duckdb::JoinType::INNER &&
                         (join.ref_type == duckdb::JoinRefType::REGULAR || join.ref_type == duckdb::JoinRefType::CROSS);
      Relation(*join.left, inner ? where : nullptr, false);
      return Relation(*join.right, inner ? where : nullptr, false);
    }
    if (ref.type == duckdb::TableReferenceType::BASE_TABLE && where) Mark(ref.Cast<duckdb::BaseTableRef>(), *where, one);
  }

  void Mark(duckdb::BaseTableRef& ref, const ParsedExpression& where, bool one) {
    const bool named_here = ref.schema_name.empty() && names_.contains(Lower(ref.table_name));
    if (named_here || ref.at_clause || !ref.column_name_alias.empty()) return;
    const std::string name = ref.alias.empty() ? ref.table_name : ref.alias;
    ColumnConditions conditions;
    Gather(where, name, one, &conditions);
    if (conditions.empty()) return;
    ref.alias = name;
    ref.table_name += mark_ + std::to_string(all_.size());
    all_.push_back(std::move(conditions));
  }

  void Gather(const ParsedExpression& where, const std::string& table, bool one, ColumnConditions* conditions) {
    auto add = [&](const ParsedExpression& column, Test test, std::initializer_list<const ParsedExpression*> literals) {
      Add(column, test, {literals.begin(), literals.end()}, table, one, conditions);
    };
    switch (where.GetExpressionClass()) {
      case ExpressionClass::CONJUNCTION:
        if (where.GetExpressionType() != ExpressionType::CONJUNCTION_AND) return;
        for (const auto& part : where.Cast<duckdb::ConjunctionExpression>().children) Gather(*part, table, one, conditions);
        return;
      case ExpressionClass::COMPARISON: {
        const auto& comparison = where.Cast<duckdb::ComparisonExpression>();
        const auto test = TestOf(where.GetExpressionType());
        const auto turned = TestOf(duckdb::FlipComparisonExpression(where.GetExpressionType()));
        if (test) add(*comparison.left, *test, {comparison.right.get()});
        if (turned) add(*comparison.right, *turned, {comparison.left.get()});
        return;
      }
      case ExpressionClass::BETWEEN: {
        const auto& between = where.Cast<duckdb::BetweenExpression>();
        add(*between.input, Test::kGreaterOrEqual, {between.lower.get()});
        return add(*between.input, Test::kLessOrEqual, {between.upper.get()});
      }
      case ExpressionClass::OPERATOR: {
        if (where.GetExpressionType() != ExpressionType::COMPARE_IN) return;
        const auto& children = where.Cast<duckdb::OperatorExpression>().children;
        std::vector<const ParsedExpression*> literals;
        for (std::size_t i = 1; i < children.size(); ++i) literals.push_back(children[i].get());
        return Add(*children[0], Test::kIn, literals, table, one, conditions);
      }
      default: return;
    }
  }

  static void Add(const ParsedExpression& column, Test test, const std::vector<const ParsedExpression*>& literals,
                  const std::string& table, bool one, ColumnConditions* conditions) {
    if (column.GetExpressionClass() != ExpressionClass::COLUMN_REF || literals.empty()) return;
    if (literals.size() > kLiteralsMax || conditions->size() == kConditionsMax) return;
    const auto& names = column.Cast<duckdb::ColumnRefExpression>().column_names;
    const bool of_table = names.size() == 1 ? one : names.size() == 2 && EqualsIgnoreCase(names[0], table);
    if (!of_table) return;
    ColumnCondition condition{.column = Lower(names.back()), .test = test};
    for (const ParsedExpression* expression : literals) {
      auto literal = LiteralOf(*expression);
      if (!literal || (!condition.literals.empty() && literal->kind != condition.kind)) return;
      condition.kind = literal->kind;
      condition.literals.push_back(std::move(literal->text));
    }
    conditions->push_back(std::move(condition));
  }

  const std::string mark_;
  std::set<std::string> names_;  // That WITH gives here.
  std::vector<ColumnConditions> all_;
};

}  // namespace

std::vector<ColumnConditions> MarkConditions(duckdb::SelectStatement& select, const std::string& nonce) {
  Marker marker(MarkOf(nonce));
  marker.Node(*select.node);
  return marker.Take();
}

std::optional<std::size_t> TakeMark(std::string* table_name, const std::string& nonce) {
  const std::string mark = MarkOf(nonce);
  const std::size_t at = table_name->rfind(mark);
  if (at == std::string::npos) return std::nullopt;
  std::size_t number = 0;
  const char* end = table_name->data() + table_name->size();
  auto [read, error] = std::from_chars(table_name->data() + at + mark.size(), end, number);
  if (error != std::errc() || read != end) return std::nullopt;
  table_name->resize(at);
  return number;
}

}  // namespace hanse::engine
