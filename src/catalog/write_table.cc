#include "catalog/write_table.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "catalog/data_access.h"
#include "catalog/partition_rows.h"
#include "wire/json.h"

namespace hanse::catalog {

namespace {

// Who may make tables in a database could otherwise add rows to another table there with the role of their common place.
Result<void> DemandAlone(store::Transaction& tx, const store::TableRow& table) {
  std::string place = table.location, marks = "?";
  if (!place.ends_with('/')) place += '/';
  std::vector<store::Value> values{table.id, place, place.substr(0, place.size() - 1) + "0", place};
  for (std::size_t end = place.find('/', sizeof "s3://"); end != std::string::npos; end = place.find('/', end + 1)) {
    marks += ", ?, ?";
    values.emplace_back(place.substr(0, end));
    values.emplace_back(place.substr(0, end + 1));
  }
  TRY_ASSIGN(auto others,
             tx.Query("SELECT id FROM catalog_tables WHERE id <> ? AND ((location >= ? AND location < ?) OR location IN (" + marks +
                          ")) LIMIT 1",
                      values));
  if (others.empty()) return {};
  return Fail(ErrorCode::kConflict, "HIVE_PATH_ALREADY_EXISTS: Target directory for table '" + table.database_name + "." +
                                        table.name + "' already exists: " + table.location);
}

}  // namespace

std::string OpenForWrite::Parameters() const {
  return boost::json::serialize(boost::json::object{{"databaseName", database}, {"name", table}, {"queryId", query_id}});
}

Result<std::vector<gate::Need>> OpenForWrite::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetTable", context, std::nullopt, database, table);
}

Result<std::optional<gate::RegisteredLocation>> TableWrites::Registered(const gate::Call& call, const OpenedTable& opened,
                                                                        const std::string& place) const {
  if (place.empty()) return std::optional<gate::RegisteredLocation>();
  TRY_ASSIGN(auto found, access_.lake().LocationOf(call.tx(), opened.table.account, opened.table.region, place));
  return gate::Counting(std::move(found), opened.access);
}

Result<OpenForWrite::Answer> TableWrites::Do(const gate::Authorized<OpenForWrite>& call) const {
  TRY_ASSIGN(OpenedTable opened,
             access_.OpenTarget(call, Intent::kChange, "glue:GetTable", call.caller().account, call->database, call->table));
  TRY(Access::Demand(opened.access.permissions, policy::Permission::kInsert, Lower(call->table)));
  WritableTable writable{.table = opened.table};
  TRY_ASSIGN(writable.definition, wire::FromJson<wire::glue::Table>(opened.table.definition));
  TRY_ASSIGN(writable.registered, Registered(call, opened, opened.table.location));
  bool registered = writable.registered.has_value();
  if (registered && call->alone) TRY(DemandAlone(call.tx(), opened.table));
  for (const std::vector<std::string>& values : call->partitions) {
    TRY_ASSIGN(auto found, FindPartition(call.tx(), opened.table.id, values));
    if (!found) continue;
    TRY_ASSIGN(auto partition, wire::FromJson<wire::glue::Partition>(*found));
    WritableTable::Partition one{.location = PlaceOf(opened.table, partition)};
    TRY_ASSIGN(one.registered, Registered(call, opened, one.location));
    registered = registered || one.registered;
    writable.partitions.emplace(values, std::move(one));
  }
  if (registered) {
    TRY(call.Require({.action = "lakeformation:GetDataAccess", .resource = "*", .owner = call.caller().account}));
    TRY(RecordQueryAccess(call, access_.lake(), opened.table,
                          {.permission = "INSERT", .query_id = call->query_id, .reasons = opened.access.reasons}));
  }
  call.NoteResource("AWS::Glue::Table",
                    TableArn(opened.table.region, opened.table.account, opened.table.database_name, opened.table.name));
  return writable;
}

}  // namespace hanse::catalog
