#include <boost/json.hpp>

#include "base/text.h"
#include "catalog/file_schema.h"

// The JSON classifier of file_schema.h.
namespace hanse::catalog {
namespace {

namespace json = boost::json;

constexpr std::size_t kObjectsMax = 1'000;
constexpr std::size_t kFieldsMax = 10'000;

std::string TypeOf(const json::value& value);

std::string StructOf(const json::object& object) {
  std::string type = "struct<";
  for (const auto& [key, value] : object) {
    if (type.size() > 7) type += ",";
    std::string inner = TypeOf(value);
    type += Lower(std::string_view(key.data(), key.size())) + ":" + (inner.empty() ? "string" : inner);
  }
  return type + ">";
}

// "" for null: it fits every type. A list of nothing known is a list of texts.
std::string TypeOf(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "";
    case json::kind::bool_: return "boolean";
    case json::kind::int64:
    case json::kind::uint64: return "bigint";
    case json::kind::double_: return "double";
    case json::kind::string: return "string";
    case json::kind::object: return StructOf(value.get_object());
    case json::kind::array: break;
  }
  std::string inner;
  for (const json::value& element : value.get_array()) inner = MergeTypes(inner, TypeOf(element));
  return "array<" + inner + ">";
}

void FillIn(std::string* type) {
  for (std::size_t at = type->find("array<>"); at != std::string::npos; at = type->find("array<>"))
    type->replace(at, 7, "array<string>");
  if (type->empty()) *type = "string";
}

// Reads values one after another; false where the text is no JSON.
bool ReadObjects(std::string_view text, Sample extent, std::vector<json::object>* objects) {
  json::parse_options options;
  options.max_depth = 32;
  json::stream_parser parser(json::storage_ptr(), options);
  while (objects->size() < kObjectsMax) {
    text = Trim(text);
    if (text.empty()) return true;
    boost::system::error_code error;
    parser.reset();
    std::size_t used = parser.write_some(text.data(), text.size(), error);
    if (error) return false;
    if (!parser.done()) return extent == Sample::kCut && !objects->empty();
    json::value value = parser.release();
    text.remove_prefix(used);
    if (value.is_object()) {
      objects->push_back(std::move(value.get_object()));
    } else if (value.is_array()) {
      for (json::value& element : value.get_array()) {
        if (!element.is_object()) return false;
        if (objects->size() < kObjectsMax) objects->push_back(std::move(element.get_object()));
      }
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<FileSchema> InferJson(std::string_view sample, Sample extent) {
  std::string_view text = Trim(sample);
  if (text.empty() || (text.front() != '{' && text.front() != '[')) return std::nullopt;
  std::vector<json::object> objects;
  try {
    if (!ReadObjects(text, extent, &objects) || objects.empty()) return std::nullopt;
  } catch (const std::exception&) {
    return std::nullopt;
  }
  FileSchema found{.classification = "json"};
  for (const json::object& object : objects) {
    std::vector<InferredColumn> columns;
    for (const auto& [key, value] : object) columns.push_back({Lower(std::string_view(key.data(), key.size())), TypeOf(value)});
    MergeColumns(columns, &found.columns);
    if (found.columns.size() > kFieldsMax) return std::nullopt;
  }
  for (InferredColumn& column : found.columns) FillIn(&column.type);
  return found;
}

}  // namespace hanse::catalog
