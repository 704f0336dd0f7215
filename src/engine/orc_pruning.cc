#include "engine/orc_pruning.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "orc/bounds.h"

namespace hanse::engine {

using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;
using orc::Kind;

namespace {

using ValueBounds = std::optional<std::pair<Value, Value>>;

ValueBounds Typed(const Value& least, const Value& greatest, const LogicalType& type) {
  std::string error;
  Value first, last;
  if (!least.DefaultTryCastAs(type, first, &error, true) || !greatest.DefaultTryCastAs(type, last, &error, true))
    return std::nullopt;
  return std::pair(first, last);
}

// Where file and table mean the same by a value, and order it alike.
ValueBounds BoundsAs(const orc::Bounds& bounds, Kind kind, const LogicalType& type) {
  const bool whole = kind == Kind::kByte || kind == Kind::kShort || kind == Kind::kInt || kind == Kind::kLong;
  if (whole && type.IsIntegral() && bounds.numbers) {
    return Typed(Value::BIGINT(bounds.numbers->first), Value::BIGINT(bounds.numbers->second), type);
  }
  if (kind == Kind::kDate && type.id() == LogicalTypeId::DATE && bounds.numbers) {
    const auto [first, last] = *bounds.numbers;
    if (first < INT32_MIN / 2 || last > INT32_MAX / 2 || first > last) return std::nullopt;
    return std::pair(Value::DATE(duckdb::date_t(static_cast<std::int32_t>(first))),
                     Value::DATE(duckdb::date_t(static_cast<std::int32_t>(last))));
  }
  const bool text = kind == Kind::kString && type.id() == LogicalTypeId::VARCHAR && bounds.texts;
  if (!text) return std::nullopt;
  for (const std::string& bound : {bounds.texts->first, bounds.texts->second}) {
    if (!Value::StringIsValid(bound.data(), bound.size())) return std::nullopt;
  }
  return std::pair(Value(bounds.texts->first), Value(bounds.texts->second));
}

}  // namespace

std::optional<std::uint32_t> OrcColumnIn(const orc::Tail& tail, const TableShape& table, idx_t i) {
  const orc::Type& row = tail.types[0];
  auto by_place = table.source.serde.find("orc.column.index.access");
  if (by_place == table.source.serde.end() || !EqualsIgnoreCase(by_place->second, "false")) {
    return i < row.children.size() ? std::optional(row.children[i]) : std::nullopt;
  }
  for (std::size_t at = 0; at < row.children.size(); ++at) {
    if (EqualsIgnoreCase(row.names[at], table.names[i])) return row.children[at];
  }
  return std::nullopt;
}

std::vector<bool> OrcStripesThatMayHold(OrcInput& input, const orc::Tail& tail, const TableShape& table,
                                        const std::vector<IcebergCondition>& conditions) {
  std::set<std::int32_t> fields;
  for (const IcebergCondition& condition : conditions) FieldsOfCondition(condition, &fields);
  std::map<std::int32_t, std::size_t> place;  // Of a field among `columns`.
  std::vector<std::uint32_t> columns;
  for (std::int32_t field : fields) {
    const auto column = OrcColumnIn(tail, table, static_cast<idx_t>(field));
    if (!column) continue;
    place[field] = columns.size();
    columns.push_back(*column);
  }
  std::vector<bool> may;
  if (columns.empty()) return may;
  for (const auto& stripe : orc::ReadBounds(input, tail, columns)) {
    const BoundsOfField bounds = [&](std::int32_t field) -> ValueBounds {
      auto at = place.find(field);
      if (at == place.end()) return std::nullopt;
      return BoundsAs(stripe[at->second], tail.types[columns[at->second]].kind, table.types[static_cast<idx_t>(field)]);
    };
    may.push_back(std::ranges::all_of(conditions, [&](const auto& condition) { return MayHold(condition, bounds); }));
  }
  return may;
}

}  // namespace hanse::engine
