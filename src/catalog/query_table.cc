#include "catalog/query_table.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"
#include "catalog/partition_rows.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

// Hive's folder of a partition that has no location of its own.
std::string DefaultLocation(const store::TableRow& table, const std::vector<std::string>& values) {
  std::string location = table.location;
  while (location.ends_with('/')) location.pop_back();
  for (std::size_t i = 0; i < values.size() && i < table.keys.size(); ++i) location += "/" + table.keys[i] + "=" + values[i];
  return location + "/";
}

// lakeformation.md 9.1: the event of the access in the caller's account, and its copy in the owner's.
void RecordDataAccess(const gate::Authorized<OpenForQuery>& call, const GovernedTable& governed) {
  const store::TableRow& table = governed.table;
  std::string arn = TableArn(table.region, table.account, table.database_name, table.name);
  bool cells = !governed.access.row_filter.empty() || !governed.access.cell_filters.empty();
  boost::json::object request{{"tableArn", arn},
                              {"permissions", boost::json::array{"SELECT"}},
                              {"durationSeconds", 900},
                              {"cellLevelSecurityEnforced", cells},
                              {"supportedPermissionTypes", boost::json::array{"COLUMN_PERMISSION", "CELL_FILTER_PERMISSION"}},
                              {"auditContext", {{"additionalAuditContext", fmt::format("{{queryId: {}}}", call->query_id)}}},
                              {"querySessionContext", {{"queryId", call->query_id}}}};
  boost::json::object additional{{"requesterService", "ATHENA"},
                                 {"lakeFormationPrincipal", call.caller().principal_arn},
                                 {"LakeFormationTrustedCallerInvocation", "true"}};
  audit::Event event = call.NewEvent();
  event.source = "lakeformation.amazonaws.com";
  event.name = "GetDataAccess";
  event.read_only = true;
  event.source_ip = event.user_agent = "athena.amazonaws.com";
  event.request = boost::json::serialize(request);
  event.additional = boost::json::serialize(additional);
  event.resources = {{"AWS::Glue::Table", arn}};
  for (const policy::LakeReason& reason : governed.access.reasons) event.reasons.push_back(reason.what);
  if (table.account != call.caller().account) {
    event.shared_event_id = call.NewEvent().id;
    audit::Event copy = event;
    copy.id = call.NewEvent().id;
    copy.identity = audit::ForeignIdentityJson(call.caller());
    copy.recipient_account = table.account;
    copy.additional = R"({"requesterService":"ATHENA"})";
    copy.username.clear();
    copy.access_key.clear();
    call.AlsoRecord(std::move(copy));
  }
  call.AlsoRecord(std::move(event));
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
  TRY_ASSIGN(auto expression, PartitionExpression::Compile(call->expression, keys));
  TRY_ASSIGN(auto page,
             ReadPartitions(call.tx(), governed->table.id, expression, {}, {}, OpenForQuery::kPartitionsMax + 1, 20'000'000));
  if (page.definitions.size() > OpenForQuery::kPartitionsMax) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("A query may read at most {} partitions of a table.", OpenForQuery::kPartitionsMax));
  }
  for (const std::string& definition : page.definitions) {
    TRY_ASSIGN(auto partition, wire::FromJson<wire::glue::Partition>(definition));
    GovernedPartition one{.values = partition.values.value_or(std::vector<std::string>())};
    if (partition.storage_descriptor) one.location = NormalLocation(partition.storage_descriptor->location.value_or(""));
    if (one.location.empty()) one.location = DefaultLocation(governed->table, one.values);
    one.storage = std::move(partition.storage_descriptor);
    // A partition may lie elsewhere than its table: each place is read with the role that is registered for it.
    TRY_ASSIGN(auto found, access_.lake().LocationOf(call.tx(), governed->table.account, governed->table.region, one.location));
    one.registered = gate::Counting(std::move(found), governed->access);
    governed->partitions.push_back(std::move(one));
  }
  return {};
}

Result<OpenForQuery::Answer> QueryTables::Do(const gate::Authorized<OpenForQuery>& call) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), call->catalog_id));
  TRY_ASSIGN(OpenedTable opened, access_.OpenTarget(call, Intent::kRead, "glue:GetTable", account, call->database, call->table));
  if (!opened.access.readable) {
    if (!opened.access.broken.empty()) {
      return Fail(ErrorCode::kAccessDenied, fmt::format("{} cannot be read: {}", Lower(call->table), opened.access.broken));
    }
    return Fail(ErrorCode::kAccessDenied,
                fmt::format("Insufficient Lake Formation permission(s): Required Select on {}", Lower(call->table)));
  }
  GovernedTable governed{.table = std::move(opened.table), .access = std::move(opened.access)};
  TRY_ASSIGN(governed.definition, wire::FromJson<wire::glue::Table>(governed.table.definition));
  if (!governed.table.location.empty()) {
    TRY_ASSIGN(auto found,
               access_.lake().LocationOf(call.tx(), governed.table.account, governed.table.region, governed.table.location));
    governed.registered = gate::Counting(std::move(found), governed.access);
  }
  if (!governed.table.keys.empty()) TRY(ReadPartitionsOf(call, &governed));
  bool registered = governed.registered.has_value();
  for (const GovernedPartition& partition : governed.partitions) registered = registered || partition.registered.has_value();
  if (registered) {
    TRY(call.Require({.action = "lakeformation:GetDataAccess", .resource = "*", .owner = call.caller().account}));
    RecordDataAccess(call, governed);
  }
  call.NoteResource("AWS::Glue::Table",
                    TableArn(governed.table.region, governed.table.account, governed.table.database_name, governed.table.name));
  return governed;
}

}  // namespace hanse::catalog
