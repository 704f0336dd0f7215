#include "catalog/avro_header.h"

#include <cstdint>
#include <map>
#include <string>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"

namespace hanse::catalog {
namespace {

constexpr int kAvroDepthMax = 64, kDecimalDigitsMax = 38, kTypesMax = 10'000;
constexpr std::size_t kNameBytesMax = 4 << 20;

// Takes numbers and texts from the front of what is left.
class HeaderBytes {
 public:
  explicit HeaderBytes(std::string_view bytes) : rest_(bytes) {}

  // Zigzag, seven bits a byte.
  bool Long(std::int64_t* value) {
    std::uint64_t bits = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      bits |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte & 0x80) continue;
      *value = static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
      return true;
    }
    return false;
  }
  bool Text(std::string_view* text) {
    std::int64_t size = 0;
    if (!Long(&size) || size < 0 || static_cast<std::uint64_t>(size) > rest_.size()) return false;
    *text = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(text->size());
    return true;
  }

 private:
  std::string_view rest_;
};

// The text of the schema; nothing where the bytes are no header.
std::optional<std::string_view> SchemaText(std::string_view head) {
  constexpr std::string_view kMagic("Obj\x01", 4);
  if (!head.starts_with(kMagic)) return std::nullopt;
  HeaderBytes bytes(head.substr(kMagic.size()));
  std::optional<std::string_view> schema;
  std::int64_t entries = 0, ignored = 0;
  while (bytes.Long(&entries)) {
    if (entries == 0) return schema;
    if (entries < 0 && !bytes.Long(&ignored)) return std::nullopt;
    for (std::uint64_t left = entries < 0 ? 0 - static_cast<std::uint64_t>(entries) : static_cast<std::uint64_t>(entries); left > 0;
         --left) {
      std::string_view key, value;
      if (!bytes.Text(&key) || !bytes.Text(&value)) return std::nullopt;
      if (key == "avro.schema") schema = value;
    }
  }
  return std::nullopt;
}

std::string_view TextAt(const boost::json::object& object, const char* key) {
  const boost::json::value* found = object.if_contains(key);
  return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

std::int64_t NumberAt(const boost::json::object& object, const char* key) {
  const boost::json::value* found = object.if_contains(key);
  return found && found->is_int64() ? found->get_int64() : 0;
}

// Hive's types of Avro's; a type that has none is text.
class HiveTypes {
 public:
  std::vector<InferredColumn> ColumnsOf(const boost::json::object& record) {
    open_[&record] = 1;
    return FieldsOf(record, 0);
  }

 private:
  static std::string LastPart(std::string_view name) { return std::string(name.substr(name.rfind('.') + 1)); }

  std::vector<InferredColumn> FieldsOf(const boost::json::object& record, int depth) {
    named_[LastPart(TextAt(record, "name"))] = &record;
    std::vector<InferredColumn> fields;
    const boost::json::value* listed = record.if_contains("fields");
    if (!listed || !listed->is_array()) return fields;
    for (const boost::json::value& one : listed->get_array()) {
      const boost::json::object* field = one.if_object();
      const boost::json::value* type = field ? field->if_contains("type") : nullptr;
      if (!type || TextAt(*field, "name").empty()) continue;
      fields.push_back({Lower(TextAt(*field, "name")), Of(*type, depth)});
      name_bytes_ += fields.back().name.size();
    }
    return fields;
  }

  std::string Of(const boost::json::value& type, int depth) {
    if (depth > kAvroDepthMax || ++types_ > kTypesMax) return "string";
    if (const boost::json::array* branches = type.if_array()) return OfUnion(*branches, depth);
    if (const boost::json::object* object = type.if_object()) return OfObject(*object, depth);
    return type.is_string() ? OfName(std::string(type.get_string()), depth) : "string";
  }

  std::string OfUnion(const boost::json::array& branches, int depth) {
    const boost::json::value* only = nullptr;
    for (const boost::json::value& branch : branches) {
      if (branch.is_string() && branch.get_string() == "null") continue;
      if (only) return "string";
      only = &branch;
    }
    return only ? Of(*only, depth + 1) : "string";
  }

  std::string OfName(const std::string& name, int depth) {
    static const std::map<std::string, std::string, std::less<>> kPrimitives = {
        {"boolean", "boolean"}, {"int", "int"},      {"long", "bigint"},  {"float", "float"},
        {"double", "double"},   {"bytes", "binary"}, {"string", "string"}};
    if (auto primitive = kPrimitives.find(name); primitive != kPrimitives.end()) return primitive->second;
    auto named = named_.find(LastPart(name));
    return named == named_.end() ? "string" : OfObject(*named->second, depth + 1);
  }

  std::string OfObject(const boost::json::object& object, int depth) {
    if (depth > kAvroDepthMax || object.if_contains("type") == nullptr) return "string";
    const std::string_view kind = TextAt(object, "type"), logical = TextAt(object, "logicalType");
    if (kind.empty()) return Of(*object.if_contains("type"), depth + 1);
    if (logical == "date" && kind == "int") return "date";
    if (kind == "long" && (logical == "timestamp-millis" || logical == "timestamp-micros")) return "timestamp";
    if (logical == "decimal" && (kind == "bytes" || kind == "fixed")) {
      const std::int64_t digits = NumberAt(object, "precision"), scale = NumberAt(object, "scale");
      if (digits >= 1 && digits <= kDecimalDigitsMax && scale >= 0 && scale <= digits)
        return fmt::format("decimal({},{})", digits, scale);
    }
    if (kind == "fixed" || kind == "enum") {
      named_[LastPart(TextAt(object, "name"))] = &object;
      return kind == "fixed" ? "binary" : "string";
    }
    if (kind == "array" || kind == "map") {
      const boost::json::value* inside = object.if_contains(kind == "array" ? "items" : "values");
      const std::string element = inside ? Of(*inside, depth + 1) : "string";
      return kind == "array" ? "array<" + element + ">" : "map<string," + element + ">";
    }
    return kind == "record" ? OfRecord(object, depth) : OfName(std::string(kind), depth + 1);
  }

  // A record that holds itself has no end: text, where it would come again.
  std::string OfRecord(const boost::json::object& record, int depth) {
    if (++open_[&record] > 1 || name_bytes_ > kNameBytesMax) {
      --open_[&record];
      return "string";
    }
    std::string fields;
    for (const InferredColumn& field : FieldsOf(record, depth + 1)) {
      fields += (fields.empty() ? "" : ",") + field.name + ":" + field.type;
    }
    --open_[&record];
    return fields.empty() ? "string" : "struct<" + fields + ">";
  }

  std::map<std::string, const boost::json::object*> named_;  // By the last part of their names.
  std::map<const boost::json::object*, int> open_;
  // Names that stand for records that name records have more of both than the text is long.
  int types_ = 0;
  std::size_t name_bytes_ = 0;
};

}  // namespace

std::optional<std::vector<InferredColumn>> ReadAvroHeader(std::string_view head) {
  const auto text = SchemaText(head);
  if (!text) return std::nullopt;
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = kAvroDepthMax;
  const boost::json::value schema = boost::json::parse(*text, error, {}, options);
  const boost::json::object* record = error ? nullptr : schema.if_object();
  if (!record || TextAt(*record, "type") != "record") return std::nullopt;
  auto columns = HiveTypes().ColumnsOf(*record);
  if (columns.empty()) return std::nullopt;
  return columns;
}

}  // namespace hanse::catalog
