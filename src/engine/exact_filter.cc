#include "engine/exact_filter.h"

#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/filter/conjunction_filter.hpp"
#include "duckdb/planner/filter/constant_filter.hpp"

namespace hanse::engine {

using duckdb::Expression;
using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using duckdb::TableFilter;

namespace {

// Translates one part; the first column that it meets is the only one that it takes.
class Translation {
 public:
  duckdb::unique_ptr<TableFilter> Of(const Expression& expression) {
    switch (expression.GetExpressionClass()) {
      case ExpressionClass::BOUND_COMPARISON: {
        const auto& comparison = expression.Cast<duckdb::BoundComparisonExpression>();
        return Compare(expression.GetExpressionType(), *comparison.left, *comparison.right);
      }
      case ExpressionClass::BOUND_CONJUNCTION:
        if (expression.GetExpressionType() == ExpressionType::CONJUNCTION_AND) {
          return All<duckdb::ConjunctionAndFilter>(expression.Cast<duckdb::BoundConjunctionExpression>());
        }
        return All<duckdb::ConjunctionOrFilter>(expression.Cast<duckdb::BoundConjunctionExpression>());
      case ExpressionClass::BOUND_OPERATOR: return In(expression);
      case ExpressionClass::BOUND_BETWEEN: return Between(expression.Cast<duckdb::BoundBetweenExpression>());
      default: return nullptr;
    }
  }
  duckdb::optional_idx column() const { return column_; }

 private:
  duckdb::unique_ptr<TableFilter> Compare(ExpressionType type, const Expression& left, const Expression& right) {
    switch (type) {
      case ExpressionType::COMPARE_EQUAL:
      case ExpressionType::COMPARE_NOTEQUAL:
      case ExpressionType::COMPARE_LESSTHAN:
      case ExpressionType::COMPARE_LESSTHANOREQUALTO:
      case ExpressionType::COMPARE_GREATERTHAN:
      case ExpressionType::COMPARE_GREATERTHANOREQUALTO: break;
      default: return nullptr;
    }
    if (left.GetExpressionClass() != ExpressionClass::BOUND_COLUMN_REF ||
        right.GetExpressionClass() != ExpressionClass::BOUND_CONSTANT || left.return_type != right.return_type ||
        left.return_type.IsNested()) {
      return nullptr;
    }
    duckdb::idx_t column = left.Cast<duckdb::BoundColumnRefExpression>().binding.column_index;
    const auto& value = right.Cast<duckdb::BoundConstantExpression>().value;
    if (value.IsNull() || (column_.IsValid() && column_.GetIndex() != column)) return nullptr;
    column_ = column;
    return duckdb::make_uniq<duckdb::ConstantFilter>(type, value);
  }

  template <class Conjunction>
  duckdb::unique_ptr<TableFilter> All(const duckdb::BoundConjunctionExpression& parts) {
    auto all = duckdb::make_uniq<Conjunction>();
    for (const auto& part : parts.children) {
      auto filter = Of(*part);
      if (!filter) return nullptr;
      all->child_filters.push_back(std::move(filter));
    }
    return all;
  }

  duckdb::unique_ptr<TableFilter> In(const Expression& expression) {
    if (expression.GetExpressionType() != ExpressionType::COMPARE_IN) return nullptr;
    const auto& operands = expression.Cast<duckdb::BoundOperatorExpression>().children;
    auto any = duckdb::make_uniq<duckdb::ConjunctionOrFilter>();
    for (duckdb::idx_t i = 1; i < operands.size(); ++i) {
      auto filter = Compare(ExpressionType::COMPARE_EQUAL, *operands[0], *operands[i]);
      if (!filter) return nullptr;
      any->child_filters.push_back(std::move(filter));
    }
    return any;
  }

  duckdb::unique_ptr<TableFilter> Between(const duckdb::BoundBetweenExpression& between) {
    auto both = duckdb::make_uniq<duckdb::ConjunctionAndFilter>();
    both->child_filters.push_back(Compare(between.LowerComparisonType(), *between.input, *between.lower));
    both->child_filters.push_back(Compare(between.UpperComparisonType(), *between.input, *between.upper));
    if (!both->child_filters[0] || !both->child_filters[1]) return nullptr;
    return both;
  }

  duckdb::optional_idx column_;
};

}  // namespace

ExactFilter MakeExactFilter(const Expression& part) {
  Translation translation;
  ExactFilter exact;
  auto filter = translation.Of(part);
  if (!filter || !translation.column().IsValid()) return exact;
  exact.column = translation.column().GetIndex();
  exact.filter = std::move(filter);
  return exact;
}

}  // namespace hanse::engine
