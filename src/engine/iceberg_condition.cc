#include "engine/iceberg_condition.h"

#include <algorithm>

#include "duckdb/planner/expression/list.hpp"
#include "engine/iceberg_value.h"

namespace hanse::engine {

using duckdb::Expression;
using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using duckdb::LogicalTypeId;
using duckdb::Value;

namespace {

using FieldOfReference = std::function<std::optional<std::int32_t>(const Expression&)>;

bool IsComparison(ExpressionType type) {
  switch (type) {
    case ExpressionType::COMPARE_EQUAL:
    case ExpressionType::COMPARE_LESSTHAN:
    case ExpressionType::COMPARE_LESSTHANOREQUALTO:
    case ExpressionType::COMPARE_GREATERTHAN:
    case ExpressionType::COMPARE_GREATERTHANOREQUALTO: return true;
    default: return false;
  }
}

std::optional<IcebergCondition> Compared(ExpressionType type, const Expression& column, const Expression& constant,
                                         const FieldOfReference& field_of) {
  if (!IsComparison(type) || column.GetExpressionClass() != ExpressionClass::BOUND_COLUMN_REF ||
      constant.GetExpressionClass() != ExpressionClass::BOUND_CONSTANT) {
    return std::nullopt;
  }
  const auto field = field_of(column);
  const Value& value = constant.Cast<duckdb::BoundConstantExpression>().value;
  // NaN stands above all numbers for the engine and in no bounds.
  const auto id = value.type().id();
  if (!field || value.IsNull() || value.type() != column.return_type || id == LogicalTypeId::FLOAT || id == LogicalTypeId::DOUBLE)
    return std::nullopt;
  return IcebergCondition{type, *field, value, {}};
}

// Of AND what is known; of OR all or nothing.
std::optional<IcebergCondition> Joined(ExpressionType type, std::vector<std::optional<IcebergCondition>> parts) {
  IcebergCondition joined{type, 0, Value(), {}};
  for (auto& part : parts) {
    if (part) {
      joined.parts.push_back(*std::move(part));
    } else if (type == ExpressionType::CONJUNCTION_OR) {
      return std::nullopt;
    }
  }
  if (joined.parts.empty()) return std::nullopt;
  return joined;
}

// Whether some value between these may stand in `comparison` with the constant.
bool Between(const Value& least, const Value& greatest, ExpressionType comparison, const Value& constant) {
  switch (comparison) {
    case ExpressionType::COMPARE_EQUAL: return least <= constant && constant <= greatest;
    case ExpressionType::COMPARE_LESSTHAN: return least < constant;
    case ExpressionType::COMPARE_LESSTHANOREQUALTO: return least <= constant;
    case ExpressionType::COMPARE_GREATERTHAN: return greatest > constant;
    case ExpressionType::COMPARE_GREATERTHANOREQUALTO: return greatest >= constant;
    default: return true;
  }
}

// The same of values of which only their transforms are known. Those that keep the order tell of more and less, but not strictly.
bool TransformedBetween(const IcebergPartitionField& field, const Value& least, const Value& greatest, ExpressionType comparison,
                        const Value& constant) {
  const bool exact = field.transform == IcebergTransform::kIdentity;
  if (field.transform == IcebergTransform::kBucket && comparison != ExpressionType::COMPARE_EQUAL) return true;
  const auto transformed = ApplyIcebergTransform(field, constant);
  if (!transformed || transformed->type() != least.type() || least.type() != greatest.type()) return true;
  if (!exact && comparison == ExpressionType::COMPARE_LESSTHAN) comparison = ExpressionType::COMPARE_LESSTHANOREQUALTO;
  if (!exact && comparison == ExpressionType::COMPARE_GREATERTHAN) comparison = ExpressionType::COMPARE_GREATERTHANOREQUALTO;
  return Between(least, greatest, comparison, *transformed);
}

using Leaf = std::function<bool(const IcebergCondition&)>;

bool Evaluate(const IcebergCondition& condition, const Leaf& leaf) {
  switch (condition.type) {
    case ExpressionType::CONJUNCTION_AND:
      return std::ranges::all_of(condition.parts, [&](const auto& part) { return Evaluate(part, leaf); });
    case ExpressionType::CONJUNCTION_OR:
      return std::ranges::any_of(condition.parts, [&](const auto& part) { return Evaluate(part, leaf); });
    default: return leaf(condition);
  }
}

const IcebergSpec& SpecOf(const IcebergMetadata& table, std::int32_t id) {
  static const IcebergSpec kNone;
  auto found = table.specs.find(id);
  return found == table.specs.end() ? kNone : found->second;
}

bool FileMayHold(const IcebergCondition& condition, const IcebergFile& file, const IcebergMetadata& table) {
  const IcebergSpec& spec = SpecOf(table, file.spec);
  const duckdb::LogicalType& column = condition.value.type();
  for (std::size_t i = 0; i < spec.size() && i < file.partition.size(); ++i) {
    if (spec[i].source != condition.field || spec[i].transform == IcebergTransform::kVoid) continue;
    // NULL is the transform of NULL alone, which no comparison holds for.
    const bool known = spec[i].transform != IcebergTransform::kUnknown;
    if (known && std::holds_alternative<std::monostate>(file.partition[i])) return false;
    const auto value = IcebergPartitionValueAs(file.partition[i], IcebergTransformed(spec[i].transform, column));
    if (value && !TransformedBetween(spec[i], *value, *value, condition.type, condition.value)) return false;
  }
  auto bounds = file.bounds.find(condition.field);
  if (bounds == file.bounds.end()) return true;
  const auto least = IcebergSingleValue(bounds->second.lower, column), greatest = IcebergSingleValue(bounds->second.upper, column);
  return !least || !greatest || Between(*least, *greatest, condition.type, condition.value);
}

bool ManifestMayHold(const IcebergCondition& condition, const IcebergManifest& manifest, const IcebergMetadata& table) {
  const IcebergSpec& spec = SpecOf(table, manifest.spec);
  for (std::size_t i = 0; i < spec.size() && i < manifest.partitions.size(); ++i) {
    const IcebergSummary& summary = manifest.partitions[i];
    if (spec[i].source != condition.field || !summary.lower || !summary.upper) continue;
    const auto type = IcebergTransformed(spec[i].transform, condition.value.type());
    const auto least = IcebergSingleValue(*summary.lower, type), greatest = IcebergSingleValue(*summary.upper, type);
    if (least && greatest && !TransformedBetween(spec[i], *least, *greatest, condition.type, condition.value)) return false;
  }
  return true;
}

}  // namespace

std::optional<IcebergCondition> IcebergConditionOf(const Expression& filter, const FieldOfReference& field_of) {
  std::vector<std::optional<IcebergCondition>> parts;
  switch (filter.GetExpressionClass()) {
    case ExpressionClass::BOUND_COMPARISON: {
      const auto& comparison = filter.Cast<duckdb::BoundComparisonExpression>();
      const ExpressionType type = filter.GetExpressionType();
      if (auto straight = Compared(type, *comparison.left, *comparison.right, field_of)) return straight;
      if (!IsComparison(type)) return std::nullopt;
      return Compared(duckdb::FlipComparisonExpression(type), *comparison.right, *comparison.left, field_of);
    }
    case ExpressionClass::BOUND_BETWEEN: {
      const auto& between = filter.Cast<duckdb::BoundBetweenExpression>();
      parts.push_back(Compared(between.LowerComparisonType(), *between.input, *between.lower, field_of));
      parts.push_back(Compared(between.UpperComparisonType(), *between.input, *between.upper, field_of));
      return Joined(ExpressionType::CONJUNCTION_AND, std::move(parts));
    }
    case ExpressionClass::BOUND_CONJUNCTION:
      for (const auto& child : filter.Cast<duckdb::BoundConjunctionExpression>().children) {
        parts.push_back(IcebergConditionOf(*child, field_of));
      }
      return Joined(filter.GetExpressionType(), std::move(parts));
    case ExpressionClass::BOUND_OPERATOR: {
      const auto& listed = filter.Cast<duckdb::BoundOperatorExpression>().children;
      if (filter.GetExpressionType() != ExpressionType::COMPARE_IN) return std::nullopt;
      for (std::size_t i = 1; i < listed.size(); ++i) {
        parts.push_back(Compared(ExpressionType::COMPARE_EQUAL, *listed[0], *listed[i], field_of));
      }
      return Joined(ExpressionType::CONJUNCTION_OR, std::move(parts));
    }
    default: return std::nullopt;
  }
}

void FieldsOfCondition(const IcebergCondition& condition, std::set<std::int32_t>* fields) {
  if (IsComparison(condition.type)) fields->insert(condition.field);
  for (const IcebergCondition& part : condition.parts) FieldsOfCondition(part, fields);
}

bool MayHold(const IcebergCondition& condition, const IcebergManifest& manifest, const IcebergMetadata& table) {
  return Evaluate(condition, [&](const IcebergCondition& leaf) { return ManifestMayHold(leaf, manifest, table); });
}

bool MayHold(const IcebergCondition& condition, const IcebergFile& file, const IcebergMetadata& table) {
  return Evaluate(condition, [&](const IcebergCondition& leaf) { return FileMayHold(leaf, file, table); });
}

bool MayHold(const IcebergCondition& condition, const BoundsOfField& bounds) {
  return Evaluate(condition, [&](const IcebergCondition& leaf) {
    const auto found = bounds(leaf.field);
    return !found || found->first.type() != leaf.value.type() || Between(found->first, found->second, leaf.type, leaf.value);
  });
}

}  // namespace hanse::engine
