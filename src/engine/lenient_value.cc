#include "engine/lenient_value.h"

namespace hanse::engine {

using duckdb::LogicalType;
using duckdb::Value;

namespace {

constexpr std::int64_t kDayFirst = -719162, kDayLast = 2932896;  // 0001-01-01, 9999-12-31
constexpr std::int64_t kDayMicros = 86'400'000'000;

}  // namespace

Value CastOrNull(Value value, const LogicalType& wanted) {
  if (value.type() == wanted) return value;
  Value typed;
  std::string error;
  return value.DefaultTryCastAs(wanted, typed, &error, true) ? typed : Value(wanted);
}

Value DateOrNull(std::int64_t days) {
  if (days < kDayFirst || days > kDayLast) return Value(LogicalType::DATE);
  return Value::DATE(duckdb::date_t(static_cast<std::int32_t>(days)));
}

Value TimestampOrNull(std::int64_t units, std::int64_t micros_per_unit) {
  if (units < kDayFirst * (kDayMicros / micros_per_unit) || units >= (kDayLast + 1) * (kDayMicros / micros_per_unit)) {
    return Value(LogicalType::TIMESTAMP);
  }
  return Value::TIMESTAMP(duckdb::timestamp_t(units * micros_per_unit));
}

}  // namespace hanse::engine
