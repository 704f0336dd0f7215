#include "engine/iceberg_table.h"

#include <algorithm>

#include "base/text.h"
#include "duckdb/common/file_system.hpp"
#include "engine/object_files.h"

namespace hanse::engine {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

namespace {

constexpr std::uint64_t kMetadataBytesMax = 64 << 20;
constexpr std::size_t kPlacesAtOnce = 10'000;
constexpr std::size_t kDataFilesMax = 200'000;
constexpr std::size_t kDeleteFilesMax = 100'000;
constexpr std::int64_t kRowsOfManifestMax = std::int64_t{1} << 40;  // For estimates, which must not overflow.

[[noreturn]] void TooManyFiles() {
  throw duckdb::InvalidInputException("ICEBERG_TOO_LARGE: a query reads too many files of a table");
}

std::int64_t TimeOf(const Value& value) {
  Value moment;
  std::string error;
  if (value.type().id() == LogicalTypeId::TIMESTAMP_TZ && !value.IsNull()) {
    return duckdb::Timestamp::GetEpochMs(duckdb::timestamp_t(value.GetValueUnsafe<std::int64_t>()));
  }
  if (value.IsNull() || !value.DefaultTryCastAs(LogicalType::TIMESTAMP, moment, &error, true)) {
    throw duckdb::InvalidInputException("INVALID_ARGUMENTS: the moment of FOR TIMESTAMP AS OF is none");
  }
  return duckdb::Timestamp::GetEpochMs(moment.GetValue<duckdb::timestamp_t>());
}

// The number of a snapshot, or the name of a branch or tag.
std::optional<std::int64_t> VersionOf(const IcebergMetadata& table, const Value& version) {
  Value number;
  std::string error;
  if (!version.IsNull() && version.type().id() == LogicalTypeId::VARCHAR) {
    auto ref = table.refs.find(duckdb::StringValue::Get(version));
    return ref == table.refs.end() ? std::nullopt : std::optional(ref->second.snapshot);
  }
  if (version.IsNull() || !version.type().IsIntegral() || !version.DefaultTryCastAs(LogicalType::BIGINT, number, &error, true)) {
    throw duckdb::InvalidInputException(
        "INVALID_ARGUMENTS: FOR VERSION AS OF takes the number of a snapshot or the name of a branch or tag");
  }
  return number.GetValue<std::int64_t>();
}

std::optional<std::int64_t> SnapshotWanted(const IcebergMetadata& table, duckdb::optional_ptr<duckdb::BoundAtClause> at) {
  if (!at) return table.current_snapshot;
  const bool by_time = EqualsIgnoreCase(at->Unit(), "timestamp");
  const auto wanted = by_time ? table.SnapshotAt(TimeOf(at->GetValue())) : VersionOf(table, at->GetValue());
  if (!wanted || !table.snapshots.contains(*wanted)) {
    throw duckdb::InvalidInputException("INVALID_ARGUMENTS: the Iceberg table has no such version");
  }
  return wanted;
}

template <class Part>
bool AllMayHold(const std::vector<IcebergCondition>& conditions, const Part& part, const IcebergMetadata& metadata) {
  return std::ranges::all_of(conditions, [&](const IcebergCondition& condition) { return MayHold(condition, part, metadata); });
}

}  // namespace

std::vector<std::uint64_t> IcebergPlaces::Locate(const std::vector<std::string>& places) const {
  std::vector<std::uint64_t> objects;
  for (std::size_t begin = 0; begin < places.size(); begin += kPlacesAtOnce) {
    const std::size_t end = std::min(places.size(), begin + kPlacesAtOnce);
    auto located = session_.server.Locate(
        metadata_, {places.begin() + static_cast<std::ptrdiff_t>(begin), places.begin() + static_cast<std::ptrdiff_t>(end)});
    if (!located) throw duckdb::InvalidInputException("%s", located.error().message);
    objects.insert(objects.end(), located->begin(), located->end());
  }
  return objects;
}

std::string IcebergPlaces::PathOf(std::uint64_t object) const { return ObjectPath(session_.nonce, 0, object); }

IcebergTable::IcebergTable(duckdb::ClientContext& context, Session& session, std::uint64_t metadata_object,
                           IcebergMetadata metadata, std::optional<std::int64_t> snapshot, duckdb::TableFunction parquet)
    : context_(context),
      places_(session, metadata_object),
      metadata_(std::move(metadata)),
      parquet_(std::move(parquet)),
      deletes_(metadata_, {parquet_, [this](const std::string& place) { return places_.PathOf(place); },
                           session.job.limits.memory_bytes / 2}) {
  for (const IcebergField& field : metadata_.columns) columns_.push_back(IcebergColumn(field));
  if (snapshot) ReadManifests(metadata_.snapshots.at(*snapshot).manifest_list);
}

void IcebergTable::ReadManifests(const std::string& list) {
  if (list.empty()) throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg snapshots without a manifest list");
  manifests_ = ReadIcebergManifestList(context_, places_.PathOf(list), list);
  std::vector<std::string> places;
  for (const IcebergManifest& manifest : manifests_) {
    places.push_back(manifest.place);
    has_deletes_ = has_deletes_ || manifest.deletes;
  }
  manifest_objects_ = places_.Locate(places);
}

std::uint64_t IcebergTable::rows_about() const {
  std::int64_t rows = 0;
  for (const IcebergManifest& manifest : manifests_) {
    if (manifest.deletes) continue;
    for (const auto& count : {manifest.added.rows, manifest.existing.rows}) {
      rows += std::clamp<std::int64_t>(count.value_or(0), 0, kRowsOfManifestMax);
    }
  }
  return static_cast<std::uint64_t>(rows);
}

std::vector<IcebergFile> IcebergTable::FilesFor(const std::vector<IcebergCondition>& conditions) const {
  std::vector<IcebergFile> files;
  IcebergEntryParts parts;
  for (const IcebergCondition& condition : conditions) FieldsOfCondition(condition, &parts.bounds);
  for (std::size_t i = 0; i < manifests_.size(); ++i) {
    if (manifests_[i].deletes || !AllMayHold(conditions, manifests_[i], metadata_)) continue;
    ReadIcebergManifest(context_, places_.PathOf(manifest_objects_[i]), manifests_[i], parts, [&](IcebergFile file) {
      if (!AllMayHold(conditions, file, metadata_)) return;
      file.bounds.clear();
      files.push_back(std::move(file));
      if (files.size() > kDataFilesMax) TooManyFiles();
    });
  }
  return files;
}

void IcebergTable::ReadDeletes() {
  std::size_t count = 0;
  for (std::size_t i = 0; i < manifests_.size(); ++i) {
    if (!manifests_[i].deletes || deletes_read_) continue;
    ReadIcebergManifest(context_, places_.PathOf(manifest_objects_[i]), manifests_[i], {}, [&](IcebergFile file) {
      if (++count > kDeleteFilesMax) TooManyFiles();
      deletes_.Add(std::move(file));
    });
  }
  deletes_read_ = true;
}

std::vector<std::uint32_t> IcebergTable::Choose(const std::vector<IcebergCondition>& conditions) {
  std::vector<IcebergFile> files = FilesFor(conditions);
  std::lock_guard lock(mutex_);
  if (!files.empty()) ReadDeletes();
  std::vector<std::string> places;
  std::set<std::string_view> fresh_places;
  for (const IcebergFile& file : files) {
    if (!numbers_.contains(file.place) && fresh_places.insert(file.place).second) places.push_back(file.place);
  }
  const auto objects = places_.Locate(places);
  std::vector<std::uint32_t> chosen;
  std::size_t fresh = 0;
  for (IcebergFile& file : files) {
    auto [known, is_new] = numbers_.try_emplace(file.place, static_cast<std::uint32_t>(files_.size()));
    if (is_new) files_.push_back({std::move(file), objects.at(fresh++)});
    chosen.push_back(known->second);
  }
  return chosen;
}

const IcebergTable::Chosen& IcebergTable::At(duckdb::idx_t file) const {
  std::lock_guard lock(mutex_);
  return files_.at(file);
}

std::set<std::int32_t> IcebergTable::PartitionFieldsOf(duckdb::idx_t file) const {
  std::set<std::int32_t> fields;
  auto spec = metadata_.specs.find(At(file).file.spec);
  if (spec == metadata_.specs.end()) return fields;
  for (const IcebergPartitionField& field : spec->second) {
    if (field.transform == IcebergTransform::kIdentity) fields.insert(field.source);
  }
  return fields;
}

duckdb::unique_ptr<duckdb::DeleteFilter> IcebergTable::DeletedRowsOf(duckdb::ClientContext& context, duckdb::idx_t file) {
  if (!has_deletes_) return nullptr;
  const Chosen& chosen = At(file);
  return deletes_.RowsOf(context, chosen.file, places_.PathOf(chosen.object), PartitionFieldsOf(file));
}

const std::vector<std::uint32_t>& IcebergChoice::files() {
  std::lock_guard lock(mutex_);
  if (!files_) files_ = table_->Choose(conditions_);
  return *files_;
}

std::shared_ptr<IcebergChoice> IcebergChoice::With(std::vector<IcebergCondition> more) const {
  more.insert(more.end(), conditions_.begin(), conditions_.end());
  return std::make_shared<IcebergChoice>(table_, std::move(more));
}

IcebergMetadata ReadIcebergMetadata(duckdb::ClientContext& context, const IcebergPlaces& places, const TableSource& table) {
  const auto path = places.PathOf(places.metadata());
  auto file = duckdb::FileSystem::GetFileSystem(context).OpenFile(path, duckdb::FileFlags::FILE_FLAGS_READ);
  const auto size = static_cast<std::uint64_t>(file->GetFileSize());
  if (size > kMetadataBytesMax)
    throw duckdb::InvalidInputException("ICEBERG_TOO_LARGE: the metadata file of '%s' is too large", table.shown());
  std::string bytes(size, '\0');
  file->Read(bytes.data(), bytes.size(), 0);
  auto parsed = ParseIcebergMetadata(bytes);
  if (!parsed) throw duckdb::InvalidInputException("%s (table '%s')", parsed.error().message, table.shown());
  return *std::move(parsed);
}

PlannedIceberg PlanIceberg(duckdb::ClientContext& context, Session& session, TableSource source,
                           duckdb::optional_ptr<duckdb::BoundAtClause> at, const duckdb::TableFunction& parquet) {
  if (source.files.size() != 1) throw duckdb::InternalException("an Iceberg table without its metadata");
  const IcebergPlaces places(session, source.files[0].object);
  IcebergMetadata metadata = ReadIcebergMetadata(context, places, source);
  const auto snapshot = SnapshotWanted(metadata, at);
  source.files.clear();
  source.columns.clear();
  source.keys.clear();
  for (const IcebergField& field : metadata.columns) source.columns.push_back({field.name, ""});
  // Columns that were dropped stay in the catalog: whoever may see them sees nothing more of them.
  std::erase_if(source.visible, [&](const std::string& name) {
    return std::ranges::none_of(metadata.columns, [&](const IcebergField& field) { return EqualsIgnoreCase(field.name, name); });
  });
  source.format = DataFormat::kParquet;
  auto table = std::make_shared<IcebergTable>(context, session, places.metadata(), std::move(metadata), snapshot, parquet);
  return {std::move(source), std::move(table)};
}

}  // namespace hanse::engine
