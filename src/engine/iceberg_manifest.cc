#include "engine/iceberg_manifest.h"

#include <algorithm>

#include "base/text.h"
#include "engine/avro_value.h"

namespace hanse::engine {

namespace {

constexpr std::size_t kManifestsMax = 20'000;
constexpr std::size_t kEntriesMax = 1'000'000;             // Of a manifest.
constexpr std::int64_t kCountMax = std::int64_t{1} << 48;  // Of rows and bytes: whoever claims more cannot make a sum overflow.
constexpr std::int64_t kDeletedEntry = 2, kDeleteManifest = 1;
// Field ids of a position delete file's paths (specification, "Reserved Field IDs").
constexpr std::int32_t kFilePathField = 2147483546;

// The branch of a union; nothing where it is null.
std::optional<avro_value_t> Inside(avro_value_t field) {
  avro_value_t inside;
  if (avro_value_get_type(&field) == AVRO_UNION) {
    if (avro_value_get_current_branch(&field, &inside) != 0) return std::nullopt;
    field = inside;
  }
  if (avro_value_get_type(&field) == AVRO_NULL) return std::nullopt;
  return field;
}

std::optional<avro_value_t> FieldNamed(const avro_value_t& record, const char* name) {
  avro_value_t field;
  if (avro_value_get_type(&record) != AVRO_RECORD || avro_value_get_by_name(&record, name, &field, nullptr) != 0)
    return std::nullopt;
  return Inside(field);
}

std::optional<std::int64_t> NumberOf(const std::optional<avro_value_t>& field) {
  std::int32_t small = 0;
  std::int64_t large = 0;
  int truth = 0;
  if (!field) return std::nullopt;
  switch (avro_value_get_type(&*field)) {
    case AVRO_INT32: return avro_value_get_int(&*field, &small) == 0 ? std::optional<std::int64_t>(small) : std::nullopt;
    case AVRO_INT64: return avro_value_get_long(&*field, &large) == 0 ? std::optional(large) : std::nullopt;
    case AVRO_BOOLEAN: return avro_value_get_boolean(&*field, &truth) == 0 ? std::optional<std::int64_t>(truth) : std::nullopt;
    default: return std::nullopt;
  }
}

std::optional<std::int64_t> NumberNamed(const avro_value_t& record, const char* name) { return NumberOf(FieldNamed(record, name)); }

std::optional<std::string> BytesNamed(const avro_value_t& record, const char* name) {
  auto field = FieldNamed(record, name);
  std::string_view bytes;
  if (!field || !AvroBytes(*field, &bytes)) return std::nullopt;
  return std::string(bytes);
}

void EachElement(const avro_value_t& record, const char* name, const std::function<void(const avro_value_t&)>& take) {
  auto list = FieldNamed(record, name);
  std::size_t size = 0;
  if (!list || avro_value_get_type(&*list) != AVRO_ARRAY || avro_value_get_size(&*list, &size) != 0) return;
  for (std::size_t i = 0; i < size; ++i) {
    avro_value_t element;
    if (avro_value_get_by_index(&*list, i, &element, nullptr) != 0) return;
    take(element);
  }
}

std::vector<std::int64_t> NumbersNamed(const avro_value_t& record, const char* name) {
  std::vector<std::int64_t> numbers;
  EachElement(record, name, [&](const avro_value_t& element) {
    if (auto number = NumberOf(Inside(element))) numbers.push_back(*number);
  });
  return numbers;
}

// Maps from field ids, which Avro has as lists of pairs. `wanted`: of these fields alone.
std::map<std::int32_t, std::string> BytesByField(const avro_value_t& record, const char* name,
                                                 const std::set<std::int32_t>* wanted) {
  std::map<std::int32_t, std::string> values;
  EachElement(record, name, [&](const avro_value_t& pair) {
    auto key = NumberNamed(pair, "key");
    if (!key || (wanted && !wanted->contains(static_cast<std::int32_t>(*key)))) return;
    if (auto value = BytesNamed(pair, "value")) values[static_cast<std::int32_t>(*key)] = *std::move(value);
  });
  return values;
}

std::map<std::int32_t, std::int64_t> NumbersByField(const avro_value_t& record, const char* name) {
  std::map<std::int32_t, std::int64_t> values;
  EachElement(record, name, [&](const avro_value_t& pair) {
    auto key = NumberNamed(pair, "key"), value = NumberNamed(pair, "value");
    if (key && value) values[static_cast<std::int32_t>(*key)] = *value;
  });
  return values;
}

[[noreturn]] void BadManifest(const std::string& place) {
  throw duckdb::InvalidInputException("ICEBERG_BAD_DATA: '%s' cannot be read as a manifest", place);
}

IcebergPartitionValue PartitionValueOf(const std::optional<avro_value_t>& field) {
  if (!field) return std::monostate();
  float single = 0;
  double number = 0;
  std::string_view bytes;
  if (auto whole = NumberOf(field)) return *whole;
  if (avro_value_get_type(&*field) == AVRO_FLOAT && avro_value_get_float(&*field, &single) == 0) return static_cast<double>(single);
  if (avro_value_get_type(&*field) == AVRO_DOUBLE && avro_value_get_double(&*field, &number) == 0) return number;
  if (AvroBytes(*field, &bytes)) return std::string(bytes);
  return std::monostate();
}

IcebergManifest ManifestOf(const avro_value_t& entry, const std::string& list) {
  auto place = BytesNamed(entry, "manifest_path");
  auto spec = NumberNamed(entry, "partition_spec_id");
  if (!place || !spec) BadManifest(list);
  IcebergManifest manifest;
  manifest.place = *std::move(place);
  manifest.bytes = NumberNamed(entry, "manifest_length").value_or(0);
  manifest.spec = static_cast<std::int32_t>(*spec);
  manifest.deletes = NumberNamed(entry, "content").value_or(0) == kDeleteManifest;
  manifest.sequence = NumberNamed(entry, "sequence_number").value_or(0);
  manifest.added_snapshot = NumberNamed(entry, "added_snapshot_id");
  auto count = [&](const char* name, const char* old_name) {
    auto found = NumberNamed(entry, name);
    return found ? found : NumberNamed(entry, old_name);
  };
  manifest.added = {count("added_files_count", "added_data_files_count"), NumberNamed(entry, "added_rows_count")};
  manifest.existing = {count("existing_files_count", "existing_data_files_count"), NumberNamed(entry, "existing_rows_count")};
  manifest.deleted = {count("deleted_files_count", "deleted_data_files_count"), NumberNamed(entry, "deleted_rows_count")};
  EachElement(entry, "partitions", [&](const avro_value_t& one) {
    IcebergSummary& summary = manifest.partitions.emplace_back();
    summary.has_null = NumberNamed(one, "contains_null").value_or(1) != 0;
    if (auto nan = NumberNamed(one, "contains_nan")) summary.has_nan = *nan != 0;
    summary.lower = BytesNamed(one, "lower_bound");
    summary.upper = BytesNamed(one, "upper_bound");
  });
  return manifest;
}

IcebergFileDetails DetailsOf(const avro_value_t& described) {
  return {NumbersByField(described, "column_sizes"),        NumbersByField(described, "value_counts"),
          NumbersByField(described, "null_value_counts"),   NumbersByField(described, "nan_value_counts"),
          BytesByField(described, "lower_bounds", nullptr), BytesByField(described, "upper_bounds", nullptr),
          NumbersNamed(described, "split_offsets"),         BytesNamed(described, "key_metadata")};
}

void CheckFormat(const IcebergFile& file) {
  if (EqualsIgnoreCase(file.format, "parquet")) return;
  if (EqualsIgnoreCase(file.format, "puffin")) {
    throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg tables with deletion vectors (Puffin files)");
  }
  throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg tables with files that are not Parquet");
}

void ReadPartition(const avro_value_t& described, IcebergFile* file) {
  auto partition = FieldNamed(described, "partition");
  std::size_t fields = 0;
  if (!partition || avro_value_get_type(&*partition) != AVRO_RECORD || avro_value_get_size(&*partition, &fields) != 0) return;
  for (std::size_t i = 0; i < fields; ++i) {
    avro_value_t field;
    if (avro_value_get_by_index(&*partition, i, &field, nullptr) != 0) return;
    file->partition.push_back(PartitionValueOf(Inside(field)));
  }
}

IcebergFile FileOf(const avro_value_t& described, const IcebergManifest& manifest, const IcebergEntryParts& parts) {
  auto place = BytesNamed(described, "file_path"), format = BytesNamed(described, "file_format");
  const std::int64_t content = NumberNamed(described, "content").value_or(0);
  if (!place || !format || content < 0 || content > 2) BadManifest(manifest.place);
  IcebergFile file;
  file.content = static_cast<IcebergContent>(content);
  if ((file.content != IcebergContent::kData) != manifest.deletes) BadManifest(manifest.place);
  file.place = *std::move(place);
  file.format = *std::move(format);
  if (!parts.details) CheckFormat(file);
  auto count = [&](const char* name) { return std::clamp<std::int64_t>(NumberNamed(described, name).value_or(0), 0, kCountMax); };
  file.bytes = static_cast<std::uint64_t>(count("file_size_in_bytes"));
  file.rows = count("record_count");
  file.spec = manifest.spec;
  ReadPartition(described, &file);
  if (parts.details) file.details = DetailsOf(described);
  for (std::int64_t id : NumbersNamed(described, "equality_ids")) file.equality_ids.push_back(static_cast<std::int32_t>(id));
  file.referenced_data_file = BytesNamed(described, "referenced_data_file").value_or("");
  static const std::set<std::int32_t> kPaths = {kFilePathField};
  const std::set<std::int32_t>& wanted = file.content == IcebergContent::kPositionDeletes ? kPaths : parts.bounds;
  if (wanted.empty()) return file;
  auto upper = BytesByField(described, "upper_bounds", &wanted);
  for (auto& [field, lower] : BytesByField(described, "lower_bounds", &wanted)) {
    if (auto found = upper.find(field); found != upper.end()) file.bounds[field] = {lower, found->second};
  }
  return file;
}

// Calls `take` with each record; what the Avro reader says of a broken file is said of `place`.
void EachRecord(duckdb::ClientContext& context, const std::string& path, const std::string& place,
                const std::function<void(const avro_value_t&)>& take) {
  std::unique_ptr<AvroFile> file;
  auto next = [&]() -> const avro_value_t* {
    try {
      if (!file) file = std::make_unique<AvroFile>(context, path);
      return file->Next();
    } catch (const duckdb::InvalidInputException&) {
      BadManifest(place);
    }
  };
  while (const avro_value_t* record = next()) {
    if (context.interrupted) throw duckdb::InterruptException();
    take(*record);
  }
}

}  // namespace

std::vector<IcebergManifest> ReadIcebergManifestList(duckdb::ClientContext& context, const std::string& path,
                                                     const std::string& place) {
  std::vector<IcebergManifest> manifests;
  EachRecord(context, path, place, [&](const avro_value_t& entry) {
    manifests.push_back(ManifestOf(entry, place));
    if (manifests.size() > kManifestsMax)
      throw duckdb::InvalidInputException("ICEBERG_TOO_LARGE: '%s' lists too many manifests", place);
  });
  return manifests;
}

void ReadIcebergManifest(duckdb::ClientContext& context, const std::string& path, const IcebergManifest& manifest,
                         const IcebergEntryParts& parts, const std::function<void(IcebergFile)>& take) {
  std::size_t entries = 0;
  EachRecord(context, path, manifest.place, [&](const avro_value_t& entry) {
    if (++entries > kEntriesMax) throw duckdb::InvalidInputException("ICEBERG_TOO_LARGE: '%s' has too many files", manifest.place);
    auto status = NumberNamed(entry, "status");
    auto described = FieldNamed(entry, "data_file");
    if (!status || !described) BadManifest(manifest.place);
    if (*status == kDeletedEntry) return;
    IcebergFile file = FileOf(*described, manifest, parts);
    file.sequence = NumberNamed(entry, "sequence_number").value_or(manifest.sequence);
    take(std::move(file));
  });
}

}  // namespace hanse::engine
