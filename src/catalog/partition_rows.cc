#include "catalog/partition_rows.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/definition.h"
#include "wire/json.h"

namespace hanse::catalog {

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

}  // namespace hanse::catalog
