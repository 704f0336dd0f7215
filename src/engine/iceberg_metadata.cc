#include "engine/iceberg_metadata.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.h"
#include "engine/hive_types.h"

namespace hanse::engine {

namespace {

namespace ice_json = boost::json;

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

constexpr int kIcebergDepthMax = 32;
constexpr std::int64_t kFormatVersionMax = 2;

std::unexpected<Error> Invalid(std::string_view what) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("ICEBERG_INVALID_METADATA: {}", what));
}

const ice_json::value* Part(const ice_json::object& object, const char* key) {
  const ice_json::value* found = object.if_contains(key);
  return found && !found->is_null() ? found : nullptr;
}

std::optional<std::int64_t> WholeOf(const ice_json::object& object, const char* key) {
  const ice_json::value* found = Part(object, key);
  if (!found || !found->is_int64()) return std::nullopt;
  return found->get_int64();
}

std::optional<std::string> TextPart(const ice_json::object& object, const char* key) {
  const ice_json::value* found = Part(object, key);
  if (!found || !found->is_string()) return std::nullopt;
  return std::string(found->get_string());
}

const ice_json::array& ListPart(const ice_json::object& object, const char* key) {
  static const ice_json::array kNone;
  const ice_json::value* found = Part(object, key);
  return found && found->is_array() ? found->get_array() : kNone;
}

Result<LogicalType> Primitive(const std::string& name) {
  static const std::map<std::string, LogicalTypeId> kTypes = {
      {"boolean", LogicalTypeId::BOOLEAN}, {"int", LogicalTypeId::INTEGER},         {"long", LogicalTypeId::BIGINT},
      {"float", LogicalTypeId::FLOAT},     {"double", LogicalTypeId::DOUBLE},       {"date", LogicalTypeId::DATE},
      {"time", LogicalTypeId::TIME},       {"timestamp", LogicalTypeId::TIMESTAMP}, {"timestamptz", LogicalTypeId::TIMESTAMP_TZ},
      {"string", LogicalTypeId::VARCHAR},  {"uuid", LogicalTypeId::UUID},           {"binary", LogicalTypeId::BLOB}};
  if (auto found = kTypes.find(name); found != kTypes.end()) return LogicalType(found->second);
  if (name.starts_with("fixed[")) return LogicalType(LogicalTypeId::BLOB);
  if (name.starts_with("decimal(")) return TypeOfHive(name);
  return Fail(ErrorCode::kUnsupported, fmt::format("NOT_SUPPORTED: Iceberg columns of type {}", name));
}

Result<IcebergField> Field(std::optional<std::int64_t> id, std::string name, const ice_json::value* type, int depth);

Result<std::vector<IcebergField>> Fields(const ice_json::object& structure, int depth) {
  std::vector<IcebergField> fields;
  for (const ice_json::value& one : ListPart(structure, "fields")) {
    const ice_json::object* field = one.if_object();
    if (!field) return Invalid("a field is no object");
    TRY_ASSIGN(IcebergField read,
               Field(WholeOf(*field, "id"), TextPart(*field, "name").value_or(""), Part(*field, "type"), depth + 1));
    for (const IcebergField& other : fields) {
      if (EqualsIgnoreCase(other.name, read.name)) {
        return Fail(ErrorCode::kUnsupported, "NOT_SUPPORTED: Iceberg columns whose names differ in case alone");
      }
    }
    fields.push_back(std::move(read));
  }
  return fields;
}

// `children` and the type of a struct, a list or a map.
Result<void> Nest(const ice_json::object& type, int depth, IcebergField* field) {
  const std::string kind = TextPart(type, "type").value_or("");
  if (kind == "struct") {
    TRY_ASSIGN(field->children, Fields(type, depth));
    if (field->children.empty()) return Fail(ErrorCode::kUnsupported, "NOT_SUPPORTED: Iceberg structs without fields");
    duckdb::child_list_t<LogicalType> types;
    for (const IcebergField& child : field->children) types.emplace_back(child.name, child.type);
    field->type = LogicalType::STRUCT(std::move(types));
  } else if (kind == "list") {
    TRY_ASSIGN(IcebergField element, Field(WholeOf(type, "element-id"), "list", Part(type, "element"), depth + 1));
    field->type = LogicalType::LIST(element.type);
    field->children.push_back(std::move(element));
  } else if (kind == "map") {
    TRY_ASSIGN(IcebergField key, Field(WholeOf(type, "key-id"), "key", Part(type, "key"), depth + 1));
    TRY_ASSIGN(IcebergField value, Field(WholeOf(type, "value-id"), "value", Part(type, "value"), depth + 1));
    field->type = LogicalType::MAP(key.type, value.type);
    field->children.push_back(std::move(key));
    field->children.push_back(std::move(value));
  } else {
    return Invalid("a type is unknown");
  }
  return {};
}

Result<IcebergField> Field(std::optional<std::int64_t> id, std::string name, const ice_json::value* type, int depth) {
  if (depth > kIcebergDepthMax) return Invalid("types are nested too deeply");
  if (!id || *id < 0 || *id > INT32_MAX || name.empty() || !type) return Invalid("a field has no id, name or type");
  IcebergField field{static_cast<std::int32_t>(*id), std::move(name), {}, {}};
  if (const ice_json::object* nested = type->if_object()) {
    TRY(Nest(*nested, depth, &field));
    return field;
  }
  if (!type->is_string()) return Invalid("a type is unknown");
  TRY_ASSIGN(field.type, Primitive(std::string(type->get_string())));
  return field;
}

Result<std::vector<IcebergField>> CurrentSchema(const ice_json::object& metadata) {
  const auto current = WholeOf(metadata, "current-schema-id");
  for (const ice_json::value& one : ListPart(metadata, "schemas")) {
    const ice_json::object* schema = one.if_object();
    if (schema && current && WholeOf(*schema, "schema-id") == current) return Fields(*schema, 0);
  }
  const ice_json::value* only = Part(metadata, "schema");  // Of version 1.
  if (!only || !only->is_object()) return Invalid("there is no current schema");
  return Fields(only->get_object(), 0);
}

void AddSpec(std::int32_t id, const ice_json::array& fields, IcebergMetadata* table) {
  for (const ice_json::value& one : fields) {
    const ice_json::object* field = one.if_object();
    if (!field || TextPart(*field, "transform") != "identity") continue;
    if (auto source = WholeOf(*field, "source-id")) table->identity_fields[id].insert(static_cast<std::int32_t>(*source));
  }
}

Result<void> ReadSnapshots(const ice_json::object& metadata, IcebergMetadata* table) {
  for (const ice_json::value& one : ListPart(metadata, "snapshots")) {
    const ice_json::object* snapshot = one.if_object();
    const auto id = snapshot ? WholeOf(*snapshot, "snapshot-id") : std::nullopt;
    if (!id) return Invalid("a snapshot has no id");
    // Absent: a snapshot of version 1 that lists its manifests itself.
    table->snapshots[*id] = {*id, TextPart(*snapshot, "manifest-list").value_or("")};
  }
  for (const ice_json::value& one : ListPart(metadata, "snapshot-log")) {
    const ice_json::object* entry = one.if_object();
    const auto at = entry ? WholeOf(*entry, "timestamp-ms") : std::nullopt;
    const auto id = entry ? WholeOf(*entry, "snapshot-id") : std::nullopt;
    if (at && id) table->log.emplace_back(*at, *id);
  }
  const auto current = WholeOf(metadata, "current-snapshot-id");
  if (current && *current >= 0) table->current_snapshot = current;
  if (table->current_snapshot && !table->snapshots.contains(*table->current_snapshot))
    return Invalid("the current snapshot is missing");
  return {};
}

}  // namespace

std::optional<std::int64_t> IcebergMetadata::SnapshotAt(std::int64_t time_ms) const {
  std::optional<std::int64_t> found;
  for (const auto& [at, id] : log) {
    if (at <= time_ms) found = id;
  }
  return found;
}

Result<IcebergMetadata> ParseIcebergMetadata(std::string_view text) {
  boost::system::error_code error;
  ice_json::parse_options options;
  options.max_depth = 2 * kIcebergDepthMax + 8;
  const ice_json::value parsed = ice_json::parse(text, error, {}, options);
  if (error || !parsed.is_object()) return Invalid("the metadata file is not JSON");
  const ice_json::object& metadata = parsed.get_object();
  const auto version = WholeOf(metadata, "format-version");
  if (!version || *version < 1) return Invalid("the metadata file has no version");
  if (*version > kFormatVersionMax) {
    return Fail(ErrorCode::kUnsupported, fmt::format("NOT_SUPPORTED: Iceberg tables of version {}: 1 and 2 are", *version));
  }
  IcebergMetadata table;
  TRY_ASSIGN(table.columns, CurrentSchema(metadata));
  for (const ice_json::value& one : ListPart(metadata, "partition-specs")) {
    const ice_json::object* spec = one.if_object();
    const auto id = spec ? WholeOf(*spec, "spec-id") : std::nullopt;
    if (id) AddSpec(static_cast<std::int32_t>(*id), ListPart(*spec, "fields"), &table);
  }
  if (!Part(metadata, "partition-specs")) AddSpec(0, ListPart(metadata, "partition-spec"), &table);
  TRY(ReadSnapshots(metadata, &table));
  return table;
}

}  // namespace hanse::engine
