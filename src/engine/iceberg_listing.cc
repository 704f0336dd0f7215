#include "engine/iceberg_listing.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "duckdb/catalog/catalog_entry/view_catalog_entry.hpp"
#include "duckdb/common/types/column/column_data_collection.hpp"
#include "duckdb/parser/expression/star_expression.hpp"
#include "duckdb/parser/parsed_data/create_view_info.hpp"
#include "duckdb/parser/query_node/select_node.hpp"
#include "duckdb/parser/statement/select_statement.hpp"
#include "duckdb/parser/tableref/column_data_ref.hpp"
#include "engine/iceberg_table.h"
#include "engine/iceberg_value.h"

namespace hanse::engine {

using duckdb::LogicalType;
using duckdb::Value;

namespace {

constexpr std::size_t kListedMax = 200'000;
constexpr std::int64_t kMomentMsMax = 253'402'300'799'999;

// Names and types of columns, then rows.
struct Listing {
  std::vector<std::pair<std::string, LogicalType>> columns;
  std::vector<duckdb::vector<Value>> rows;
};

// A view over rows that were read; owns them.
class ListingView final : public duckdb::ViewCatalogEntry {
 public:
  ListingView(duckdb::Catalog& catalog, duckdb::SchemaCatalogEntry& schema, duckdb::CreateViewInfo& info,
              std::unique_ptr<duckdb::ColumnDataCollection> rows)
      : ViewCatalogEntry(catalog, schema, info), rows_(std::move(rows)) {}
  duckdb::shared_ptr<duckdb::ViewColumnInfo> GetColumnInfo() const override { return nullptr; }
  void UpdateBinding(const duckdb::vector<LogicalType>&, const duckdb::vector<std::string>&) override {}

 private:
  const std::unique_ptr<duckdb::ColumnDataCollection> rows_;
};

template <class T>
Value OrNull(const std::optional<T>& value) {
  return value ? Value::BIGINT(*value) : Value(LogicalType::BIGINT);
}

Value Count(const std::optional<std::int64_t>& count) {
  return count ? Value::INTEGER(static_cast<std::int32_t>(std::min<std::int64_t>(*count, INT32_MAX))) : Value(LogicalType::INTEGER);
}

// NULL beyond the year 9999, which no commit has.
Value Moment(std::int64_t ms) {
  if (ms < -kMomentMsMax || ms > kMomentMsMax) return Value(LogicalType::TIMESTAMP_TZ);
  return Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(ms * 1000));
}

Value ShownText(const std::optional<Value>& value) { return value ? Value(value->ToString()) : Value(LogicalType::VARCHAR); }

const LogicalType& Texts() {
  static const LogicalType kTexts = LogicalType::MAP(LogicalType::VARCHAR, LogicalType::VARCHAR);
  return kTexts;
}

Value SummaryMap(const std::map<std::string, std::string>& texts) {
  duckdb::vector<Value> keys, values;
  for (const auto& [key, value] : texts) {
    keys.emplace_back(key);
    values.emplace_back(value);
  }
  return Value::MAP(LogicalType::VARCHAR, LogicalType::VARCHAR, std::move(keys), std::move(values));
}

template <class T>
Value MapByField(const std::map<std::int32_t, T>& values_by_field, const IcebergMetadata& table, const LogicalType& type,
                 const std::function<Value(const T&, const IcebergField&)>& of) {
  duckdb::vector<Value> keys, values;
  for (const auto& [id, value] : values_by_field) {
    // Of columns that were dropped nothing is shown.
    auto column = std::ranges::find_if(table.columns, [&](const IcebergField& field) { return field.id == id; });
    if (column == table.columns.end()) continue;
    keys.push_back(Value::INTEGER(id));
    values.push_back(of(value, *column));
  }
  return Value::MAP(LogicalType::INTEGER, type, std::move(keys), std::move(values));
}

Value NumbersMap(const std::map<std::int32_t, std::int64_t>& numbers, const IcebergMetadata& table) {
  return MapByField<std::int64_t>(numbers, table, LogicalType::BIGINT,
                                  [](const std::int64_t& number, const IcebergField&) { return Value::BIGINT(number); });
}

Value BoundsMap(const std::map<std::int32_t, std::string>& bounds, const IcebergMetadata& table) {
  return MapByField<std::string>(bounds, table, LogicalType::VARCHAR, [](const std::string& bytes, const IcebergField& field) {
    return ShownText(IcebergSingleValue(bytes, field.type));
  });
}

// Whether a snapshot is the current one or came before it.
bool IsCurrentAncestor(const IcebergMetadata& table, std::int64_t snapshot) {
  auto at = table.current_snapshot;
  for (std::size_t steps = 0; at && steps <= table.snapshots.size(); ++steps) {
    if (*at == snapshot) return true;
    auto found = table.snapshots.find(*at);
    at = found == table.snapshots.end() ? std::nullopt : found->second.parent;
  }
  return false;
}

Listing HistoryOf(const IcebergMetadata& table) {
  Listing listing{{{"made_current_at", LogicalType::TIMESTAMP_TZ},
                   {"snapshot_id", LogicalType::BIGINT},
                   {"parent_id", LogicalType::BIGINT},
                   {"is_current_ancestor", LogicalType::BOOLEAN}},
                  {}};
  for (const auto& [at, id] : table.log) {
    auto snapshot = table.snapshots.find(id);
    const auto parent = snapshot == table.snapshots.end() ? std::nullopt : snapshot->second.parent;
    listing.rows.push_back({Moment(at), Value::BIGINT(id), OrNull(parent), Value::BOOLEAN(IsCurrentAncestor(table, id))});
  }
  return listing;
}

Listing SnapshotsOf(const IcebergMetadata& table) {
  Listing listing{{{"committed_at", LogicalType::TIMESTAMP_TZ},
                   {"snapshot_id", LogicalType::BIGINT},
                   {"parent_id", LogicalType::BIGINT},
                   {"operation", LogicalType::VARCHAR},
                   {"manifest_list", LogicalType::VARCHAR},
                   {"summary", Texts()}},
                  {}};
  std::vector<const IcebergSnapshot*> snapshots;
  for (const auto& [id, snapshot] : table.snapshots) snapshots.push_back(&snapshot);
  std::ranges::stable_sort(snapshots, {}, [](const IcebergSnapshot* one) { return one->committed_ms; });
  for (const IcebergSnapshot* one : snapshots) {
    auto summary = one->summary;
    auto operation = summary.extract("operation");
    listing.rows.push_back({Moment(one->committed_ms), Value::BIGINT(one->id), OrNull(one->parent),
                            operation ? Value(operation.mapped()) : Value(LogicalType::VARCHAR), Value(one->manifest_list),
                            SummaryMap(summary)});
  }
  return listing;
}

Listing RefsOf(const IcebergMetadata& table) {
  Listing listing{{{"name", LogicalType::VARCHAR},
                   {"type", LogicalType::VARCHAR},
                   {"snapshot_id", LogicalType::BIGINT},
                   {"max_reference_age_in_ms", LogicalType::BIGINT},
                   {"min_snapshots_to_keep", LogicalType::INTEGER},
                   {"max_snapshot_age_in_ms", LogicalType::BIGINT}},
                  {}};
  for (const auto& [name, ref] : table.refs) {
    listing.rows.push_back({Value(name), Value(duckdb::StringUtil::Upper(ref.type)), Value::BIGINT(ref.snapshot),
                            OrNull(ref.max_reference_age_ms), Count(ref.min_snapshots), OrNull(ref.max_snapshot_age_ms)});
  }
  return listing;
}

// The manifests and files of the current snapshot.
class CurrentFiles {
 public:
  CurrentFiles(duckdb::ClientContext& context, const IcebergPlaces& places, const IcebergMetadata& table) : table_(table) {
    if (!table.current_snapshot) return;
    const std::string& list = table.snapshots.at(*table.current_snapshot).manifest_list;
    if (list.empty()) throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg snapshots without a manifest list");
    manifests_ = ReadIcebergManifestList(context, places.PathOf(list), list);
    read_files_ = [this, &context, &places](const std::function<void(IcebergFile)>& take) {
      std::vector<std::string> named;
      for (const IcebergManifest& manifest : manifests_) named.push_back(manifest.place);
      const auto objects = places.Locate(named);
      std::size_t listed = 0;
      for (std::size_t i = 0; i < manifests_.size(); ++i) {
        ReadIcebergManifest(context, places.PathOf(objects[i]), manifests_[i], {{}, true}, [&](IcebergFile file) {
          if (++listed > kListedMax) throw duckdb::InvalidInputException("ICEBERG_TOO_LARGE: the table has too many files to list");
          take(std::move(file));
        });
      }
    };
  }

  Listing Manifests() const {
    const LogicalType summary = LogicalType::STRUCT({{"contains_null", LogicalType::BOOLEAN},
                                                     {"contains_nan", LogicalType::BOOLEAN},
                                                     {"lower_bound", LogicalType::VARCHAR},
                                                     {"upper_bound", LogicalType::VARCHAR}});
    Listing listing{{{"path", LogicalType::VARCHAR},
                     {"length", LogicalType::BIGINT},
                     {"partition_spec_id", LogicalType::INTEGER},
                     {"added_snapshot_id", LogicalType::BIGINT},
                     {"added_data_files_count", LogicalType::INTEGER},
                     {"added_rows_count", LogicalType::BIGINT},
                     {"existing_data_files_count", LogicalType::INTEGER},
                     {"existing_rows_count", LogicalType::BIGINT},
                     {"deleted_data_files_count", LogicalType::INTEGER},
                     {"deleted_rows_count", LogicalType::BIGINT},
                     {"partition_summaries", LogicalType::LIST(summary)}},
                    {}};
    for (const IcebergManifest& one : manifests_) {
      duckdb::vector<Value> summaries;
      for (std::size_t i = 0; i < one.partitions.size(); ++i) summaries.push_back(SummaryOf(one, i));
      listing.rows.push_back({Value(one.place), Value::BIGINT(one.bytes), Value::INTEGER(one.spec), OrNull(one.added_snapshot),
                              Count(one.added.files), OrNull(one.added.rows), Count(one.existing.files), OrNull(one.existing.rows),
                              Count(one.deleted.files), OrNull(one.deleted.rows), Value::LIST(summary, std::move(summaries))});
    }
    return listing;
  }

  Listing Files() const {
    const LogicalType numbers = LogicalType::MAP(LogicalType::INTEGER, LogicalType::BIGINT);
    const LogicalType texts = LogicalType::MAP(LogicalType::INTEGER, LogicalType::VARCHAR);
    Listing listing{{{"content", LogicalType::INTEGER},
                     {"file_path", LogicalType::VARCHAR},
                     {"file_format", LogicalType::VARCHAR},
                     {"record_count", LogicalType::BIGINT},
                     {"file_size_in_bytes", LogicalType::BIGINT},
                     {"column_sizes", numbers},
                     {"value_counts", numbers},
                     {"null_value_counts", numbers},
                     {"nan_value_counts", numbers},
                     {"lower_bounds", texts},
                     {"upper_bounds", texts},
                     {"key_metadata", LogicalType::BLOB},
                     {"split_offsets", LogicalType::LIST(LogicalType::BIGINT)},
                     {"equality_ids", LogicalType::LIST(LogicalType::INTEGER)}},
                    {}};
    Each([&](const IcebergFile& file) {
      const IcebergFileDetails& details = *file.details;
      duckdb::vector<Value> offsets, ids;
      for (std::int64_t offset : details.split_offsets) offsets.push_back(Value::BIGINT(offset));
      for (std::int32_t id : file.equality_ids) ids.push_back(Value::INTEGER(id));
      listing.rows.push_back(
          {Value::INTEGER(static_cast<int>(file.content)), Value(file.place), Value(file.format), Value::BIGINT(file.rows),
           Value::BIGINT(static_cast<std::int64_t>(file.bytes)), NumbersMap(details.column_sizes, table_),
           NumbersMap(details.value_counts, table_), NumbersMap(details.null_counts, table_),
           NumbersMap(details.nan_counts, table_), BoundsMap(details.lower, table_), BoundsMap(details.upper, table_),
           details.key_metadata ? Value::BLOB_RAW(*details.key_metadata) : Value(LogicalType::BLOB),
           Value::LIST(LogicalType::BIGINT, std::move(offsets)), Value::LIST(LogicalType::INTEGER, std::move(ids))});
    });
    return listing;
  }

  void Each(const std::function<void(const IcebergFile&)>& take) const {
    if (read_files_) read_files_([&](const IcebergFile& file) { take(file); });
  }

 private:
  Value SummaryOf(const IcebergManifest& manifest, std::size_t i) const {
    const IcebergSummary& summary = manifest.partitions[i];
    std::optional<Value> lower, upper;
    auto spec = table_.specs.find(manifest.spec);
    if (spec != table_.specs.end() && i < spec->second.size()) {
      const IcebergPartitionField& field = spec->second[i];
      auto source = table_.fields.find(field.source);
      if (source != table_.fields.end()) {
        const LogicalType type = IcebergTransformed(field.transform, source->second.type);
        if (summary.lower) lower = IcebergSingleValue(*summary.lower, type);
        if (summary.upper) upper = IcebergSingleValue(*summary.upper, type);
      }
    }
    return Value::STRUCT({{"contains_null", Value::BOOLEAN(summary.has_null)},
                          {"contains_nan", summary.has_nan ? Value::BOOLEAN(*summary.has_nan) : Value(LogicalType::BOOLEAN)},
                          {"lower_bound", ShownText(lower)},
                          {"upper_bound", ShownText(upper)}});
  }

  const IcebergMetadata& table_;
  std::vector<IcebergManifest> manifests_;
  std::function<void(const std::function<void(IcebergFile)>&)> read_files_;
};

// The values of partitions: of every spec that the table ever had, each field once.
class PartitionRows {
 public:
  explicit PartitionRows(const IcebergMetadata& table) : table_(table) {
    for (const auto& [id, spec] : table.specs) {
      for (const IcebergPartitionField& field : spec) {
        auto source = table.fields.find(field.source);
        if (source == table.fields.end() || field.transform == IcebergTransform::kVoid || PlaceOf(field.name) < fields_.size())
          continue;
        fields_.emplace_back(field.name, IcebergTransformed(field.transform, source->second.type));
      }
    }
  }

  Listing Of(const CurrentFiles& files) {
    Listing listing{
        {{"record_count", LogicalType::BIGINT}, {"file_count", LogicalType::BIGINT}, {"total_size", LogicalType::BIGINT}}, {}};
    if (!fields_.empty()) {
      listing.columns.insert(listing.columns.begin(), {"partition", LogicalType::STRUCT({fields_.begin(), fields_.end()})});
    }
    files.Each([&](const IcebergFile& file) {
      if (file.content != IcebergContent::kData) return;
      Sums& sums = sums_[std::to_string(file.spec) + "/" + IcebergPartitionKey(file.partition)];
      if (sums.files == 0) sums.partition = RowOf(file);
      sums.rows += file.rows;
      sums.bytes += static_cast<std::int64_t>(file.bytes);
      ++sums.files;
    });
    for (const auto& [key, sums] : sums_) {
      auto& row = listing.rows.emplace_back();
      if (!fields_.empty()) row.push_back(sums.partition);
      for (std::int64_t number : {sums.rows, sums.files, sums.bytes}) row.push_back(Value::BIGINT(number));
    }
    return listing;
  }

 private:
  struct Sums {
    Value partition;
    std::int64_t rows = 0, files = 0, bytes = 0;
  };

  std::size_t PlaceOf(const std::string& name) const {
    return static_cast<std::size_t>(std::ranges::find(fields_, name, &std::pair<std::string, LogicalType>::first) -
                                    fields_.begin());
  }

  Value RowOf(const IcebergFile& file) const {
    duckdb::child_list_t<Value> row;
    for (const auto& [name, type] : fields_) row.emplace_back(name, Value(type));
    const IcebergSpec& spec = table_.specs.at(file.spec);
    for (std::size_t i = 0; i < spec.size() && i < file.partition.size(); ++i) {
      const std::size_t place = PlaceOf(spec[i].name);
      if (place == fields_.size()) continue;
      if (auto value = IcebergPartitionValueAs(file.partition[i], fields_[place].second)) row[place].second = *std::move(value);
    }
    return Value::STRUCT(std::move(row));
  }

  const IcebergMetadata& table_;
  std::vector<std::pair<std::string, LogicalType>> fields_;
  std::map<std::string, Sums> sums_;
};

void CheckSeesAll(const TableSource& source, const IcebergMetadata& table) {
  auto sees = [&](const std::string& name) {
    return std::ranges::any_of(source.visible, [&](const std::string& visible) { return EqualsIgnoreCase(visible, name); });
  };
  const bool all = source.row_filter.empty() && source.masks.empty() &&
                   std::ranges::all_of(source.columns, [&](const ColumnSource& column) { return sees(column.name); }) &&
                   std::ranges::all_of(table.columns, [&](const IcebergField& field) { return sees(field.name); });
  if (!all) {
    throw duckdb::PermissionException(
        "PERMISSION_DENIED: the metadata tables of '%s' show what only those may see who read all of its rows and columns",
        source.shown());
  }
}

Listing ListingOf(duckdb::ClientContext& context, const IcebergPlaces& places, const IcebergMetadata& table,
                  const std::string& kind) {
  if (kind == "history") return HistoryOf(table);
  if (kind == "snapshots") return SnapshotsOf(table);
  if (kind == "refs") return RefsOf(table);
  const CurrentFiles files(context, places, table);
  if (kind == "manifests") return files.Manifests();
  if (kind == "files") return files.Files();
  return PartitionRows(table).Of(files);
}

duckdb::unique_ptr<duckdb::SelectStatement> SelectListed(duckdb::ColumnDataCollection& rows,
                                                         const duckdb::vector<std::string>& names) {
  auto ref = duckdb::make_uniq<duckdb::ColumnDataRef>(duckdb::optionally_owned_ptr<duckdb::ColumnDataCollection>(rows), names);
  ref->alias = "listed";
  auto node = duckdb::make_uniq<duckdb::SelectNode>();
  node->select_list.push_back(duckdb::make_uniq<duckdb::StarExpression>());
  node->from_table = std::move(ref);
  auto select = duckdb::make_uniq<duckdb::SelectStatement>();
  select->node = std::move(node);
  return select;
}

}  // namespace

bool IsIcebergListing(const std::string& name, std::string* table, std::string* kind) {
  static const std::set<std::string, std::less<>> kKinds = {"files", "history", "manifests", "partitions", "refs", "snapshots"};
  static const std::set<std::string, std::less<>> kOthers = {"properties", "metadata_log_entries", "entries", "all_entries",
                                                             "all_manifests"};
  const auto dollar = name.rfind('$');
  if (dollar == std::string::npos) return false;
  *table = name.substr(0, dollar);
  *kind = Lower(std::string_view(name).substr(dollar + 1));
  if (kOthers.contains(*kind)) throw duckdb::NotImplementedException("NOT_SUPPORTED: the metadata table $%s of Iceberg", *kind);
  return kKinds.contains(*kind);
}

duckdb::unique_ptr<duckdb::CatalogEntry> MakeIcebergListing(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                            const std::string& name, const std::string& kind,
                                                            const TableSource& source) {
  auto session = Session::Of(context);
  if (!session) return nullptr;
  const IcebergPlaces places(*session, source.files.at(0).object);
  const IcebergMetadata table = ReadIcebergMetadata(context, places, source);
  CheckSeesAll(source, table);
  const Listing listing = ListingOf(context, places, table, kind);
  duckdb::CreateViewInfo info(schema, name);
  info.internal = true;
  duckdb::vector<LogicalType> types;
  for (const auto& [column, type] : listing.columns) {
    info.aliases.push_back(column);
    types.push_back(type);
  }
  auto rows = std::make_unique<duckdb::ColumnDataCollection>(duckdb::Allocator::DefaultAllocator(), types);
  duckdb::DataChunk chunk;
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(), types);
  for (const auto& row : listing.rows) {
    for (duckdb::idx_t i = 0; i < row.size(); ++i) chunk.SetValue(i, chunk.size(), row[i]);
    chunk.SetCardinality(chunk.size() + 1);
    if (chunk.size() < STANDARD_VECTOR_SIZE) continue;
    rows->Append(chunk);
    chunk.Reset();
  }
  rows->Append(chunk);
  info.query = SelectListed(*rows, info.aliases);
  return duckdb::make_uniq<ListingView>(schema.catalog, schema, info, std::move(rows));
}

}  // namespace hanse::engine
