#include "engine/iceberg_value.h"

#include <bit>
#include <cstring>

#include "duckdb/common/types/date.hpp"
#include "duckdb/common/types/hugeint.hpp"
#include "duckdb/common/types/timestamp.hpp"

namespace hanse::engine {

using duckdb::hugeint_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

namespace {

constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
constexpr std::int64_t kMicrosPerDay = 24 * kMicrosPerHour;
constexpr std::size_t kDecimalBytesMax = 16;

template <class T>
std::optional<T> LittleEndian(const std::string& bytes) {
  T value;
  if (bytes.size() != sizeof value) return std::nullopt;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

// Two's complement, most significant byte first.
std::optional<Value> DecimalOf(const std::string& bytes, const LogicalType& type) {
  if (bytes.empty() || bytes.size() > kDecimalBytesMax) return std::nullopt;
  hugeint_t value(static_cast<signed char>(bytes[0]) < 0 ? -1 : 0);
  for (char byte : bytes) {
    value.upper = static_cast<std::int64_t>(static_cast<std::uint64_t>(value.upper) << 8 | value.lower >> 56);
    value.lower = value.lower << 8 | static_cast<unsigned char>(byte);
  }
  const auto width = duckdb::DecimalType::GetWidth(type), scale = duckdb::DecimalType::GetScale(type);
  if (type.InternalType() == duckdb::PhysicalType::INT128) return Value::DECIMAL(value, width, scale);
  std::int64_t small = 0;
  if (!duckdb::Hugeint::TryCast(value, small)) return std::nullopt;
  std::int64_t end = 1;
  for (int i = 0; i < width; ++i) end *= 10;
  if (small <= -end || small >= end) return std::nullopt;
  return Value::DECIMAL(small, width, scale);
}

std::optional<Value> UuidOf(const std::string& bytes) {
  if (bytes.size() != 16) return std::nullopt;
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    constexpr const char* kDigits = "0123456789abcdef";
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[static_cast<unsigned char>(bytes[i]) >> 4];
    text += kDigits[static_cast<unsigned char>(bytes[i]) & 15];
  }
  return Value::UUID(text);
}

// What stands for whole numbers, days and microseconds.
std::optional<Value> OfWhole(std::int64_t number, const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN: return Value::BOOLEAN(number != 0);
    case LogicalTypeId::INTEGER:
      if (number < INT32_MIN || number > INT32_MAX) return std::nullopt;
      return Value::INTEGER(static_cast<std::int32_t>(number));
    case LogicalTypeId::BIGINT: return Value::BIGINT(number);
    case LogicalTypeId::DATE:
      if (number < INT32_MIN || number > INT32_MAX) return std::nullopt;
      return Value::DATE(duckdb::date_t(static_cast<std::int32_t>(number)));
    case LogicalTypeId::TIME: return Value::TIME(duckdb::dtime_t(number));
    case LogicalTypeId::TIMESTAMP: return Value::TIMESTAMP(duckdb::timestamp_t(number));
    case LogicalTypeId::TIMESTAMP_TZ: return Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(number));
    default: return std::nullopt;
  }
}

std::optional<Value> OfBytes(const std::string& bytes, const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::VARCHAR:
      if (Value::StringIsValid(bytes.data(), bytes.size())) return Value(bytes);
      return std::nullopt;
    case LogicalTypeId::BLOB: return Value::BLOB_RAW(bytes);
    case LogicalTypeId::UUID: return UuidOf(bytes);
    case LogicalTypeId::DECIMAL: return DecimalOf(bytes, type);
    default: return std::nullopt;
  }
}

std::optional<Value> OfReal(double number, const LogicalType& type) {
  if (type.id() == LogicalTypeId::FLOAT) return Value::FLOAT(static_cast<float>(number));
  if (type.id() == LogicalTypeId::DOUBLE) return Value::DOUBLE(number);
  return std::nullopt;
}

std::int64_t FloorDivide(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

// Murmur3, x86 variant, 32 bits, seed 0.
std::uint32_t Murmur3(const std::string& bytes) {
  std::uint32_t hash = 0;
  auto mixed = [](std::uint32_t block) { return std::rotl(block * 0xcc9e2d51u, 15) * 0x1b873593u; };
  std::size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    std::uint32_t block;
    std::memcpy(&block, bytes.data() + at, 4);
    hash = std::rotl(hash ^ mixed(block), 13) * 5 + 0xe6546b64u;
  }
  std::uint32_t tail = 0;
  for (std::size_t i = bytes.size(); i > at; --i) tail = tail << 8 | static_cast<unsigned char>(bytes[i - 1]);
  if (at < bytes.size()) hash ^= mixed(tail);
  hash ^= static_cast<std::uint32_t>(bytes.size());
  hash = (hash ^ hash >> 16) * 0x85ebca6bu;
  hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
  return hash ^ hash >> 16;
}

hugeint_t Unscaled(const Value& value) {
  switch (value.type().InternalType()) {
    case duckdb::PhysicalType::INT16: return hugeint_t(value.GetValueUnsafe<std::int16_t>());
    case duckdb::PhysicalType::INT32: return hugeint_t(value.GetValueUnsafe<std::int32_t>());
    case duckdb::PhysicalType::INT64: return hugeint_t(value.GetValueUnsafe<std::int64_t>());
    default: return value.GetValueUnsafe<hugeint_t>();
  }
}

// The fewest bytes of two's complement, most significant first.
std::string BigEndian(const hugeint_t& value) {
  std::string bytes;
  for (int shift = 120; shift >= 0; shift -= 8) {
    const std::uint64_t half = shift >= 64 ? static_cast<std::uint64_t>(value.upper) >> (shift - 64) : value.lower >> shift;
    bytes += static_cast<char>(half & 0xff);
  }
  const char fill = value.upper < 0 ? '\xff' : '\0';
  std::size_t extra = 0;
  while (extra + 1 < bytes.size() && bytes[extra] == fill && ((bytes[extra + 1] ^ fill) & 0x80) == 0) ++extra;
  return bytes.substr(extra);
}

// Whole numbers, days and microseconds of a value; nothing of other types.
std::optional<std::int64_t> WholeOfValue(const Value& value) {
  switch (value.type().id()) {
    case LogicalTypeId::INTEGER: return value.GetValueUnsafe<std::int32_t>();
    case LogicalTypeId::BIGINT: return value.GetValueUnsafe<std::int64_t>();
    case LogicalTypeId::DATE:
      if (!duckdb::Date::IsFinite(value.GetValueUnsafe<duckdb::date_t>())) return std::nullopt;
      return value.GetValueUnsafe<duckdb::date_t>().days;
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ:
      if (!duckdb::Timestamp::IsFinite(value.GetValueUnsafe<duckdb::timestamp_t>())) return std::nullopt;
      return value.GetValueUnsafe<duckdb::timestamp_t>().value;
    default: return std::nullopt;
  }
}

std::optional<Value> BucketOf(const Value& value, std::int32_t buckets) {
  std::string bytes;
  if (auto whole = WholeOfValue(value)) {
    bytes.assign(reinterpret_cast<const char*>(&*whole), sizeof *whole);
  } else if (value.type().id() == LogicalTypeId::VARCHAR || value.type().id() == LogicalTypeId::BLOB) {
    bytes = duckdb::StringValue::Get(value);
  } else if (value.type().id() == LogicalTypeId::DECIMAL) {
    bytes = BigEndian(Unscaled(value));
  } else {
    return std::nullopt;
  }
  return Value::INTEGER(static_cast<std::int32_t>((Murmur3(bytes) & 0x7fffffffu) % static_cast<std::uint32_t>(buckets)));
}

std::string FirstCodePoints(const std::string& text, std::int32_t count) {
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (begins && count-- == 0) break;
  }
  return text.substr(0, end);
}

std::optional<Value> TruncatedTo(const Value& value, std::int32_t width) {
  if (value.type().id() == LogicalTypeId::VARCHAR) return Value(FirstCodePoints(duckdb::StringValue::Get(value), width));
  if (value.type().id() != LogicalTypeId::INTEGER && value.type().id() != LogicalTypeId::BIGINT) return std::nullopt;
  const std::int64_t number = *WholeOfValue(value), steps = FloorDivide(number, width);
  std::int64_t floor = 0;
  if (__builtin_mul_overflow(steps, static_cast<std::int64_t>(width), &floor)) return std::nullopt;
  return OfWhole(floor, value.type());
}

// Years, months, days or hours since 1970.
std::optional<Value> TimeUnitsOf(const Value& value, IcebergTransform unit) {
  auto whole = WholeOfValue(value);
  const bool date = value.type().id() == LogicalTypeId::DATE;
  if (!whole || (!date && value.type().id() != LogicalTypeId::TIMESTAMP && value.type().id() != LogicalTypeId::TIMESTAMP_TZ))
    return std::nullopt;
  if (unit == IcebergTransform::kHour) {
    if (date) return std::nullopt;
    return OfWhole(FloorDivide(*whole, kMicrosPerHour), LogicalType::INTEGER);
  }
  const std::int64_t day = date ? *whole : FloorDivide(*whole, kMicrosPerDay);
  if (unit == IcebergTransform::kDay) return OfWhole(day, LogicalType::INTEGER);
  std::int32_t year = 0, month = 0, day_of_month = 0;
  duckdb::Date::Convert(duckdb::date_t(static_cast<std::int32_t>(day)), year, month, day_of_month);
  if (unit == IcebergTransform::kYear) return Value::INTEGER(year - 1970);
  return Value::INTEGER((year - 1970) * 12 + month - 1);
}

}  // namespace

std::optional<Value> IcebergSingleValue(const std::string& bytes, const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
      if (auto value = LittleEndian<std::uint8_t>(bytes)) return Value::BOOLEAN(*value != 0);
      return std::nullopt;
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::DATE:
    case LogicalTypeId::TIME:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ:
      if (auto value = LittleEndian<std::int64_t>(bytes)) return OfWhole(*value, type);
      if (auto value = LittleEndian<std::int32_t>(bytes)) return OfWhole(*value, type);
      return std::nullopt;
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE:
      if (auto value = LittleEndian<double>(bytes)) return OfReal(*value, type);
      if (auto value = LittleEndian<float>(bytes)) return OfReal(*value, type);
      return std::nullopt;
    default: return OfBytes(bytes, type);
  }
}

std::optional<Value> IcebergPartitionValueAs(const IcebergPartitionValue& value, const LogicalType& type) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return OfWhole(*whole, type);
  if (const auto* real = std::get_if<double>(&value)) return OfReal(*real, type);
  if (const auto* bytes = std::get_if<std::string>(&value)) return OfBytes(*bytes, type);
  return std::nullopt;
}

LogicalType IcebergTransformed(IcebergTransform transform, const LogicalType& source) {
  switch (transform) {
    case IcebergTransform::kBucket:
    case IcebergTransform::kYear:
    case IcebergTransform::kMonth:
    case IcebergTransform::kHour: return LogicalType::INTEGER;
    case IcebergTransform::kDay: return LogicalType::DATE;
    default: return source;
  }
}

std::optional<Value> ApplyIcebergTransform(const IcebergPartitionField& field, const Value& value) {
  if (value.IsNull()) return std::nullopt;
  switch (field.transform) {
    case IcebergTransform::kIdentity: return value;
    case IcebergTransform::kBucket: return BucketOf(value, field.width);
    case IcebergTransform::kTruncate: return TruncatedTo(value, field.width);
    case IcebergTransform::kYear:
    case IcebergTransform::kMonth:
    case IcebergTransform::kHour: return TimeUnitsOf(value, field.transform);
    case IcebergTransform::kDay: {
      auto days = TimeUnitsOf(value, field.transform);
      if (!days) return std::nullopt;
      return Value::DATE(duckdb::date_t(days->GetValueUnsafe<std::int32_t>()));
    }
    default: return std::nullopt;
  }
}

std::string IcebergPartitionKey(const std::vector<IcebergPartitionValue>& partition) {
  std::string key;
  for (const IcebergPartitionValue& value : partition) {
    key += static_cast<char>('0' + value.index());
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      key.append(reinterpret_cast<const char*>(whole), sizeof *whole);
    } else if (const auto* real = std::get_if<double>(&value)) {
      key.append(reinterpret_cast<const char*>(real), sizeof *real);
    } else if (const auto* bytes = std::get_if<std::string>(&value)) {
      const std::uint64_t size = bytes->size();
      key.append(reinterpret_cast<const char*>(&size), sizeof size) += *bytes;
    }
  }
  return key;
}

}  // namespace hanse::engine
