#include "tests/reference/predicate.h"

#include <algorithm>

#include "base/text.h"

namespace hanse::reference {
namespace {

using Truth = std::optional<bool>;  // Nothing: unknown.

Truth Not(Truth one) { return one ? Truth(!*one) : one; }

Truth And(Truth one, Truth other) {
  if (one == false || other == false) return false;
  if (!one || !other) return std::nullopt;
  return true;
}

bool Among(int value, const std::vector<int>& values) { return std::ranges::find(values, value) != values.end(); }

Truth TruthOf(const Predicate& predicate, int row) {
  switch (predicate.shape) {
    case Shape::kAnd: return And(TruthOf(predicate.parts[0], row), TruthOf(predicate.parts[1], row));
    case Shape::kOr: return Not(And(Not(TruthOf(predicate.parts[0], row)), Not(TruthOf(predicate.parts[1], row))));
    case Shape::kNot: return Not(TruthOf(predicate.parts[0], row));
    default: break;
  }
  std::optional<int> value = ValueOf(row, predicate.column);
  if (predicate.shape == Shape::kIsNull) return !value;
  if (predicate.shape == Shape::kIsNotNull) return value.has_value();
  if (!value) return std::nullopt;
  switch (predicate.shape) {
    case Shape::kEqual: return *value == predicate.values[0];
    case Shape::kUnequal: return *value != predicate.values[0];
    case Shape::kLess: return *value < predicate.values[0];
    case Shape::kIn: return Among(*value, predicate.values);
    case Shape::kNotIn: return !Among(*value, predicate.values);
    case Shape::kBetween: return predicate.values[0] <= *value && *value <= predicate.values[1];
    default: return std::nullopt;
  }
}

std::string ListOf(const std::vector<int>& values) {
  std::vector<std::string> texts;
  for (int value : values) texts.push_back(std::to_string(value));
  return Join(texts, ", ");
}

}  // namespace

std::optional<int> ValueOf(int row, const std::string& column) {
  int digit = 0;
  if (column == "k") return row % 2 + 1;
  if (column == "a") digit = row / 2 % 3;
  if (column == "b") digit = row / 6 % 3;
  if (column == "c") digit = row / 18 % 3;
  return digit == 0 ? std::nullopt : std::optional(digit);
}

std::string TextOf(const Predicate& predicate) {
  const std::string& column = predicate.column;
  const std::string values = ListOf(predicate.values);
  switch (predicate.shape) {
    case Shape::kEqual: return column + " = " + values;
    case Shape::kUnequal: return column + " <> " + values;
    case Shape::kLess: return column + " < " + values;
    case Shape::kIn: return column + " IN (" + values + ")";
    case Shape::kNotIn: return column + " NOT IN (" + values + ")";
    case Shape::kBetween:
      return column + " BETWEEN " + std::to_string(predicate.values[0]) + " AND " + std::to_string(predicate.values[1]);
    case Shape::kIsNull: return column + " IS NULL";
    case Shape::kIsNotNull: return column + " IS NOT NULL";
    case Shape::kAnd: return "(" + TextOf(predicate.parts[0]) + ") AND (" + TextOf(predicate.parts[1]) + ")";
    case Shape::kOr: return "(" + TextOf(predicate.parts[0]) + ") OR (" + TextOf(predicate.parts[1]) + ")";
    case Shape::kNot: return "NOT (" + TextOf(predicate.parts[0]) + ")";
  }
  return "";
}

std::set<std::string> ColumnsOf(const Predicate& predicate) {
  std::set<std::string> columns;
  if (!predicate.column.empty()) columns.insert(predicate.column);
  for (const Predicate& part : predicate.parts) columns.merge(ColumnsOf(part));
  return columns;
}

RowSet RowsOf(const Predicate& predicate) {
  RowSet rows = 0;
  for (int row = 0; row < kRows; ++row) {
    if (TruthOf(predicate, row) == true) rows |= RowSet{1} << row;
  }
  return rows;
}

}  // namespace hanse::reference
