#include <boost/json.hpp>

#include <map>

#include "base/text.h"
#include "engine/render.h"
#include "engine/text_lines.h"

namespace hanse::engine {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

namespace {

namespace json = boost::json;

const json::value* Member(const json::object& object, const std::string& name) {
  if (const json::value* exact = object.if_contains(name)) return exact;
  for (const auto& [key, value] : object) {
    if (EqualsIgnoreCase(key, name)) return &value;
  }
  return nullptr;
}

Value Typed(const json::value* value, const LogicalType& type) {
  if (!value || value->is_null()) return Value(type);
  switch (type.id()) {
    case LogicalTypeId::STRUCT: {
      if (!value->is_object()) return Value(type);
      duckdb::child_list_t<Value> fields;
      for (const auto& [name, child] : duckdb::StructType::GetChildTypes(type)) {
        fields.emplace_back(name, Typed(Member(value->get_object(), name), child));
      }
      return Value::STRUCT(std::move(fields));
    }
    case LogicalTypeId::LIST: {
      if (!value->is_array()) return Value(type);
      duckdb::vector<Value> elements;
      const auto& child = duckdb::ListType::GetChildType(type);
      for (const json::value& element : value->get_array()) elements.push_back(Typed(&element, child));
      return Value::LIST(child, std::move(elements));
    }
    case LogicalTypeId::MAP: {
      if (!value->is_object()) return Value(type);
      duckdb::vector<Value> keys, values;
      for (const auto& [key, entry] : value->get_object()) {
        keys.push_back(TypedText(key, duckdb::MapType::KeyType(type)));
        values.push_back(Typed(&entry, duckdb::MapType::ValueType(type)));
      }
      return Value::MAP(duckdb::MapType::KeyType(type), duckdb::MapType::ValueType(type), std::move(keys), std::move(values));
    }
    default:
      if (value->is_double()) return TypedText(RenderDouble(value->get_double()), type);
      return TypedText(value->is_string() ? std::string(value->get_string()) : json::serialize(*value), type);
  }
}

// One JSON object a line; member names without case. A line that is none is a row of NULLs.
class JsonParser final : public LineParser {
 public:
  explicit JsonParser(const TableShape& table) : table_(table) {}

  void Parse(std::string_view line, const std::vector<bool>& wanted, std::vector<Value>& values) const override {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 64;
    json::value parsed = json::parse(line, error, {}, options);
    const json::object* object = error ? nullptr : parsed.if_object();
    for (std::size_t i = 0; i < table_.data_columns; ++i) {
      if (wanted[i]) values[i] = object ? Typed(Member(*object, table_.names[i]), table_.types[i]) : Value(table_.types[i]);
    }
  }

 private:
  const TableShape& table_;  // The scan's bind data keeps it.
};

}  // namespace

std::unique_ptr<LineParser> MakeJsonParser(const TableShape& table) { return std::make_unique<JsonParser>(table); }

}  // namespace hanse::engine
