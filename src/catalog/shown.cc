// What a caller is shown of a table (definition.h). A partial reader must not learn the names, types or number of the columns that
// it may not read, wherever a client has written them down (lakeformation.md 2.13 and appendix C 5).
#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/text.h"
#include "catalog/definer_view.h"
#include "catalog/definition.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using wire::glue::Column;
using wire::glue::StorageDescriptor;
using wire::glue::Table;
using Parameters = std::optional<std::map<std::string, std::string>>;

// The columns of the table of today that the caller may not see; `partial` where there is any.
struct Sight {
  std::unordered_set<std::string> described;
  std::vector<std::string> hidden;
  bool partial() const { return !hidden.empty(); }
};

Sight SightOf(const OpenedTable& opened) {
  Sight sight;
  // Who may see all is told them in the table's order.
  const auto shown = std::ranges::mismatch(opened.table.columns, opened.access.described_columns);
  if (shown.in1 == opened.table.columns.end()) return sight;
  sight.described.insert(opened.access.described_columns.begin(), opened.access.described_columns.end());
  for (const std::string& column : opened.table.columns) {
    if (!sight.described.contains(column)) sight.hidden.push_back(column);
  }
  return sight;
}

bool SpellsOut(const Sight& sight, const std::string& key, const std::string& value) {
  static constexpr std::array<std::string_view, 6> kSchemas = {"spark.sql.sources.schema", "avro.schema", "columns", "paths",
                                                               "serialization.ddl",        "schema"};
  std::string lower = Lower(key);
  for (std::string_view schema : kSchemas) {
    if (lower.starts_with(schema)) return true;
  }
  std::string text = lower + "\n" + Lower(value);
  return std::any_of(sight.hidden.begin(), sight.hidden.end(),
                     [&](const std::string& column) { return text.find(column) != std::string::npos; });
}

void Strip(const Sight& sight, Parameters* parameters) {
  if (!*parameters) return;
  std::erase_if(**parameters, [&](const auto& entry) { return SpellsOut(sight, entry.first, entry.second); });
}

void Strip(const Sight& sight, StorageDescriptor* storage) {
  auto unseen = [&](const std::string& name) { return !sight.described.contains(Lower(name)); };
  if (storage->columns) {
    std::erase_if(*storage->columns, [&](const Column& column) { return unseen(column.name.value_or("")); });
    for (Column& column : *storage->columns) Strip(sight, &column.parameters);
  }
  if (storage->bucket_columns) std::erase_if(*storage->bucket_columns, unseen);
  if (storage->sort_columns)
    std::erase_if(*storage->sort_columns, [&](const auto& order) { return unseen(order.column.value_or("")); });
  storage->skewed_info.reset();
  storage->schema_reference.reset();
  Strip(sight, &storage->parameters);
  if (storage->serde_info) Strip(sight, &storage->serde_info->parameters);
}

void Strip(const Sight& sight, Table* table) {
  if (table->storage_descriptor) Strip(sight, &*table->storage_descriptor);
  Strip(sight, &table->parameters);
  table->view_original_text.reset();
  table->view_expanded_text.reset();
}

void FillParents(const store::TableRow& row, Table* table) {
  table->name = row.name;
  table->database_name = row.database_name;
  table->catalog_id = row.account;
  table->version_id = std::to_string(row.version);
  table->is_registered_with_lake_formation = false;
}

}  // namespace

bool HidesColumns(const OpenedTable& opened) { return SightOf(opened).partial(); }

void HideColumns(const OpenedTable& opened, StorageDescriptor* storage) {
  Sight sight = SightOf(opened);
  if (sight.partial()) Strip(sight, storage);
}

Result<Table> ShownVersion(const OpenedTable& opened, std::string_view definition, std::int64_t version) {
  TRY_ASSIGN(Table table, wire::FromJson<Table>(definition));
  Sight sight = SightOf(opened);
  if (sight.partial()) Strip(sight, &table);
  // What a definer's view stands on is shown to who may change it.
  if (sight.partial() || !opened.access.permissions.Grants(policy::Permission::kAlter)) HideBeneath(&table);
  table.status.reset();
  FillParents(opened.table, &table);
  table.version_id = std::to_string(version);
  // What engines stumble over is never absent (7.1).
  if (!table.partition_keys) table.partition_keys.emplace();
  if (!table.parameters) table.parameters.emplace();
  return table;
}

Result<Table> ShownTable(const OpenedTable& opened) {
  if (opened.table.target) {
    TRY_ASSIGN(Table link, wire::FromJson<Table>(opened.table.definition));
    FillParents(opened.table, &link);
    link.storage_descriptor.reset();
    return link;
  }
  TRY_ASSIGN(Table table, ShownVersion(opened, opened.table.definition, opened.table.version));
  if (!opened.link) return table;
  TRY_ASSIGN(Table link, wire::FromJson<Table>(opened.link->definition));
  FillParents(*opened.link, &table);
  table.version_id = std::to_string(opened.table.version);
  table.create_time = link.create_time;
  table.created_by = link.created_by;
  table.target_table = link.target_table;
  return table;
}

}  // namespace hanse::catalog
