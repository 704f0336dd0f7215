#include "catalog/query_table.h"

#include <algorithm>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"
#include "catalog/data_access.h"
#include "catalog/outside_reader.h"
#include "catalog/partition_nodes.h"
#include "catalog/partition_projection.h"
#include "catalog/partition_rows.h"
#include "wire/json.h"

namespace hanse::catalog {

namespace {

bool OfType(const PartitionKey& key, std::string_view type) {
  auto own = ParseKeyType(key.type), asked = ParseKeyType(type);
  return own && asked && *own == *asked;
}

std::string ExpressionOf(const std::vector<NeededPartitions>& needed, const policy::TableAccess& access,
                         const std::vector<PartitionKey>& keys) {
  std::string expression;
  for (const NeededPartitions& one : needed) {
    auto key = std::ranges::find(keys, one.key, &PartitionKey::name);
    if (key == keys.end() || !OfType(*key, one.type) || !Contains(access.columns, one.key) ||
        access.cell_filters.contains(one.key)) {
      continue;
    }
    std::string test = fmt::format("{} {}", one.key, one.test);
    if (!PartitionExpression::Compile(test, keys) || expression.size() + test.size() + 5 > kExpressionBytesMax) continue;
    expression += (expression.empty() ? "" : " AND ") + test;
  }
  return expression;
}

}  // namespace

std::string OpenForQuery::Parameters() const {
  boost::json::object parameters{{"databaseName", database}, {"name", table}, {"queryId", query_id}};
  if (catalog_id) parameters["catalogId"] = *catalog_id;
  return boost::json::serialize(parameters);
}

Result<std::vector<gate::Need>> OpenForQuery::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetTable", context, catalog_id, database, table);
}

Result<void> QueryTables::ReadPartitionsOf(const gate::Authorized<OpenForQuery>& call, GovernedTable* governed) const {
  TRY_ASSIGN(auto keys, KeysOf(governed->table));
  auto read = [&](const PartitionExpression& which) {
    return ReadPartitions(call.tx(), governed->table, which, {}, {}, OpenForQuery::kPartitionsMax + 1, 20'000'000);
  };
  TRY_ASSIGN(auto expression, PartitionExpression::Compile(ExpressionOf(call->needed, governed->access, keys), keys));
  auto found = read(expression);
  // A value that is none of its key's type: who scans them says so.
  if (!found && !expression.fits_all() && found.error().code == ErrorCode::kConflict) found = read({});
  TRY_ASSIGN(auto page, std::move(found));
  if (page.definitions.size() > OpenForQuery::kPartitionsMax) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("A query may read at most {} partitions of a table.", OpenForQuery::kPartitionsMax));
  }
  for (const std::string& definition : page.definitions) {
    TRY_ASSIGN(auto partition, wire::FromJson<wire::glue::Partition>(definition));
    GovernedPartition one{.values = partition.values.value_or(std::vector<std::string>()),
                          .location = PlaceOf(governed->table, partition)};
    one.storage = std::move(partition.storage_descriptor);
    // A partition may lie elsewhere than its table: each place is read with the role that is registered for it.
    TRY_ASSIGN(auto registered,
               access_.lake().LocationOf(call.tx(), governed->table.account, governed->table.region, one.location));
    one.registered = gate::Counting(std::move(registered), governed->access);
    governed->partitions.push_back(std::move(one));
  }
  return {};
}

Result<GovernedTable> QueryTables::Readable(const gate::Call& call, const std::optional<std::string>& catalog_id,
                                            std::string_view database, std::string_view table,
                                            const std::optional<BeneathView>& beneath) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), catalog_id));
  TRY_ASSIGN(OpenedTable opened, access_.OpenTarget(call, Intent::kRead, "glue:GetTable", account, database, table));
  if (!opened.access.readable) {
    if (!opened.access.broken.empty()) {
      return Fail(ErrorCode::kAccessDenied, fmt::format("{} cannot be read: {}", Lower(table), opened.access.broken));
    }
    return Fail(ErrorCode::kAccessDenied,
                fmt::format("Insufficient Lake Formation permission(s): Required Select on {}", Lower(table)));
  }
  if (beneath) TRY(views_.CheckBeneath(call, *beneath, opened));
  GovernedTable governed{.table = std::move(opened.table), .access = std::move(opened.access)};
  TRY_ASSIGN(governed.definition, wire::FromJson<wire::glue::Table>(governed.table.definition));
  if (governed.definer_view()) TRY(views_.CheckReader(call.tx(), governed.table));
  if (!governed.table.location.empty()) {
    TRY_ASSIGN(auto found,
               access_.lake().LocationOf(call.tx(), governed.table.account, governed.table.region, governed.table.location));
    governed.registered = gate::Counting(std::move(found), governed.access);
  }
  return governed;
}

Result<bool> QueryTables::RequireReading(const gate::Call& call, const GovernedTable& governed, bool beneath) {
  bool stands = governed.registered.has_value() || governed.definer_view() || beneath;
  for (const GovernedPartition& partition : governed.partitions) stands = stands || partition.registered.has_value();
  if (auto warehouse = governed.warehouse()) {
    stands = stands || !governed.access.by_iam;
    if (governed.access.by_iam) {
      const store::TableRow& table = governed.table;
      for (const gate::Need& need : NeedsOnConnection("glue:GetConnection", table.region, table.account, warehouse->connection)) {
        TRY(call.Require(need));
      }
    }
  }
  if (stands) TRY(call.Require({.action = "lakeformation:GetDataAccess", .resource = "*", .owner = call.caller().account}));
  return stands;
}

Result<OpenForQuery::Answer> QueryTables::Do(const gate::Authorized<OpenForQuery>& call) const {
  TRY_ASSIGN(GovernedTable governed, Readable(call, call->catalog_id, call->database, call->table, call->beneath));
  if (!governed.table.keys.empty() && !PartitionProjection::Enabled(governed.definition)) TRY(ReadPartitionsOf(call, &governed));
  TRY_ASSIGN(bool stands, RequireReading(call, governed, call->beneath.has_value()));
  if (stands) {
    const auto view = governed.definer_view();
    TRY(RecordQueryAccess(call, access_.lake(), governed.table,
                          {.permission = "SELECT",
                           .query_id = call->query_id,
                           .rows_hidden = FinerThanTable(governed.access, governed.table).rows,
                           .definer = view ? *view->definer : "",
                           .beneath = call->beneath,
                           .reasons = governed.access.reasons}));
  }
  call.NoteResource("AWS::Glue::Table",
                    TableArn(governed.table.region, governed.table.account, governed.table.database_name, governed.table.name));
  return governed;
}

}  // namespace hanse::catalog
