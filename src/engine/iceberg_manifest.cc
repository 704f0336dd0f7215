#include "engine/iceberg_manifest.h"

#include <optional>

#include "base/text.h"
#include "engine/avro_value.h"

namespace hanse::engine {

namespace {

constexpr std::size_t kDataFilesMax = 200'000;
constexpr std::size_t kManifestsMax = 20'000;
constexpr std::int64_t kDeletedEntry = 2, kDataContent = 0;

// A field that is there and not null, through the branch of a union.
std::optional<avro_value_t> FieldNamed(const avro_value_t& record, const char* name) {
  avro_value_t field, inside;
  if (avro_value_get_type(&record) != AVRO_RECORD || avro_value_get_by_name(&record, name, &field, nullptr) != 0)
    return std::nullopt;
  if (avro_value_get_type(&field) == AVRO_UNION) {
    if (avro_value_get_current_branch(&field, &inside) != 0) return std::nullopt;
    field = inside;
  }
  if (avro_value_get_type(&field) == AVRO_NULL) return std::nullopt;
  return field;
}

std::optional<std::int64_t> NumberNamed(const avro_value_t& record, const char* name) {
  auto field = FieldNamed(record, name);
  std::int32_t small = 0;
  std::int64_t large = 0;
  if (field && avro_value_get_type(&*field) == AVRO_INT32 && avro_value_get_int(&*field, &small) == 0) return small;
  if (field && avro_value_get_type(&*field) == AVRO_INT64 && avro_value_get_long(&*field, &large) == 0) return large;
  return std::nullopt;
}

std::optional<std::string> BytesNamed(const avro_value_t& record, const char* name) {
  auto field = FieldNamed(record, name);
  std::string_view bytes;
  if (!field || !AvroBytes(*field, &bytes)) return std::nullopt;
  return std::string(bytes);
}

// A map from field ids, which Avro has as a list of pairs.
std::map<std::int32_t, std::string> BytesByField(const avro_value_t& record, const char* name) {
  std::map<std::int32_t, std::string> values;
  auto list = FieldNamed(record, name);
  std::size_t size = 0;
  if (!list || avro_value_get_type(&*list) != AVRO_ARRAY || avro_value_get_size(&*list, &size) != 0) return values;
  for (std::size_t i = 0; i < size; ++i) {
    avro_value_t pair;
    if (avro_value_get_by_index(&*list, i, &pair, nullptr) != 0) break;
    auto key = NumberNamed(pair, "key");
    auto value = BytesNamed(pair, "value");
    if (key && value) values[static_cast<std::int32_t>(*key)] = std::move(*value);
  }
  return values;
}

[[noreturn]] void BadManifest() { throw duckdb::InvalidInputException("ICEBERG_BAD_DATA: a manifest cannot be read"); }

IcebergDataFile DataFileOf(const avro_value_t& described, std::int32_t spec) {
  if (NumberNamed(described, "content").value_or(kDataContent) != kDataContent) {
    throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg tables with deletes by row");
  }
  auto place = BytesNamed(described, "file_path"), format = BytesNamed(described, "file_format");
  if (!place || !format) BadManifest();
  if (!EqualsIgnoreCase(*format, "parquet")) {
    throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg tables with files that are not Parquet");
  }
  IcebergDataFile file{*std::move(place), 0, spec, {}};
  file.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, NumberNamed(described, "file_size_in_bytes").value_or(0)));
  auto upper = BytesByField(described, "upper_bounds");
  for (auto& [field, lower] : BytesByField(described, "lower_bounds")) {
    if (auto found = upper.find(field); found != upper.end()) file.bounds[field] = {lower, found->second};
  }
  return file;
}

}  // namespace

std::vector<IcebergManifest> ReadIcebergManifestList(duckdb::ClientContext& context, const std::string& path) {
  std::vector<IcebergManifest> manifests;
  AvroFile list(context, path);
  while (const avro_value_t* entry = list.Next()) {
    auto place = BytesNamed(*entry, "manifest_path");
    auto spec = NumberNamed(*entry, "partition_spec_id");
    if (!place || !spec) BadManifest();
    manifests.push_back({*std::move(place), static_cast<std::int32_t>(*spec)});
    if (manifests.size() > kManifestsMax)
      throw duckdb::InvalidInputException("ICEBERG_TOO_LARGE: a snapshot has too many manifests");
  }
  return manifests;
}

void ReadIcebergManifest(duckdb::ClientContext& context, const std::string& path, const IcebergManifest& manifest,
                         std::vector<IcebergDataFile>* files) {
  AvroFile entries(context, path);
  while (const avro_value_t* entry = entries.Next()) {
    if (context.interrupted) throw duckdb::InterruptException();
    auto status = NumberNamed(*entry, "status");
    auto described = FieldNamed(*entry, "data_file");
    if (!status || !described) BadManifest();
    if (*status == kDeletedEntry) continue;
    files->push_back(DataFileOf(*described, manifest.spec));
    if (files->size() > kDataFilesMax) throw duckdb::InvalidInputException("ICEBERG_TOO_LARGE: a snapshot has too many files");
  }
}

}  // namespace hanse::engine
