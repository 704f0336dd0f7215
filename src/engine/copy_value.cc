#include "engine/copy_value.h"

#include <bit>
#include <limits>

#include "base/utf8.h"
#include "engine/lenient_value.h"

namespace hanse::engine {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;
using duckdb::Vector;

namespace {

// PostgreSQL's numbers of types (pg_type.dat).
enum CopyType : unsigned {
  kCopyBool = 16,
  kCopyBytea = 17,
  kCopyInt8 = 20,
  kCopyInt2 = 21,
  kCopyInt4 = 23,
  kCopyText = 25,
  kCopyFloat4 = 700,
  kCopyFloat8 = 701,
  kCopyDate = 1082,
  kCopyTimestamp = 1114,
  kCopyTimestampTz = 1184,
  kCopyNumeric = 1700
};
constexpr std::int64_t kDaysTo2000 = 10'957, kMicrosTo2000 = 946'684'800'000'000;  // PostgreSQL counts from 2000-01-01.

std::optional<std::int64_t> CopiedWhole(unsigned type, std::string_view field) {
  switch (type) {
    case kCopyInt2: return NumberOfField<std::int16_t>(field);
    case kCopyInt4: return NumberOfField<std::int32_t>(field);
    case kCopyInt8: return NumberOfField<std::int64_t>(field);
    default: return std::nullopt;
  }
}

// In the engine's type that is nearest to PostgreSQL's; NULL where it is broken.
Value NaturalValue(unsigned type, std::string_view field) {
  switch (type) {
    case kCopyBool: return field.size() == 1 ? Value::BOOLEAN(field[0] != 0) : Value();
    case kCopyInt2:
    case kCopyInt4:
    case kCopyInt8: {
      auto number = CopiedWhole(type, field);
      return number ? Value::BIGINT(*number) : Value();
    }
    case kCopyFloat4: {
      auto bits = NumberOfField<std::int32_t>(field);
      return bits ? Value::FLOAT(std::bit_cast<float>(*bits)) : Value();
    }
    case kCopyFloat8: {
      auto bits = NumberOfField<std::int64_t>(field);
      return bits ? Value::DOUBLE(std::bit_cast<double>(*bits)) : Value();
    }
    case kCopyNumeric: {
      auto text = NumericText(field);
      return text ? Value(*text) : Value();
    }
    case kCopyDate: {
      auto days = NumberOfField<std::int32_t>(field);
      return days ? DateOrNull(*days + kDaysTo2000) : Value();
    }
    case kCopyTimestamp:
    case kCopyTimestampTz: {
      // The far ends are "infinity".
      auto micros = NumberOfField<std::int64_t>(field);
      if (!micros || *micros > std::numeric_limits<std::int64_t>::max() - kMicrosTo2000) return Value();
      return TimestampOrNull(*micros + kMicrosTo2000, 1);
    }
    case kCopyBytea: return Value::BLOB(duckdb::const_data_ptr_cast(field.data()), field.size());
    default: return IsUtf8(field) ? Value(std::string(field)) : Value();
  }
}

template <class T>
bool StoreWhole(Vector& vector, idx_t row, std::int64_t number) {
  if (number < std::numeric_limits<T>::min() || number > std::numeric_limits<T>::max()) return false;
  FlatVector::GetData<T>(vector)[row] = static_cast<T>(number);
  return true;
}

enum class Stored { kYes, kNo, kOtherwise };

Stored StoredIf(bool fits) { return fits ? Stored::kYes : Stored::kNo; }

// What most columns are, without a value of its own for each cell.
Stored StoreFast(Vector& vector, idx_t row, unsigned type, std::string_view field) {
  const LogicalTypeId wanted = vector.GetType().id();
  if (auto number = CopiedWhole(type, field)) {
    switch (wanted) {
      case LogicalTypeId::TINYINT: return StoredIf(StoreWhole<std::int8_t>(vector, row, *number));
      case LogicalTypeId::SMALLINT: return StoredIf(StoreWhole<std::int16_t>(vector, row, *number));
      case LogicalTypeId::INTEGER: return StoredIf(StoreWhole<std::int32_t>(vector, row, *number));
      case LogicalTypeId::BIGINT: return StoredIf(StoreWhole<std::int64_t>(vector, row, *number));
      default: return Stored::kOtherwise;
    }
  }
  if (type == kCopyText && wanted == LogicalTypeId::VARCHAR) {
    if (!IsUtf8(field)) return Stored::kNo;
    FlatVector::GetData<duckdb::string_t>(vector)[row] = duckdb::StringVector::AddString(vector, field.data(), field.size());
    return Stored::kYes;
  }
  if (type == kCopyFloat8 && wanted == LogicalTypeId::DOUBLE) {
    auto bits = NumberOfField<std::int64_t>(field);
    if (bits) FlatVector::GetData<double>(vector)[row] = std::bit_cast<double>(*bits);
    return StoredIf(bits.has_value());
  }
  return Stored::kOtherwise;
}

}  // namespace

bool IsCopyType(unsigned type) {
  switch (type) {
    case kCopyBool:
    case kCopyBytea:
    case kCopyInt8:
    case kCopyInt2:
    case kCopyInt4:
    case kCopyText:
    case kCopyFloat4:
    case kCopyFloat8:
    case kCopyDate:
    case kCopyTimestamp:
    case kCopyTimestampTz:
    case kCopyNumeric: return true;
    default: return false;
  }
}

void PutCopyField(Vector& vector, idx_t row, unsigned type, const CopyRows::Field& field) {
  const Stored stored = field ? StoreFast(vector, row, type, *field) : Stored::kNo;
  if (stored == Stored::kYes) return;
  if (stored == Stored::kNo) return FlatVector::SetNull(vector, row, true);
  vector.SetValue(row, CastOrNull(NaturalValue(type, *field), vector.GetType()));
}

}  // namespace hanse::engine
