#include "catalog/iceberg_metadata.h"

#include <charconv>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"

namespace hanse::catalog {
namespace {

using boost::json::object;
using boost::json::value;

constexpr int kTypeDepthMax = 32;
constexpr std::string_view kMetadataSuffix = ".metadata.json";

std::unexpected<Error> NoMetadata(std::string_view why) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("No metadata of an Iceberg table: {}.", why));
}

const value* MemberOf(const value& from, std::string_view name) {
  const object* members = from.if_object();
  return members ? members->if_contains(name) : nullptr;
}

std::string TextAt(const value& from, std::string_view name) {
  const value* found = MemberOf(from, name);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::int64_t NumberAt(const value& from, std::string_view name, std::int64_t otherwise) {
  const value* found = MemberOf(from, name);
  return found && found->is_int64() ? found->get_int64() : otherwise;
}

Result<std::string> PlainType(std::string type) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {{"boolean", "boolean"},
                                                                      {"int", "int"},
                                                                      {"long", "bigint"},
                                                                      {"float", "float"},
                                                                      {"double", "double"},
                                                                      {"date", "date"},
                                                                      {"time", "string"},
                                                                      {"timestamp", "timestamp"},
                                                                      {"string", "string"},
                                                                      {"uuid", "string"},
                                                                      {"binary", "binary"},
                                                                      {"timestamptz", "timestamp"},
                                                                      {"timestamp_ns", "timestamp"},
                                                                      {"timestamptz_ns", "timestamp"}};
  std::erase(type, ' ');
  for (const auto& [iceberg, glue] : kTypes) {
    if (type == iceberg) return std::string(glue);
  }
  if (type.starts_with("decimal(")) return type;
  if (type.starts_with("fixed[")) return std::string("binary");
  return Fail(ErrorCode::kUnsupported, fmt::format("Iceberg's type {}", type));
}

Result<std::string> TypeOf(const value* type, int depth) {
  if (!type || depth > kTypeDepthMax) return NoMetadata("a type is missing");
  if (type->is_string()) return PlainType(std::string(type->get_string()));
  const std::string kind = TextAt(*type, "type");
  if (kind == "list") {
    TRY_ASSIGN(std::string element, TypeOf(MemberOf(*type, "element"), depth + 1));
    return fmt::format("array<{}>", element);
  }
  if (kind == "map") {
    TRY_ASSIGN(std::string key, TypeOf(MemberOf(*type, "key"), depth + 1));
    TRY_ASSIGN(std::string mapped, TypeOf(MemberOf(*type, "value"), depth + 1));
    return fmt::format("map<{},{}>", key, mapped);
  }
  const value* fields = MemberOf(*type, "fields");
  if (kind != "struct" || !fields || !fields->is_array()) return NoMetadata("a type is none");
  std::string text;
  for (const value& field : fields->get_array()) {
    TRY_ASSIGN(std::string inner, TypeOf(MemberOf(field, "type"), depth + 1));
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", Lower(TextAt(field, "name")), inner);
  }
  return fmt::format("struct<{}>", text);
}

// Version 1 may have the one schema alone, without a list.
const value* CurrentSchema(const value& root) {
  const value* schemas = MemberOf(root, "schemas");
  if (!schemas || !schemas->is_array()) return MemberOf(root, "schema");
  for (const value& schema : schemas->get_array()) {
    if (NumberAt(schema, "schema-id", 0) == NumberAt(root, "current-schema-id", 0)) return &schema;
  }
  return nullptr;
}

}  // namespace

Result<IcebergMetadata> ReadIcebergMetadata(std::string_view json) {
  boost::system::error_code error;
  const value root = boost::json::parse(json, error);
  if (error) return NoMetadata("it is no JSON");
  const std::int64_t version = NumberAt(root, "format-version", 0);
  if (version < 1 || version > 3) return NoMetadata("its format-version is not 1 to 3");
  const value* schema = CurrentSchema(root);
  const value* fields = schema ? MemberOf(*schema, "fields") : nullptr;
  if (!fields || !fields->is_array()) return NoMetadata("its current schema is missing");
  IcebergMetadata metadata{.last_updated_ms = NumberAt(root, "last-updated-ms", 0)};
  for (const value& field : fields->get_array()) {
    wire::glue::Column column{.name = Lower(TextAt(field, "name"))};
    if (column.name->empty()) return NoMetadata("a column has no name");
    TRY_ASSIGN(column.type, TypeOf(MemberOf(field, "type"), 0));
    if (std::string doc = TextAt(field, "doc"); !doc.empty()) column.comment = std::move(doc);
    const value* required = MemberOf(field, "required");
    const bool optional = !required || !required->is_bool() || !required->get_bool();
    column.parameters = std::map<std::string, std::string>{{"iceberg.field.current", "true"},
                                                           {"iceberg.field.id", std::to_string(NumberAt(field, "id", 0))},
                                                           {"iceberg.field.optional", optional ? "true" : "false"}};
    metadata.columns.push_back(std::move(column));
  }
  return metadata;
}

std::int64_t IcebergVersionOf(std::string_view name) {
  if (!name.ends_with(kMetadataSuffix)) return -1;
  if (name.starts_with('v')) name.remove_prefix(1);
  std::int64_t version = -1;
  auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), version);
  return error == std::errc() && version >= 0 && (*end == '-' || *end == '.') ? version : -1;
}

}  // namespace hanse::catalog
