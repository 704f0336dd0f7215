#include "engine/row_selector.h"

#include <algorithm>
#include <set>

#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/expression_iterator.hpp"

namespace hanse::engine {

using duckdb::DictionaryVector;
using duckdb::Expression;
using duckdb::idx_t;
using duckdb::SelectionVector;

namespace {

void CollectReferences(const Expression& expression, std::set<idx_t>& columns) {
  if (expression.GetExpressionClass() == duckdb::ExpressionClass::BOUND_REF) {
    columns.insert(expression.Cast<duckdb::BoundReferenceExpression>().index);
  }
  duckdb::ExpressionIterator::EnumerateChildren(expression, [&](const Expression& child) { CollectReferences(child, columns); });
}

// Makes column 0 of the only one; returns its type.
void RenumberReferences(duckdb::unique_ptr<Expression>& expression, duckdb::LogicalType& type) {
  if (expression->GetExpressionClass() == duckdb::ExpressionClass::BOUND_REF) {
    type = expression->return_type;
    expression->Cast<duckdb::BoundReferenceExpression>().index = 0;
  }
  duckdb::ExpressionIterator::EnumerateChildren(*expression,
                                                [&](duckdb::unique_ptr<Expression>& child) { RenumberReferences(child, type); });
}

// A dictionary that can be told from every other, so that what was said of its entries stays true.
bool IsNamedDictionary(const duckdb::Vector& column) {
  return column.GetVectorType() == duckdb::VectorType::DICTIONARY_VECTOR && !column.GetType().IsNested() &&
         DictionaryVector::DictionarySize(column).IsValid() && !DictionaryVector::DictionaryId(column).empty();
}

}  // namespace

RowSelector::RowSelector(duckdb::ClientContext& context, const duckdb::vector<duckdb::unique_ptr<Expression>>& filters) {
  duckdb::vector<duckdb::unique_ptr<Expression>> several;
  for (const auto& filter : filters) {
    std::set<idx_t> columns;
    CollectReferences(*filter, columns);
    if (columns.size() != 1) {
      several.push_back(filter->Copy());
      continue;
    }
    ColumnPart& part = column_parts_.emplace_back();
    part.column = *columns.begin();
    part.expression = filter->Copy();
    duckdb::LogicalType type;
    RenumberReferences(part.expression, type);
    part.executor = duckdb::make_uniq<duckdb::ExpressionExecutor>(context, *part.expression);
    part.values.InitializeEmpty({type});
  }
  if (several.empty()) return;
  if (several.size() == 1) {
    rest_ = std::move(several[0]);
  } else {
    auto all = duckdb::make_uniq<duckdb::BoundConjunctionExpression>(duckdb::ExpressionType::CONJUNCTION_AND);
    all->children = std::move(several);
    rest_ = std::move(all);
  }
  rest_executor_ = duckdb::make_uniq<duckdb::ExpressionExecutor>(context, *rest_);
}

idx_t RowSelector::Select(duckdb::DataChunk& chunk, SelectionVector& selection) {
  idx_t count = chunk.size();
  bool all = true;
  for (ColumnPart& part : column_parts_) {
    if (count == 0) return 0;
    duckdb::Vector& column = chunk.data[part.column];
    count = IsNamedDictionary(column) ? SelectEntries(part, column, all, count, selection)
                                      : SelectValues(part, column, all, count, selection);
    all = false;
  }
  if (!rest_executor_ || count == 0) return count;
  if (all) return rest_executor_->SelectExpression(chunk, selection);
  SelectionVector left(count);
  std::copy_n(selection.data(), count, left.data());
  return rest_executor_->SelectExpression(chunk, selection, &left, count);
}

idx_t RowSelector::SelectValues(ColumnPart& part, duckdb::Vector& column, bool all, idx_t count, SelectionVector& selection) {
  if (all) {
    part.values.data[0].Reference(column);
    part.values.SetCardinality(count);
    return part.executor->SelectExpression(part.values, selection);
  }
  part.values.data[0].Slice(column, selection, count);
  part.values.SetCardinality(count);
  SelectionVector among(count);
  idx_t passed = part.executor->SelectExpression(part.values, among);
  for (idx_t i = 0; i < passed; ++i) selection.set_index(i, selection.get_index(among.get_index(i)));
  return passed;
}

// Asks the part of those entries of the dictionary that these rows have and of which nothing is known yet.
void RowSelector::Judge(ColumnPart& part, duckdb::Vector& column, bool all, idx_t count, const SelectionVector& selection) {
  const SelectionVector& entries = DictionaryVector::SelVector(column);
  SelectionVector fresh(count), shown(count);
  idx_t fresh_count = 0;
  for (idx_t i = 0; i < count; ++i) {
    const idx_t entry = entries.get_index(all ? i : selection.get_index(i));
    Verdict& verdict = part.verdicts[entry];
    if (verdict != Verdict::kUnknown) continue;
    verdict = Verdict::kHidden;
    fresh.set_index(fresh_count++, entry);
  }
  part.values.data[0].Slice(DictionaryVector::Child(column), fresh, fresh_count);
  part.values.SetCardinality(fresh_count);
  const idx_t shown_count = part.executor->SelectExpression(part.values, shown);
  for (idx_t i = 0; i < shown_count; ++i) part.verdicts[fresh.get_index(shown.get_index(i))] = Verdict::kShown;
}

idx_t RowSelector::SelectEntries(ColumnPart& part, duckdb::Vector& column, bool all, idx_t count, SelectionVector& selection) {
  const std::string& dictionary = DictionaryVector::DictionaryId(column);
  if (part.dictionary != dictionary) {
    part.verdicts.assign(DictionaryVector::DictionarySize(column).GetIndex(), Verdict::kUnknown);
    part.dictionary = dictionary;
  }
  const SelectionVector& entries = DictionaryVector::SelVector(column);
  bool unknown = false;
  for (idx_t i = 0; i < count; ++i) {
    unknown |= part.verdicts[entries.get_index(all ? i : selection.get_index(i))] == Verdict::kUnknown;
  }
  if (unknown) Judge(part, column, all, count, selection);
  idx_t passed = 0;
  for (idx_t i = 0; i < count; ++i) {
    const idx_t row = all ? i : selection.get_index(i);
    selection.set_index(passed, row);
    passed += part.verdicts[entries.get_index(row)] == Verdict::kShown;
  }
  return passed;
}

}  // namespace hanse::engine
