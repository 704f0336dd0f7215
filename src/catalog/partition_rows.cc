#include "catalog/partition_rows.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/definition.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

constexpr std::int64_t kRowsAtOnce = 2'000;

// FNV-1a: the same slice for the same key, on every machine.
std::uint64_t Spread(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ull;
  for (unsigned char c : text) hash = (hash ^ c) * 1099511628211ull;
  return hash;
}

}  // namespace

std::string ValuesKey(const std::vector<std::string>& values) {
  std::string key;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) key += '/';
    key += PercentEncode(values[i]);
  }
  return key;
}

std::vector<std::string> ValuesOf(std::string_view values_key) {
  std::vector<std::string> values = Split(values_key, '/');
  for (std::string& value : values) {
    std::string decoded;
    if (PercentDecode(value, &decoded)) value = std::move(decoded);
  }
  return values;
}

Result<std::vector<PartitionKey>> KeysOf(const store::TableRow& table) {
  TRY_ASSIGN(auto definition, wire::FromJson<wire::glue::Table>(table.definition));
  std::vector<PartitionKey> keys;
  for (const auto& column : definition.partition_keys.value_or(std::vector<wire::glue::Column>())) {
    keys.push_back({column.name.value_or(""), column.type.value_or("string")});
  }
  return keys;
}

Result<wire::glue::Partition> ShownPartition(const OpenedTable& opened, std::string_view definition, Schema schema) {
  TRY_ASSIGN(auto partition, wire::FromJson<wire::glue::Partition>(definition));
  const store::TableRow& named = opened.link ? *opened.link : opened.table;
  partition.database_name = named.database_name;
  partition.table_name = named.name;
  partition.catalog_id = named.account;
  if (partition.storage_descriptor) {
    HideColumns(opened, &*partition.storage_descriptor);
    if (schema == Schema::kLeftOut) partition.storage_descriptor->columns.reset();
  }
  if (!partition.parameters) partition.parameters.emplace();
  return partition;
}

Result<std::optional<std::string>> FindPartition(store::Transaction& tx, Id table, const std::vector<std::string>& values) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT definition FROM catalog_partitions WHERE table_id = ? AND values_key = ?",
                                {table, ValuesKey(values)}));
  if (!row) return std::optional<std::string>();
  return std::optional(row->Text(0));
}

std::string PlaceOf(const store::TableRow& table, const wire::glue::Partition& partition) {
  std::string place;
  if (partition.storage_descriptor) place = NormalLocation(partition.storage_descriptor->location.value_or(""));
  if (!place.empty()) return place;
  place = table.location;
  while (place.ends_with('/')) place.pop_back();
  const auto values = partition.values.value_or(std::vector<std::string>());
  for (std::size_t i = 0; i < values.size() && i < table.keys.size(); ++i) place += "/" + table.keys[i] + "=" + values[i];
  return place + "/";
}

Result<Slice> SliceOf(const std::optional<wire::glue::Segment>& segment) {
  Slice slice;
  if (segment) slice = {segment->segment_number.value_or(0), segment->total_segments.value_or(1)};
  if (slice.of >= 1 && slice.of <= 10 && slice.number >= 0 && slice.number < slice.of) return slice;
  return Fail(ErrorCode::kInvalidArgument, "Segment: TotalSegments is 1 to 10, SegmentNumber below it.");
}

Result<PartitionPage> ReadPartitions(store::Transaction& tx, Id table, const PartitionExpression& expression, Slice slice,
                                     std::string after, std::size_t count_max, std::size_t scanned_max) {
  PartitionPage page{.definitions = {}, .last = std::move(after)};
  // Text keys that must equal something bound the rows: "value/" … or "value" itself.
  std::string first, until;
  if (const std::vector<std::string> fixed = expression.fixed_prefix(); !fixed.empty()) {
    first = ValuesKey(fixed);
    until = first + "0";  // '0' follows '/', which stands between encoded values alone.
  }
  std::size_t scanned = 0;
  while (scanned < scanned_max) {
    TRY_ASSIGN(auto rows,
               until.empty()
                   ? tx.Query("SELECT values_key, definition FROM catalog_partitions WHERE table_id = ? AND values_key > ? "
                              "ORDER BY values_key LIMIT ?",
                              {table, page.last, kRowsAtOnce})
                   : tx.Query("SELECT values_key, definition FROM catalog_partitions WHERE table_id = ? AND values_key > ? "
                              "AND values_key >= ? AND values_key < ? ORDER BY values_key LIMIT ?",
                              {table, page.last, first, until, kRowsAtOnce}));
    for (const store::Row& row : rows) {
      if (page.definitions.size() == count_max) return page;
      page.last = row.Text(0);
      ++scanned;
      if (slice.of > 1 && Spread(page.last) % static_cast<std::uint64_t>(slice.of) != static_cast<std::uint64_t>(slice.number))
        continue;
      TRY_ASSIGN(bool fits, expression.Fits(ValuesOf(page.last)));
      if (fits) page.definitions.push_back(row.Text(1));
    }
    if (rows.size() < static_cast<std::size_t>(kRowsAtOnce)) {
      page.end = true;
      return page;
    }
  }
  return page;
}

}  // namespace hanse::catalog
