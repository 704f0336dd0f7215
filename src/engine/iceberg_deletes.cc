#include "engine/iceberg_deletes.h"

#include <algorithm>

#include "duckdb/parser/expression/constant_expression.hpp"
#include "engine/iceberg_value.h"

namespace hanse::engine {

using duckdb::idx_t;
using duckdb::LogicalTypeId;
using duckdb::PhysicalType;

namespace {

constexpr std::int32_t kPathField = 2147483546, kPositionField = 2147483545;  // Specification, "Reserved Field IDs".
constexpr std::uint64_t kEntryBytes = 64;                                     // Of a hash table, beside the key.

// The rows of one data file that are gone. Immutable.
class RowsGone final : public duckdb::DeleteFilter {
 public:
  // `positions`: sorted.
  RowsGone(std::vector<std::int64_t> positions, std::vector<bool> equal)
      : positions_(std::move(positions)), equal_(std::move(equal)) {}

  idx_t Filter(duckdb::row_t begin, idx_t count, duckdb::SelectionVector& result) override {
    result.Initialize(STANDARD_VECTOR_SIZE);
    auto position = std::ranges::lower_bound(positions_, begin);
    idx_t left = 0;
    for (idx_t i = 0; i < count; ++i) {
      const std::int64_t row = begin + static_cast<std::int64_t>(i);
      while (position != positions_.end() && *position < row) ++position;
      const bool gone = position != positions_.end() && *position == row;
      if (gone || (static_cast<std::size_t>(row) < equal_.size() && equal_[static_cast<std::size_t>(row)])) continue;
      result.set_index(left++, i);
    }
    return left;
  }

 private:
  const std::vector<std::int64_t> positions_;
  const std::vector<bool> equal_;
};

template <class T>
void AppendFixed(const duckdb::UnifiedVectorFormat& values, idx_t at, std::string* key) {
  const T value = duckdb::UnifiedVectorFormat::GetData<T>(values)[at];
  key->append(reinterpret_cast<const char*>(&value), sizeof value);
}

// Keys that are equal where the values are, NULL being equal to NULL.
void AppendKey(const duckdb::UnifiedVectorFormat& values, PhysicalType type, idx_t row, std::string* key) {
  const idx_t at = values.sel->get_index(row);
  const bool valid = values.validity.RowIsValid(at);
  *key += valid ? '\1' : '\0';
  if (!valid) return;
  switch (type) {
    case PhysicalType::BOOL:
    case PhysicalType::INT8: return AppendFixed<std::int8_t>(values, at, key);
    case PhysicalType::INT16: return AppendFixed<std::int16_t>(values, at, key);
    case PhysicalType::INT32: return AppendFixed<std::int32_t>(values, at, key);
    case PhysicalType::INT64: return AppendFixed<std::int64_t>(values, at, key);
    case PhysicalType::INT128: return AppendFixed<duckdb::hugeint_t>(values, at, key);
    case PhysicalType::VARCHAR: {
      const auto text = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(values)[at];
      const std::uint64_t size = text.GetSize();
      key->append(reinterpret_cast<const char*>(&size), sizeof size).append(text.GetData(), size);
      return;
    }
    default: throw duckdb::InternalException("an equality delete by a type that has no keys");
  }
}

// Writes keys of the columns at `places` of each row.
void EachKey(duckdb::DataChunk& rows, const std::vector<idx_t>& places,
             const std::function<void(idx_t row, std::string key)>& take) {
  std::vector<duckdb::UnifiedVectorFormat> formats(places.size());
  for (idx_t i = 0; i < places.size(); ++i) rows.data[places[i]].ToUnifiedFormat(rows.size(), formats[i]);
  for (idx_t row = 0; row < rows.size(); ++row) {
    std::string key;
    for (idx_t i = 0; i < places.size(); ++i) AppendKey(formats[i], rows.data[places[i]].GetType().InternalType(), row, &key);
    take(row, std::move(key));
  }
}

// Whether position deletes may name the data file at `place`.
bool MayName(const IcebergFile& deletes, const std::string& place) {
  if (!deletes.referenced_data_file.empty() && deletes.referenced_data_file != place) return false;
  auto bounds = deletes.bounds.find(kPathField);
  return bounds == deletes.bounds.end() || (bounds->second.lower <= place && place <= bounds->second.upper);
}

duckdb::MultiFileColumnDefinition DeleteColumn(const std::string& name, const duckdb::LogicalType& type, std::int32_t id) {
  return IcebergColumn(IcebergField{id, name, type, {}});
}

}  // namespace

duckdb::MultiFileColumnDefinition IcebergColumn(const IcebergField& field) {
  duckdb::MultiFileColumnDefinition column(field.name, field.type);
  column.default_expression = duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value(field.type));
  column.identifier = duckdb::Value::INTEGER(field.id);
  for (const IcebergField& child : field.children) column.children.push_back(IcebergColumn(child));
  return column;
}

bool IcebergDeletes::IsUnpartitioned(std::int32_t spec) const {
  auto found = table_.specs.find(spec);
  return found == table_.specs.end() || std::ranges::all_of(found->second, [](const IcebergPartitionField& field) {
           return field.transform == IcebergTransform::kVoid;
         });
}

std::string IcebergDeletes::ScopeOf(const IcebergFile& file) const {
  return std::to_string(file.spec) + "/" + IcebergPartitionKey(file.partition);
}

void IcebergDeletes::Add(IcebergFile file) {
  if (file.content == IcebergContent::kPositionDeletes) {
    auto& positions = scopes_[ScopeOf(file)].positions.emplace_back(std::make_unique<Positions>());
    positions->file = std::move(file);
    return;
  }
  auto& equal = scopes_[IsUnpartitioned(file.spec) ? "" : ScopeOf(file)].equal[file.equality_ids];
  if (!equal) {
    equal = std::make_unique<Equal>();
    equal->fields = file.equality_ids;
    (void)ColumnsOf(equal->fields);
  }
  equal->newest = std::max(equal->newest, file.sequence);
  equal->files.push_back(std::move(file));
}

FieldColumns IcebergDeletes::ColumnsOf(const std::vector<std::int32_t>& fields) const {
  FieldColumns columns;
  for (std::int32_t id : fields) {
    auto field = table_.fields.find(id);
    if (field == table_.fields.end() || !field->second.children.empty()) {
      throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg equality deletes by a nested column");
    }
    if (field->second.type.id() == LogicalTypeId::FLOAT || field->second.type.id() == LogicalTypeId::DOUBLE) {
      throw duckdb::NotImplementedException("NOT_SUPPORTED: Iceberg equality deletes by a column of type real or double");
    }
    columns.push_back(IcebergColumn(field->second));
  }
  if (columns.empty()) throw duckdb::InvalidInputException("ICEBERG_BAD_DATA: an equality delete names no column");
  return columns;
}

void IcebergDeletes::Keep(std::uint64_t bytes) {
  if (kept_bytes_.fetch_add(bytes) + bytes > reading_.memory_bytes_max) {
    throw duckdb::OutOfMemoryException("the deletes of an Iceberg table do not fit the query's memory");
  }
}

void IcebergDeletes::Read(duckdb::ClientContext& context, Positions& positions) {
  std::lock_guard lock(positions.mutex);
  if (positions.read) return;
  positions.rows.clear();
  FieldColumns columns;
  columns.push_back(DeleteColumn("file_path", duckdb::LogicalType::VARCHAR, kPathField));
  columns.push_back(DeleteColumn("pos", duckdb::LogicalType::BIGINT, kPositionField));
  auto take = [&](duckdb::DataChunk& rows) {
    rows.Flatten();
    const auto* paths = duckdb::FlatVector::GetData<duckdb::string_t>(rows.data[0]);
    const auto* places = duckdb::FlatVector::GetData<std::int64_t>(rows.data[1]);
    for (idx_t i = 0; i < rows.size(); ++i) {
      if (duckdb::FlatVector::IsNull(rows.data[0], i) || duckdb::FlatVector::IsNull(rows.data[1], i) || places[i] < 0) {
        throw duckdb::InvalidInputException("ICEBERG_BAD_DATA: a position delete names no row");
      }
      auto [of_file, fresh] = positions.rows.try_emplace(paths[i].GetString());
      Keep(sizeof(std::int64_t) + (fresh ? kEntryBytes + of_file->first.size() : 0));
      of_file->second.push_back(places[i]);
    }
  };
  ReadParquetFields(context, reading_.parquet, reading_.path_of(positions.file.place), columns, {kPathField, kPositionField}, take);
  positions.read = true;
}

void IcebergDeletes::Read(duckdb::ClientContext& context, Equal& equal) {
  std::lock_guard lock(equal.mutex);
  if (equal.read) return;
  const FieldColumns columns = ColumnsOf(equal.fields);
  const std::set<std::int32_t> needed(equal.fields.begin(), equal.fields.end());
  std::vector<idx_t> places;
  for (idx_t i = 0; i < columns.size(); ++i) places.push_back(i);
  for (const IcebergFile& file : equal.files) {
    ReadParquetFields(context, reading_.parquet, reading_.path_of(file.place), columns, needed, [&](duckdb::DataChunk& rows) {
      EachKey(rows, places, [&](idx_t, std::string key) {
        auto [known, fresh] = equal.keys.try_emplace(std::move(key), file.sequence);
        if (fresh) Keep(kEntryBytes + known->first.size());
        known->second = std::max(known->second, file.sequence);
      });
    });
  }
  equal.read = true;
}

// Of each row, whether it is gone: the columns of all these deletes are read once.
std::vector<bool> IcebergDeletes::RowsEqual(duckdb::ClientContext& context, const std::vector<Equal*>& deletes,
                                            const IcebergFile& data, const std::string& path,
                                            const std::set<std::int32_t>& needed) {
  std::vector<std::int32_t> fields;
  std::vector<std::vector<idx_t>> places;  // Of each delete: where its fields stand.
  for (Equal* equal : deletes) {
    Read(context, *equal);
    auto& of_delete = places.emplace_back();
    for (std::int32_t id : equal->fields) {
      auto at = std::ranges::find(fields, id);
      of_delete.push_back(static_cast<idx_t>(at - fields.begin()));
      if (at == fields.end()) fields.push_back(id);
    }
  }
  std::vector<bool> gone;
  ReadParquetFields(context, reading_.parquet, path, ColumnsOf(fields), needed, [&](duckdb::DataChunk& rows) {
    const std::size_t begin = gone.size();
    gone.resize(begin + rows.size());
    for (std::size_t i = 0; i < deletes.size(); ++i) {
      EachKey(rows, places[i], [&](idx_t row, const std::string& key) {
        auto found = deletes[i]->keys.find(key);
        if (found != deletes[i]->keys.end() && found->second > data.sequence) gone[begin + row] = true;
      });
    }
  });
  return gone;
}

duckdb::unique_ptr<duckdb::DeleteFilter> IcebergDeletes::RowsOf(duckdb::ClientContext& context, const IcebergFile& data,
                                                                const std::string& path, const std::set<std::int32_t>& needed) {
  std::vector<std::int64_t> positions;
  std::vector<Equal*> deletes;
  for (const std::string& name : {std::string(), ScopeOf(data)}) {
    auto scope = scopes_.find(name);
    if (scope == scopes_.end()) continue;
    for (const auto& one : scope->second.positions) {
      if (one->file.sequence < data.sequence || !MayName(one->file, data.place)) continue;
      Read(context, *one);
      auto found = one->rows.find(data.place);
      if (found != one->rows.end()) positions.insert(positions.end(), found->second.begin(), found->second.end());
    }
    for (const auto& [fields, equal] : scope->second.equal) {
      if (equal->newest > data.sequence) deletes.push_back(equal.get());
    }
  }
  std::vector<bool> equal;
  if (!deletes.empty()) equal = RowsEqual(context, deletes, data, path, needed);
  if (positions.empty() && std::ranges::find(equal, true) == equal.end()) return nullptr;
  std::ranges::sort(positions);
  return duckdb::make_uniq<RowsGone>(std::move(positions), std::move(equal));
}

}  // namespace hanse::engine
