#include "engine/iceberg_metadata.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include <charconv>

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

// The columns of the current schema; those of the others, which data files and deletes may still have, are known by id alone.
Result<void> ReadSchemas(const ice_json::object& metadata, IcebergMetadata* table) {
  const auto current = WholeOf(metadata, "current-schema-id");
  bool found = false;
  for (const ice_json::value& one : ListPart(metadata, "schemas")) {
    const ice_json::object* schema = one.if_object();
    if (!schema) return Invalid("a schema is no object");
    const bool is_current = current && WholeOf(*schema, "schema-id") == current;
    auto fields = Fields(*schema, 0);
    if (!fields && is_current) return std::unexpected(std::move(fields).error());
    if (!fields) continue;  // Nothing of it is shown.
    for (const IcebergField& field : *fields) table->fields[field.id] = field;
    if (is_current) table->columns = *std::move(fields);
    found = found || is_current;
  }
  if (!found) {
    const ice_json::value* only = Part(metadata, "schema");  // Of version 1.
    if (!only || !only->is_object()) return Invalid("there is no current schema");
    TRY_ASSIGN(table->columns, Fields(only->get_object(), 0));
  }
  for (const IcebergField& field : table->columns) table->fields[field.id] = field;
  return {};
}

// "bucket[16]" is a transform and its width.
void ReadTransform(std::string_view text, IcebergPartitionField* field) {
  static const std::map<std::string_view, IcebergTransform> kTransforms = {
      {"identity", IcebergTransform::kIdentity}, {"bucket", IcebergTransform::kBucket}, {"truncate", IcebergTransform::kTruncate},
      {"year", IcebergTransform::kYear},         {"month", IcebergTransform::kMonth},   {"day", IcebergTransform::kDay},
      {"hour", IcebergTransform::kHour},         {"void", IcebergTransform::kVoid}};
  const auto open = text.find('[');
  auto found = kTransforms.find(text.substr(0, open));
  if (found == kTransforms.end()) return;
  const bool sized = found->second == IcebergTransform::kBucket || found->second == IcebergTransform::kTruncate;
  if (sized != (open != std::string_view::npos)) return;
  if (sized) {
    const char* end = text.data() + text.size();
    auto read = std::from_chars(text.data() + open + 1, end, field->width);
    if (read.ec != std::errc() || read.ptr + 1 != end || *read.ptr != ']' || field->width <= 0) return;
  }
  field->transform = found->second;
}

void AddSpec(std::int32_t id, const ice_json::array& fields, IcebergMetadata* table) {
  IcebergSpec& spec = table->specs[id];
  for (const ice_json::value& one : fields) {
    IcebergPartitionField& field = spec.emplace_back();
    const ice_json::object* described = one.if_object();
    if (!described) continue;
    field.name = TextPart(*described, "name").value_or("");
    field.source = static_cast<std::int32_t>(WholeOf(*described, "source-id").value_or(0));
    ReadTransform(TextPart(*described, "transform").value_or(""), &field);
  }
}

Result<void> ReadSnapshots(const ice_json::object& metadata, IcebergMetadata* table) {
  for (const ice_json::value& one : ListPart(metadata, "snapshots")) {
    const ice_json::object* described = one.if_object();
    const auto id = described ? WholeOf(*described, "snapshot-id") : std::nullopt;
    if (!id) return Invalid("a snapshot has no id");
    IcebergSnapshot& snapshot = table->snapshots[*id];
    snapshot.id = *id;
    snapshot.parent = WholeOf(*described, "parent-snapshot-id");
    snapshot.committed_ms = WholeOf(*described, "timestamp-ms").value_or(0);
    // Absent: a snapshot of version 1 that lists its manifests itself.
    snapshot.manifest_list = TextPart(*described, "manifest-list").value_or("");
    const ice_json::value* summary = Part(*described, "summary");
    if (!summary || !summary->is_object()) continue;
    for (const auto& [key, value] : summary->get_object()) {
      if (value.is_string()) snapshot.summary[std::string(key)] = std::string(value.get_string());
    }
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

Result<void> ReadRefs(const ice_json::object& metadata, IcebergMetadata* table) {
  const ice_json::value* refs = Part(metadata, "refs");
  if (refs && !refs->is_object()) return Invalid("the branches and tags are no object");
  if (refs) {
    for (const auto& [name, one] : refs->get_object()) {
      const ice_json::object* described = one.if_object();
      const auto snapshot = described ? WholeOf(*described, "snapshot-id") : std::nullopt;
      if (!snapshot) return Invalid("a branch or tag has no snapshot");
      table->refs[std::string(name)] = {TextPart(*described, "type").value_or("branch"), *snapshot,
                                        WholeOf(*described, "max-ref-age-ms"), WholeOf(*described, "min-snapshots-to-keep"),
                                        WholeOf(*described, "max-snapshot-age-ms")};
    }
  }
  // The main branch is the current snapshot, named or not.
  if (table->current_snapshot && !table->refs.contains("main"))
    table->refs["main"] = {"branch", *table->current_snapshot, {}, {}, {}};
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
  TRY(ReadSchemas(metadata, &table));
  for (const ice_json::value& one : ListPart(metadata, "partition-specs")) {
    const ice_json::object* spec = one.if_object();
    const auto id = spec ? WholeOf(*spec, "spec-id") : std::nullopt;
    if (id) AddSpec(static_cast<std::int32_t>(*id), ListPart(*spec, "fields"), &table);
  }
  if (!Part(metadata, "partition-specs")) AddSpec(0, ListPart(metadata, "partition-spec"), &table);
  TRY(ReadSnapshots(metadata, &table));
  TRY(ReadRefs(metadata, &table));
  return table;
}

}  // namespace hanse::engine
