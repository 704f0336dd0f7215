#include "catalog/vending.h"

#include <algorithm>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "catalog/data_access.h"
#include "catalog/outside_reader.h"
#include "catalog/partition_rows.h"
#include "model/arn.h"
#include "model/ids.h"
#include "policy/lake_decide.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
using policy::PermissionSet;

// lakeformation.md, section 6.3: the guide gives tables and partitions six hours at most, the model's 43,200 s only to places.
constexpr std::int64_t kDefault_s = 3'600, kTableMax_s = 21'600;

std::unexpected<Error> InvalidInput(std::string why) { return Fail(ErrorCode::kInvalidArgument, std::move(why)); }

Result<PermissionSet> PermissionsAsked(const std::vector<std::string>& names) {
  if (names.empty()) return PermissionSet(Permission::kSelect);
  PermissionSet asked;
  for (const std::string& name : names) {
    Permission one;
    bool known = policy::ParsePermission(name, &one) && policy::TablePermissions().Has(one);
    if (!known) return InvalidInput("Permissions: no permission on tables: " + name);
    asked.Add(one);
  }
  // Credentials are of use for data alone.
  const PermissionSet data = PermissionSet(Permission::kSelect) | Permission::kInsert | Permission::kDelete | Permission::kAll;
  if ((asked & data).empty()) return InvalidInput("Permissions must have SELECT, INSERT, DELETE or ALL.");
  return asked;
}

boost::json::array TextsJson(const std::vector<std::string>& names) {
  boost::json::array array;
  for (const std::string& name : names) array.emplace_back(name);
  return array;
}

std::string SessionName(Random& random, const AccountId& account) {
  return fmt::format("AWSLF-00-NA-{}-{}", account, NewIamId(random, "").substr(0, 10));
}

template <class Answer>
Answer AnswerOf(CredentialIssuer::Credentials given) {
  return Answer{.access_key_id = std::move(given.access_key),
                .secret_access_key = std::move(given.secret_key),
                .session_token = std::move(given.token),
                .expiration = wire::Timestamp{given.expires_ms}};
}

}  // namespace

template <class Input>
Result<Vending::Asked> Vending::AskedBy(const Input& in) {
  Asked asked;
  TRY_ASSIGN(asked.grounds.permissions, PermissionsAsked(in.permissions.value_or(std::vector<std::string>())));
  asked.grounds.supported = in.supported_permission_types.value_or(std::vector<std::string>());
  asked.duration_s = std::min<std::int64_t>(in.duration_seconds.value_or(kDefault_s), kTableMax_s);
  if (in.audit_context) asked.audit_context = in.audit_context->additional_audit_context.value_or("");
  return asked;
}

Result<OpenedTable> Vending::OpenByArn(const gate::Call& call, const std::string& table_arn) const {
  const std::optional<Arn> arn = ParseArn(table_arn);
  const std::string resource = arn ? arn->resource : std::string();
  const std::vector<std::string> parts = Split(resource, '/');
  if (!arn || arn->service != "glue" || parts.size() != 3 || parts[0] != "table") {
    return InvalidInput("TableArn must be arn:aws:glue:REGION:ACCOUNT:table/DATABASE/TABLE.");
  }
  if (arn->region != call.info().region) return InvalidInput("TableArn: credentials are vended in the table's own region.");
  TRY(FoldName("TableArn", parts[1]));
  TRY(FoldName("TableArn", parts[2]));
  return parts_.access.OpenTarget(call, Intent::kRead, "glue:GetTable", arn->account, parts[1], parts[2]);
}

Result<CredentialIssuer::Credentials> Vending::Give(const gate::Call& call, const Asked& asked,
                                                    const std::vector<std::string>& paths) const {
  TRY_ASSIGN(auto judged, Judge(call.tx(), parts_.access.lake(), call.caller(), asked.grounds));
  for (const Judged& one : judged) {
    if (one.location.role_arn != judged.front().location.role_arn) return InvalidInput("The places have different roles.");
    if (!asked.query || !asked.query->query_authorization_id) continue;
    if (!parts_.authorizations.Fits(*asked.query->query_authorization_id, call.caller(), one.table.id, one.access, call.now_ms())) {
      return Fail(ErrorCode::kAccessDenied, "QueryAuthorizationId is not of this caller, table and policy, or has ended.");
    }
  }
  CredentialIssuer::Order order{.role_arn = judged.front().location.role_arn,
                                .session_name = SessionName(parts_.random, call.caller().account),
                                .policy = SessionPolicyOf(asked.grounds),
                                .for_whom = {call.caller(), asked.grounds.ToJson()},
                                .duration_s = asked.duration_s,
                                .now_ms = call.now_ms()};
  TRY_ASSIGN(auto given, parts_.issuer.Issue(call.tx(), order));
  for (std::size_t i = 0; i < judged.size(); ++i) {
    const store::TableRow& table = judged[i].table;
    const std::string arn = TableArn(table.region, table.account, table.database_name, table.name);
    DataAccess access{.owner = table.account, .table_arn = arn, .reasons = judged[i].access.reasons};
    access.request = {{"permissions", TextsJson(policy::PermissionNames(asked.grounds.permissions))},
                      {"durationSeconds", asked.duration_s},
                      {"cellLevelSecurityEnforced", FinerThanTable(judged[i].access, table).rows},
                      {"supportedPermissionTypes", TextsJson(asked.grounds.supported)},
                      {"auditContext", {{"additionalAuditContext", asked.audit_context}}}};
    if (asked.grounds.by_path) {
      access.request["dataLocations"] = boost::json::array{boost::json::string(paths[i])};
    } else {
      access.request["tableArn"] = arn;
      access.additional = {{"lakeFormationRoleSessionName", order.session_name}};
    }
    if (asked.query) access.request["querySessionContext"] = {{"queryId", asked.query->query_id.value_or("")}};
    const auto& values = asked.grounds.places[i].partition;
    if (!values.empty()) access.request["partition"] = {{"values", TextsJson(values)}};
    TRY(RecordDataAccess(call, parts_.access.lake(), access));
    call.NoteResource("AWS::Glue::Table", arn);
  }
  return given;
}

Result<GetTemporaryGlueTableCredentials::Answer> Vending::Do(const gate::Authorized<GetTemporaryGlueTableCredentials>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(OpenedTable opened, OpenByArn(call, in.table_arn.value_or("")));
  TRY_ASSIGN(Asked asked, AskedBy(in));
  asked.query = in.query_session_context;
  TRY_ASSIGN(std::string path, FolderOf(opened.table.location));
  if (in.s3_path) {
    TRY_ASSIGN(std::string narrower, FolderOf(*in.s3_path));
    if (!in.s3_path->ends_with('/')) narrower.pop_back();
    // "s3://bucket/table" itself is the table's folder.
    path = narrower + "/" == path ? path : narrower;
  }
  asked.grounds.places = {{opened.table.id, {}, path}};
  TRY_ASSIGN(auto given, Give(call, asked, {}));
  auto answer = AnswerOf<GetTemporaryGlueTableCredentials::Answer>(std::move(given));
  answer.vended_s3_path = {"s3://" + path};
  return answer;
}

Result<GetTemporaryGluePartitionCredentials::Answer> Vending::Do(
    const gate::Authorized<GetTemporaryGluePartitionCredentials>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(OpenedTable opened, OpenByArn(call, in.table_arn.value_or("")));
  TRY_ASSIGN(Asked asked, AskedBy(in));
  const auto values = in.partition->values.value_or(std::vector<std::string>());
  TRY_ASSIGN(auto found, FindPartition(call.tx(), opened.table.id, values));
  if (values.empty() || !found) return Fail(ErrorCode::kNotFound, "Cannot find partition.");
  TRY_ASSIGN(auto partition, wire::FromJson<wire::glue::Partition>(*found));
  TRY_ASSIGN(std::string path, FolderOf(PlaceOf(opened.table, partition)));
  asked.grounds.places = {{opened.table.id, values, path}};
  TRY_ASSIGN(auto given, Give(call, asked, {}));
  return AnswerOf<GetTemporaryGluePartitionCredentials::Answer>(std::move(given));
}

Result<bool> Vending::Stand(store::Transaction& tx, const Caller& vended, const RequestInfo& info) const {
  const Grounds grounds = Grounds::FromJson(vended.vended->grounds);
  const Caller& reader = vended.vended->reader;
  auto judged = Judge(tx, parts_.access.lake(), reader, grounds);
  if (!judged) {
    const ErrorCode code = judged.error().code;
    bool refused = code == ErrorCode::kNotFound || code == ErrorCode::kAccessDenied || code == ErrorCode::kInvalidArgument;
    if (refused) return false;
    return std::unexpected(std::move(judged).error());
  }
  bool same_role = std::ranges::all_of(*judged, [&](const Judged& one) { return one.location.role_arn == vended.principal_arn; });
  if (!same_role) return false;
  gate::Context as{reader, info};
  as.info.service = "lakeformation";
  return parts_.gate.WouldAllow(tx, as, {"lakeformation:GetDataAccess", "*", reader.account});
}

}  // namespace hanse::catalog
