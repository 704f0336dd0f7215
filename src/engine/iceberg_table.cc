#include "engine/iceberg_table.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "duckdb/common/file_system.hpp"
#include "duckdb/parser/expression/constant_expression.hpp"
#include "duckdb/planner/expression/list.hpp"
#include "engine/iceberg_manifest.h"
#include "engine/iceberg_metadata.h"
#include "engine/object_files.h"

namespace hanse::engine {

using duckdb::ExpressionType;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;

namespace {

constexpr std::uint64_t kMetadataBytesMax = 64 << 20;
constexpr std::size_t kPlacesAtOnce = 10'000;

std::string ReadObject(duckdb::ClientContext& context, const std::string& path) {
  auto file = duckdb::FileSystem::GetFileSystem(context).OpenFile(path, duckdb::FileFlags::FILE_FLAGS_READ);
  const auto size = static_cast<std::uint64_t>(file->GetFileSize());
  if (size > kMetadataBytesMax) throw duckdb::InvalidInputException("ICEBERG_TOO_LARGE: a metadata file is too large");
  std::string bytes(size, '\0');
  file->Read(bytes.data(), bytes.size(), 0);
  return bytes;
}

// The objects at these places, as the server numbers them; who may not read one is told when it is opened.
std::vector<std::uint64_t> Locate(Session& session, std::uint64_t metadata, const std::vector<std::string>& places) {
  std::vector<std::uint64_t> objects;
  for (std::size_t begin = 0; begin < places.size(); begin += kPlacesAtOnce) {
    const std::size_t end = std::min(places.size(), begin + kPlacesAtOnce);
    auto located = session.server.Locate(
        metadata, {places.begin() + static_cast<std::ptrdiff_t>(begin), places.begin() + static_cast<std::ptrdiff_t>(end)});
    if (!located) throw duckdb::InvalidInputException("%s", located.error().message);
    objects.insert(objects.end(), located->begin(), located->end());
  }
  return objects;
}

duckdb::MultiFileColumnDefinition ById(const IcebergField& field) {
  duckdb::MultiFileColumnDefinition column(field.name, field.type);
  column.default_expression = duckdb::make_uniq<duckdb::ConstantExpression>(Value(field.type));
  column.identifier = Value::INTEGER(field.id);
  for (const IcebergField& child : field.children) column.children.push_back(ById(child));
  return column;
}

template <class T>
std::optional<T> Little(const std::string& bytes) {
  T value;
  if (bytes.size() != sizeof value) return std::nullopt;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

// "Single-value serialization" of the specification; of types whose order is plain. A column that was int once has short bounds.
std::optional<Value> SingleValue(const std::string& bytes, const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::INTEGER:
      if (auto value = Little<std::int32_t>(bytes)) return Value::INTEGER(*value);
      return std::nullopt;
    case LogicalTypeId::BIGINT:
      if (auto value = Little<std::int64_t>(bytes)) return Value::BIGINT(*value);
      if (auto value = Little<std::int32_t>(bytes)) return Value::BIGINT(*value);
      return std::nullopt;
    case LogicalTypeId::DATE:
      if (auto value = Little<std::int32_t>(bytes)) return Value::DATE(duckdb::date_t(*value));
      return std::nullopt;
    case LogicalTypeId::TIMESTAMP:
      if (auto value = Little<std::int64_t>(bytes)) return Value::TIMESTAMP(duckdb::timestamp_t(*value));
      return std::nullopt;
    case LogicalTypeId::VARCHAR:
      if (Value::StringIsValid(bytes.data(), bytes.size())) return Value(bytes);
      return std::nullopt;
    default: return std::nullopt;
  }
}

std::int64_t TimeOf(const Value& value) {
  Value moment;
  std::string error;
  if (value.type().id() == LogicalTypeId::TIMESTAMP_TZ) {
    return duckdb::Timestamp::GetEpochMs(duckdb::timestamp_t(value.GetValueUnsafe<std::int64_t>()));
  }
  if (value.IsNull() || !value.DefaultTryCastAs(LogicalType::TIMESTAMP, moment, &error, true)) {
    throw duckdb::InvalidInputException("INVALID_ARGUMENTS: the moment of FOR TIMESTAMP AS OF is none");
  }
  return duckdb::Timestamp::GetEpochMs(moment.GetValue<duckdb::timestamp_t>());
}

std::optional<std::int64_t> SnapshotWanted(const IcebergMetadata& table, duckdb::optional_ptr<duckdb::BoundAtClause> at) {
  if (!at) return table.current_snapshot;
  std::optional<std::int64_t> wanted;
  if (EqualsIgnoreCase(at->Unit(), "timestamp")) {
    wanted = table.SnapshotAt(TimeOf(at->GetValue()));
  } else {
    Value number;
    std::string error;
    if (!at->GetValue().IsNull() && at->GetValue().type().IsIntegral() &&
        at->GetValue().DefaultTryCastAs(LogicalType::BIGINT, number, &error, true)) {
      wanted = number.GetValue<std::int64_t>();
    } else {
      throw duckdb::NotImplementedException("NOT_SUPPORTED: FOR VERSION AS OF anything but the number of a snapshot");
    }
  }
  if (!wanted || !table.snapshots.contains(*wanted)) {
    throw duckdb::InvalidInputException("INVALID_ARGUMENTS: the Iceberg table has no such version");
  }
  return wanted;
}

class Planner {
 public:
  Planner(duckdb::ClientContext& context, Session& session, TableSource source)
      : context_(context), session_(session), source_(std::move(source)), metadata_object_(source_.files.at(0).object) {}

  PlannedIceberg Plan(duckdb::optional_ptr<duckdb::BoundAtClause> at) {
    auto parsed = ParseIcebergMetadata(ReadObject(context_, PathOf(metadata_object_)));
    if (!parsed) throw duckdb::InvalidInputException("%s", parsed.error().message);
    table_ = *std::move(parsed);
    const auto snapshot = SnapshotWanted(table_, at);
    TakeColumns();
    source_.files.clear();
    if (snapshot) AddFiles(DataFilesOf(table_.snapshots.at(*snapshot)));
    source_.format = DataFormat::kParquet;
    return {std::move(source_), std::move(scan_)};
  }

 private:
  std::string PathOf(std::uint64_t object) const { return ObjectPath(session_.nonce, 0, object); }

  // Columns that were dropped stay in the catalog: whoever may see them sees nothing more of them.
  void TakeColumns() {
    source_.columns.clear();
    source_.keys.clear();
    for (const IcebergField& field : table_.columns) {
      source_.columns.push_back({field.name, ""});
      scan_->columns.push_back(ById(field));
    }
    std::erase_if(source_.visible, [&](const std::string& name) {
      return std::ranges::none_of(table_.columns, [&](const IcebergField& field) { return EqualsIgnoreCase(field.name, name); });
    });
  }

  std::vector<IcebergDataFile> DataFilesOf(const IcebergSnapshot& snapshot) {
    if (snapshot.manifest_list.empty()) {
      throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg snapshots without a manifest list");
    }
    const auto list = Locate(session_, metadata_object_, {snapshot.manifest_list});
    const auto manifests = ReadIcebergManifestList(context_, PathOf(list.at(0)));
    std::vector<std::string> places;
    for (const IcebergManifest& manifest : manifests) places.push_back(manifest.place);
    const auto objects = Locate(session_, metadata_object_, places);
    std::vector<IcebergDataFile> files;
    for (std::size_t i = 0; i < manifests.size(); ++i) ReadIcebergManifest(context_, PathOf(objects.at(i)), manifests[i], &files);
    return files;
  }

  void AddFiles(const std::vector<IcebergDataFile>& files) {
    std::vector<std::string> places;
    for (const IcebergDataFile& file : files) places.push_back(file.place);
    const auto objects = Locate(session_, metadata_object_, places);
    for (std::size_t i = 0; i < files.size(); ++i) {
      FileSource file;
      file.object = objects.at(i);
      file.bytes = files[i].bytes;
      source_.files.push_back(std::move(file));
      auto partition = table_.identity_fields.find(files[i].spec);
      scan_->partition_fields.push_back(partition == table_.identity_fields.end() ? std::set<std::int32_t>() : partition->second);
      auto& ranges = scan_->ranges.emplace_back();
      for (duckdb::idx_t column = 0; column < table_.columns.size(); ++column) {
        auto bounds = files[i].bounds.find(table_.columns[column].id);
        if (bounds == files[i].bounds.end()) continue;
        auto least = SingleValue(bounds->second.lower, table_.columns[column].type);
        auto greatest = SingleValue(bounds->second.upper, table_.columns[column].type);
        if (least && greatest) ranges[column] = {*std::move(least), *std::move(greatest)};
      }
    }
  }

  duckdb::ClientContext& context_;
  Session& session_;
  TableSource source_;
  const std::uint64_t metadata_object_;
  IcebergMetadata table_;
  std::shared_ptr<IcebergScan> scan_ = std::make_shared<IcebergScan>();
};

// Whether some value between these may stand in `comparison` with the constant.
bool MayCompare(const IcebergScan::Range& range, ExpressionType comparison, const Value& constant) {
  switch (comparison) {
    case ExpressionType::COMPARE_EQUAL: return range.least <= constant && constant <= range.greatest;
    case ExpressionType::COMPARE_LESSTHAN: return range.least < constant;
    case ExpressionType::COMPARE_LESSTHANOREQUALTO: return range.least <= constant;
    case ExpressionType::COMPARE_GREATERTHAN: return range.greatest > constant;
    case ExpressionType::COMPARE_GREATERTHANOREQUALTO: return range.greatest >= constant;
    default: return true;
  }
}

}  // namespace

bool IcebergScan::MayHold(duckdb::idx_t file, const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters,
                          const std::function<duckdb::optional_idx(const duckdb::Expression&)>& column_of) const {
  for (const auto& filter : filters) {
    if (filter->GetExpressionClass() != duckdb::ExpressionClass::BOUND_COMPARISON) continue;
    const auto& comparison = filter->Cast<duckdb::BoundComparisonExpression>();
    const bool turned = comparison.left->GetExpressionClass() == duckdb::ExpressionClass::BOUND_CONSTANT;
    const auto& column = turned ? *comparison.right : *comparison.left;
    const auto& constant = turned ? *comparison.left : *comparison.right;
    if (column.GetExpressionClass() != duckdb::ExpressionClass::BOUND_COLUMN_REF ||
        constant.GetExpressionClass() != duckdb::ExpressionClass::BOUND_CONSTANT) {
      continue;
    }
    const auto at = column_of(column);
    const auto& value = constant.Cast<duckdb::BoundConstantExpression>().value;
    auto range = at.IsValid() ? ranges[file].find(at.GetIndex()) : ranges[file].end();
    if (range == ranges[file].end() || value.IsNull() || value.type() != range->second.least.type()) continue;
    const ExpressionType type = filter->GetExpressionType();
    if (!MayCompare(range->second, turned ? duckdb::FlipComparisonExpression(type) : type, value)) return false;
  }
  return true;
}

PlannedIceberg PlanIceberg(duckdb::ClientContext& context, Session& session, TableSource source,
                           duckdb::optional_ptr<duckdb::BoundAtClause> at) {
  if (source.files.size() != 1) throw duckdb::InternalException("an Iceberg table without its metadata");
  return Planner(context, session, std::move(source)).Plan(at);
}

}  // namespace hanse::engine
