#include "engine/avro_value.h"

#include "base/text.h"
#include "duckdb/common/types/hugeint.hpp"
#include "engine/lenient_value.h"
#include "engine/text_lines.h"

namespace hanse::engine {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

namespace {

namespace json = boost::json;

constexpr int kValueDepthMax = 32;

std::string_view TextOf(const json::object* object, const char* key) {
  const json::value* found = object ? object->if_contains(key) : nullptr;
  return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

// Numbers say by their logical type what they count; where they do not, Hive counts days and milliseconds.
Value WholeNumber(std::int64_t number, std::string_view logical, const LogicalType& wanted) {
  if (logical == "date" || (logical.empty() && wanted.id() == LogicalTypeId::DATE)) return CastOrNull(DateOrNull(number), wanted);
  if (logical.ends_with("timestamp-micros")) return CastOrNull(TimestampOrNull(number, 1), wanted);
  if (logical.ends_with("timestamp-millis") || (logical.empty() && wanted.id() == LogicalTypeId::TIMESTAMP)) {
    return CastOrNull(TimestampOrNull(number, 1000), wanted);
  }
  return CastOrNull(Value::BIGINT(number), wanted);
}

// Two's complement, big end first.
Value DecimalOf(std::string_view bytes, const json::object* type, const LogicalType& wanted) {
  if (bytes.size() > sizeof(duckdb::hugeint_t) || bytes.empty()) return Value(wanted);
  const bool negative = (static_cast<unsigned char>(bytes.front()) & 0x80) != 0;
  std::uint64_t upper = negative ? ~0ull : 0, lower = upper;
  for (char byte : bytes) {
    upper = (upper << 8) | (lower >> 56);
    lower = (lower << 8) | static_cast<unsigned char>(byte);
  }
  std::int64_t scale = 0;
  if (const json::value* given = type ? type->if_contains("scale") : nullptr; given && given->is_int64())
    scale = given->get_int64();
  if (scale < 0 || scale > 38) return Value(wanted);
  duckdb::hugeint_t unscaled(static_cast<std::int64_t>(upper), lower);
  const duckdb::hugeint_t most = duckdb::Hugeint::POWERS_OF_TEN[38];
  if (unscaled >= most || unscaled <= -most) return Value(wanted);
  return CastOrNull(Value::DECIMAL(unscaled, 38, static_cast<std::uint8_t>(scale)), wanted);
}

const json::value* Inside(const json::value& type, const char* key) {
  const json::object* object = type.if_object();
  return object ? object->if_contains(key) : nullptr;
}

// The type and the place of a record's field.
const json::value* FieldOf(const json::value& record, std::string_view name, std::size_t* place) {
  const json::value* fields = Inside(record, "fields");
  if (!fields || !fields->is_array()) return nullptr;
  for (std::size_t i = 0; i < fields->get_array().size(); ++i) {
    const json::object* field = fields->get_array()[i].if_object();
    if (!field || !EqualsIgnoreCase(TextOf(field, "name"), name)) continue;
    *place = i;
    return field->if_contains("type");
  }
  return nullptr;
}

class Conversion {
 public:
  explicit Conversion(const AvroSchema& schema) : schema_(schema) {}

  Value As(const json::value& written, const avro_value_t& value, const LogicalType& wanted, int depth) const {
    if (depth > kValueDepthMax) return Value(wanted);
    const json::value& type = schema_.Definition(written);
    if (const json::array* branches = type.if_array()) {
      int branch = 0;
      avro_value_t inside;
      if (avro_value_get_discriminant(&value, &branch) != 0 || branch < 0 || static_cast<std::size_t>(branch) >= branches->size() ||
          avro_value_get_current_branch(&value, &inside) != 0) {
        return Value(wanted);
      }
      return As((*branches)[static_cast<std::size_t>(branch)], inside, wanted, depth + 1);
    }
    switch (avro_value_get_type(&value)) {
      case AVRO_RECORD: return Struct(type, value, wanted, depth);
      case AVRO_ARRAY: return List(type, value, wanted, depth);
      case AVRO_MAP: return Map(type, value, wanted, depth);
      default: return wanted.IsNested() ? Value(wanted) : Scalar(type, value, wanted);
    }
  }

 private:
  static Value Scalar(const json::value& type, const avro_value_t& value, const LogicalType& wanted) {
    const json::object* object = type.if_object();
    const std::string_view logical = TextOf(object, "logicalType");
    int truth = 0, choice = 0;
    std::int32_t small = 0;
    std::int64_t large = 0;
    float single = 0;
    double number = 0;
    std::string_view bytes;
    switch (avro_value_get_type(&value)) {
      case AVRO_BOOLEAN:
        return avro_value_get_boolean(&value, &truth) == 0 ? CastOrNull(Value::BOOLEAN(truth != 0), wanted) : Value(wanted);
      case AVRO_INT32: return avro_value_get_int(&value, &small) == 0 ? WholeNumber(small, logical, wanted) : Value(wanted);
      case AVRO_INT64: return avro_value_get_long(&value, &large) == 0 ? WholeNumber(large, logical, wanted) : Value(wanted);
      case AVRO_FLOAT: return avro_value_get_float(&value, &single) == 0 ? CastOrNull(Value::FLOAT(single), wanted) : Value(wanted);
      case AVRO_DOUBLE:
        return avro_value_get_double(&value, &number) == 0 ? CastOrNull(Value::DOUBLE(number), wanted) : Value(wanted);
      case AVRO_ENUM: {
        const json::value* symbols = object ? object->if_contains("symbols") : nullptr;
        if (avro_value_get_enum(&value, &choice) != 0 || choice < 0 || !symbols || !symbols->is_array() ||
            static_cast<std::size_t>(choice) >= symbols->get_array().size()) {
          return Value(wanted);
        }
        const json::string* symbol = symbols->get_array()[static_cast<std::size_t>(choice)].if_string();
        return symbol ? TypedText(*symbol, wanted) : Value(wanted);
      }
      case AVRO_STRING: return AvroBytes(value, &bytes) ? TypedText(bytes, wanted) : Value(wanted);
      case AVRO_BYTES:
      case AVRO_FIXED:
        if (!AvroBytes(value, &bytes)) return Value(wanted);
        if (logical == "decimal") return DecimalOf(bytes, object, wanted);
        return wanted.id() == LogicalTypeId::BLOB || wanted.id() == LogicalTypeId::VARCHAR ? TypedText(bytes, wanted)
                                                                                           : Value(wanted);
      default: return Value(wanted);
    }
  }

  Value Struct(const json::value& type, const avro_value_t& value, const LogicalType& wanted, int depth) const {
    if (wanted.id() != LogicalTypeId::STRUCT) return Value(wanted);
    duckdb::child_list_t<Value> fields;
    for (const auto& [name, child] : duckdb::StructType::GetChildTypes(wanted)) {
      std::size_t place = 0;
      avro_value_t field;
      const json::value* written = FieldOf(type, name, &place);
      bool there = written && avro_value_get_by_index(&value, place, &field, nullptr) == 0;
      fields.emplace_back(name, there ? As(*written, field, child, depth + 1) : Value(child));
    }
    return Value::STRUCT(std::move(fields));
  }

  Value List(const json::value& type, const avro_value_t& value, const LogicalType& wanted, int depth) const {
    const json::value* items = Inside(type, "items");
    std::size_t size = 0;
    if (wanted.id() != LogicalTypeId::LIST || !items || avro_value_get_size(&value, &size) != 0) return Value(wanted);
    const auto& child = duckdb::ListType::GetChildType(wanted);
    duckdb::vector<Value> elements;
    for (std::size_t i = 0; i < size; ++i) {
      avro_value_t element;
      if (avro_value_get_by_index(&value, i, &element, nullptr) != 0) return Value(wanted);
      elements.push_back(As(*items, element, child, depth + 1));
    }
    return Value::LIST(child, std::move(elements));
  }

  Value Map(const json::value& type, const avro_value_t& value, const LogicalType& wanted, int depth) const {
    const json::value* inside = Inside(type, "values");
    std::size_t size = 0;
    if (wanted.id() != LogicalTypeId::MAP || !inside || avro_value_get_size(&value, &size) != 0) return Value(wanted);
    const auto& key_type = duckdb::MapType::KeyType(wanted);
    const auto& value_type = duckdb::MapType::ValueType(wanted);
    duckdb::vector<Value> keys, values;
    for (std::size_t i = 0; i < size; ++i) {
      avro_value_t entry;
      const char* key = nullptr;
      if (avro_value_get_by_index(&value, i, &entry, &key) != 0 || !key) return Value(wanted);
      Value typed = TypedText(key, key_type);
      if (typed.IsNull()) continue;
      keys.push_back(std::move(typed));
      values.push_back(As(*inside, entry, value_type, depth + 1));
    }
    return Value::MAP(key_type, value_type, std::move(keys), std::move(values));
  }

  const AvroSchema& schema_;
};

}  // namespace

Value AvroValueAs(const AvroSchema& schema, const json::value& type, const avro_value_t& value, const LogicalType& wanted) {
  return Conversion(schema).As(type, value, wanted, 0);
}

AvroColumns::AvroColumns(const AvroSchema& schema, const duckdb::vector<std::string>& names, duckdb::idx_t count)
    : schema_(schema), columns_(count) {
  const json::value& record = schema.Definition(schema.root());
  for (duckdb::idx_t i = 0; i < count; ++i) columns_[i].type = FieldOf(record, names[i], &columns_[i].place);
}

Value AvroColumns::At(const avro_value_t& record, duckdb::idx_t i, const LogicalType& wanted) const {
  avro_value_t field;
  const Column& column = columns_[i];
  if (!column.type || avro_value_get_by_index(&record, column.place, &field, nullptr) != 0) return Value(wanted);
  return AvroValueAs(schema_, *column.type, field, wanted);
}

bool AvroBytes(const avro_value_t& value, std::string_view* bytes) {
  const char* text = nullptr;
  const void* data = nullptr;
  std::size_t size = 0;
  switch (avro_value_get_type(&value)) {
    case AVRO_STRING:
      if (avro_value_get_string(&value, &text, &size) != 0 || size == 0) return false;
      *bytes = std::string_view(text, size - 1);  // It counts the NUL at its end.
      return true;
    case AVRO_BYTES:
      if (avro_value_get_bytes(&value, &data, &size) != 0) return false;
      break;
    case AVRO_FIXED:
      if (avro_value_get_fixed(&value, &data, &size) != 0) return false;
      break;
    default: return false;
  }
  *bytes = size == 0 ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
  return true;
}

}  // namespace hanse::engine
