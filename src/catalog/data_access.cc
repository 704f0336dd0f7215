#include "catalog/data_access.h"

#include <fmt/format.h>

#include "catalog/names.h"

namespace hanse::catalog {

Result<void> RecordDataAccess(const gate::Call& call, gate::Lake& lake, const DataAccess& access) {
  boost::json::object additional = access.additional;
  additional["requesterService"] = access.requester;
  additional["lakeFormationPrincipal"] = call.caller().principal_arn;
  audit::Event event = call.NewEvent();
  event.source = "lakeformation.amazonaws.com";
  event.name = "GetDataAccess";
  event.read_only = true;
  if (!access.acting_for.empty()) event.source_ip = event.user_agent = access.acting_for;
  event.request = boost::json::serialize(access.request);
  event.additional = boost::json::serialize(additional);
  if (!access.table_arn.empty()) event.resources = {{"AWS::Glue::Table", access.table_arn}};
  for (const policy::LakeReason& reason : access.reasons) event.reasons.push_back(reason.what);
  if (access.owner != call.caller().account) {
    event.shared_event_id = call.NewEvent().id;
    audit::Event copy = event;
    copy.id = call.NewEvent().id;
    boost::json::object reader = boost::json::parse(audit::ForeignIdentityJson(call.caller())).as_object();
    TRY_ASSIGN(bool named, lake.NamesReaderTo(call.tx(), call.caller(), call.info().region, access.owner));
    if (named) reader["arn"] = call.caller().arn;
    copy.identity = boost::json::serialize(reader);
    copy.recipient_account = access.owner;
    copy.additional = boost::json::serialize(boost::json::object{{"requesterService", access.requester}});
    copy.username.clear();
    copy.access_key.clear();
    call.AlsoRecord(std::move(copy));
  }
  call.AlsoRecord(std::move(event));
  return {};
}

Result<void> RecordQueryAccess(const gate::Call& call, gate::Lake& lake, const store::TableRow& table, QueryAccess query) {
  DataAccess access{.owner = table.account,
                    .table_arn = TableArn(table.region, table.account, table.database_name, table.name),
                    .requester = "ATHENA",
                    .acting_for = "athena.amazonaws.com",
                    .reasons = std::move(query.reasons)};
  access.request = {{"tableArn", access.table_arn},
                    {"permissions", boost::json::array{query.permission}},
                    {"durationSeconds", 900},
                    {"cellLevelSecurityEnforced", query.rows_hidden},
                    {"supportedPermissionTypes", boost::json::array{"COLUMN_PERMISSION", "CELL_FILTER_PERMISSION"}},
                    {"auditContext", {{"additionalAuditContext", fmt::format("{{queryId: {}}}", query.query_id)}}},
                    {"querySessionContext", {{"queryId", query.query_id}}}};
  access.additional = {{"LakeFormationTrustedCallerInvocation", "true"}};
  if (!query.definer.empty()) access.additional["viewDefiner"] = query.definer;
  if (query.beneath) {
    access.additional["viewArn"] = query.beneath->arn;
    const Caller& reader = query.beneath->reader;
    bool named = reader.account == table.account;
    if (!named) {
      TRY_ASSIGN(named, lake.NamesReaderTo(call.tx(), reader, call.info().region, table.account));
    }
    access.additional["viewReader"] = named ? reader.arn : reader.account;
  }
  return RecordDataAccess(call, lake, access);
}

}  // namespace hanse::catalog
