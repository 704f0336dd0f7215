#include <string_view>

#include "policy/condition.h"

namespace hanse::policy {
namespace {

struct Row {
  std::string_view name;
  Comparison comparison;
  Relation relation;
  bool negated;
};

constexpr Row kOperators[] = {
    {"StringEquals", Comparison::kString, Relation::kEquals, false},
    {"StringNotEquals", Comparison::kString, Relation::kEquals, true},
    {"StringEqualsIgnoreCase", Comparison::kStringIgnoreCase, Relation::kEquals, false},
    {"StringNotEqualsIgnoreCase", Comparison::kStringIgnoreCase, Relation::kEquals, true},
    {"StringLike", Comparison::kStringLike, Relation::kEquals, false},
    {"StringNotLike", Comparison::kStringLike, Relation::kEquals, true},
    {"NumericEquals", Comparison::kNumeric, Relation::kEquals, false},
    {"NumericNotEquals", Comparison::kNumeric, Relation::kEquals, true},
    {"NumericLessThan", Comparison::kNumeric, Relation::kLess, false},
    {"NumericLessThanEquals", Comparison::kNumeric, Relation::kLessEquals, false},
    {"NumericGreaterThan", Comparison::kNumeric, Relation::kGreater, false},
    {"NumericGreaterThanEquals", Comparison::kNumeric, Relation::kGreaterEquals, false},
    {"DateEquals", Comparison::kDate, Relation::kEquals, false},
    {"DateNotEquals", Comparison::kDate, Relation::kEquals, true},
    {"DateLessThan", Comparison::kDate, Relation::kLess, false},
    {"DateLessThanEquals", Comparison::kDate, Relation::kLessEquals, false},
    {"DateGreaterThan", Comparison::kDate, Relation::kGreater, false},
    {"DateGreaterThanEquals", Comparison::kDate, Relation::kGreaterEquals, false},
    {"Bool", Comparison::kBool, Relation::kEquals, false},
    {"BinaryEquals", Comparison::kBinary, Relation::kEquals, false},
    {"IpAddress", Comparison::kIpAddress, Relation::kEquals, false},
    {"NotIpAddress", Comparison::kIpAddress, Relation::kEquals, true},
    {"ArnEquals", Comparison::kArn, Relation::kEquals, false},
    {"ArnLike", Comparison::kArn, Relation::kEquals, false},
    {"ArnNotEquals", Comparison::kArn, Relation::kEquals, true},
    {"ArnNotLike", Comparison::kArn, Relation::kEquals, true},
    {"Null", Comparison::kNull, Relation::kEquals, false},
};

}  // namespace

std::optional<Operator> ParseOperator(std::string_view text) {
  Operator made;
  if (text.starts_with("ForAllValues:")) made.quantifier = Quantifier::kForAllValues;
  if (text.starts_with("ForAnyValue:")) made.quantifier = Quantifier::kForAnyValue;
  if (made.quantifier != Quantifier::kNone) text.remove_prefix(text.find(':') + 1);
  if (text.ends_with("IfExists")) {
    made.if_exists = true;
    text.remove_suffix(std::string_view("IfExists").size());
  }
  for (const Row& row : kOperators) {
    if (row.name != text) continue;
    if (row.comparison == Comparison::kNull && made.if_exists) return std::nullopt;
    made.comparison = row.comparison;
    made.relation = row.relation;
    made.negated = row.negated;
    return made;
  }
  return std::nullopt;
}

}  // namespace hanse::policy
