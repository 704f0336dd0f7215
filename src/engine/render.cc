#include "engine/render.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "duckdb/common/types/hugeint.hpp"
#include "duckdb/common/types/time.hpp"
#include "duckdb/common/types/timestamp.hpp"
#include "duckdb/common/types/vector.hpp"
#include "engine/codec.h"

namespace hanse::engine {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

namespace {

// The shortest digits that read back as the same number, in Java's form: plain from 10^-3 to below 10^7, else with E.
template <class T>
std::string Java(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  char text[64];
  auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  std::string_view written(text, static_cast<std::size_t>(end - text));
  auto e = written.find('e');
  int exponent = std::atoi(std::string(written.substr(e + 1)).c_str());
  std::string sign, digits;
  for (char c : written.substr(0, e)) {
    if (c == '-') sign = "-";
    if (c >= '0' && c <= '9') digits += c;
  }
  if (exponent < -3 || exponent >= 7) {
    std::string fraction = digits.substr(1);
    return fmt::format("{}{}.{}E{}", sign, digits[0], fraction.empty() ? "0" : fraction, exponent);
  }
  if (exponent < 0) return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0') + ".0";
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

std::string RenderTime(duckdb::dtime_t time) {
  int32_t hour, minute, second, micros;
  duckdb::Time::Convert(time, hour, minute, second, micros);
  return fmt::format("{:02}:{:02}:{:02}.{:03}", hour, minute, second, micros / 1000);
}

std::string RenderTimestamp(duckdb::timestamp_t at) {
  if (!duckdb::Timestamp::IsFinite(at)) throw duckdb::OutOfRangeException("NUMERIC_VALUE_OUT_OF_RANGE: infinite timestamp");
  duckdb::date_t day;
  duckdb::dtime_t time;
  duckdb::Timestamp::Convert(at, day, time);
  return fmt::format("{} {}", duckdb::Date::ToString(day), RenderTime(time));
}

// Athena prints varbinary as pairs of digits with spaces between them.
std::string RenderBytes(std::string_view bytes) {
  std::string text;
  for (unsigned char byte : bytes) fmt::format_to(std::back_inserter(text), "{}{:02x}", text.empty() ? "" : " ", byte);
  return text;
}

std::string RenderInterval(duckdb::interval_t interval) {
  if (interval.months != 0) {
    const std::int64_t months = std::abs(std::int64_t{interval.months});
    return fmt::format("{}{}-{}", interval.months < 0 ? "-" : "", months / 12, months % 12);
  }
  std::int64_t ms = interval.micros / 1000 + std::int64_t{interval.days} * 86'400'000, size = std::abs(ms);
  return fmt::format("{}{} {:02}:{:02}:{:02}.{:03}", ms < 0 ? "-" : "", size / 86'400'000, size / 3'600'000 % 24,
                     size / 60'000 % 60, size / 1000 % 60, size % 1000);
}

std::string Inside(const Value& value) { return value.IsNull() ? "null" : Render(value); }

std::string RenderRow(const Value& value) {
  const auto& fields = duckdb::StructType::GetChildTypes(value.type());
  const auto& values = duckdb::StructValue::GetChildren(value);
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i) text += ", ";
    text += (fields[i].first.empty() ? fmt::format("field{}", i) : fields[i].first) + "=" + Inside(values[i]);
  }
  return "{" + text + "}";
}

std::string RenderMap(const Value& value) {
  std::string text;
  for (const Value& entry : duckdb::ListValue::GetChildren(value)) {
    const auto& pair = duckdb::StructValue::GetChildren(entry);
    if (!text.empty()) text += ", ";
    text += Inside(pair[0]) + "=" + Inside(pair[1]);
  }
  return "{" + text + "}";
}

std::string RenderList(const Value& value) {
  std::string text;
  for (const Value& element : duckdb::ListValue::GetChildren(value)) {
    if (!text.empty()) text += ", ";
    text += Inside(element);
  }
  return "[" + text + "]";
}

std::string RenderHugeint(duckdb::hugeint_t value) {
  int64_t fits = 0;
  if (!duckdb::Hugeint::TryCast(value, fits)) throw duckdb::OutOfRangeException("NUMERIC_VALUE_OUT_OF_RANGE: bigint overflow");
  return std::to_string(fits);
}

}  // namespace

std::string RenderDouble(double value) { return Java(value); }
std::string RenderFloat(float value) { return Java(value); }

std::string Render(const Value& value) {
  switch (value.type().id()) {
    case LogicalTypeId::BOOLEAN: return duckdb::BooleanValue::Get(value) ? "true" : "false";
    case LogicalTypeId::DOUBLE: return RenderDouble(duckdb::DoubleValue::Get(value));
    case LogicalTypeId::FLOAT: return RenderFloat(duckdb::FloatValue::Get(value));
    case LogicalTypeId::HUGEINT: return RenderHugeint(value.GetValue<duckdb::hugeint_t>());
    case LogicalTypeId::VARCHAR: return duckdb::StringValue::Get(value);
    case LogicalTypeId::BLOB: return RenderBytes(duckdb::StringValue::Get(value));
    case LogicalTypeId::TIME: return RenderTime(duckdb::TimeValue::Get(value));
    case LogicalTypeId::TIMESTAMP: return RenderTimestamp(duckdb::TimestampValue::Get(value));
    case LogicalTypeId::TIMESTAMP_TZ: return RenderTimestamp(duckdb::TimestampTZValue::Get(value)) + " UTC";
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_NS:
    case LogicalTypeId::TIMESTAMP_SEC: return Render(value.DefaultCastAs(LogicalType::TIMESTAMP));
    case LogicalTypeId::INTERVAL: return RenderInterval(duckdb::IntervalValue::Get(value));
    case LogicalTypeId::LIST: return RenderList(value);
    case LogicalTypeId::MAP: return RenderMap(value);
    case LogicalTypeId::STRUCT: return RenderRow(value);
    default: return value.ToString();
  }
}

void EncodeChunk(duckdb::DataChunk& chunk, std::string& bytes) {
  chunk.Flatten();
  for (duckdb::idx_t row = 0; row < chunk.size(); ++row) {
    for (auto& column : chunk.data) {
      if (!duckdb::FlatVector::Validity(column).RowIsValid(row)) {
        EncodeCell(bytes, nullptr);
        continue;
      }
      std::string text;
      switch (column.GetType().id()) {
        case LogicalTypeId::INTEGER: text = std::to_string(duckdb::FlatVector::GetData<int32_t>(column)[row]); break;
        case LogicalTypeId::BIGINT: text = std::to_string(duckdb::FlatVector::GetData<int64_t>(column)[row]); break;
        case LogicalTypeId::DOUBLE: text = RenderDouble(duckdb::FlatVector::GetData<double>(column)[row]); break;
        case LogicalTypeId::VARCHAR: text = duckdb::FlatVector::GetData<duckdb::string_t>(column)[row].GetString(); break;
        default: text = Render(column.GetValue(row));
      }
      EncodeCell(bytes, &text);
    }
  }
}

}  // namespace hanse::engine
