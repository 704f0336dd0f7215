#include "governance/locations.h"

#include <algorithm>

#include "base/text.h"
#include "governance/location_rows.h"
#include "governance/page.h"
#include "governance/refusals.h"
#include "policy/document.h"
#include "policy/evaluate.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;

constexpr std::string_view kService = "lakeformation.amazonaws.com";
constexpr std::string_view kServiceRole = "AWSServiceRoleForLakeFormationDataAccess";

Result<std::string> ReadPath(const std::optional<std::string>& arn) {
  std::optional<std::string> path = PathOfArn(arn.value_or(""));
  if (!path) return Invalid("ResourceArn must be a place in S3: arn:aws:s3:::bucket/prefix");
  if (std::ranges::count(*path, '/') > static_cast<std::ptrdiff_t>(kMaxLocationLevels)) {
    return Invalid("ResourceArn must have at most 20 levels");
  }
  return *path;
}

// The trust policy must let Lake Formation assume the role.
bool Trusts(const store::Principal& role) {
  auto document = policy::ParseDocument(role.trust, policy::DocumentKind::kTrust);
  if (!document) return false;
  policy::Facts service;
  service.caller.kind = CallerKind::kService;
  service.caller.name = service.caller.arn = service.caller.principal_arn = std::string(kService);
  policy::NamedDocument trust{"trust", *document};
  policy::Context context;
  policy::Question question{.action = "sts:AssumeRole",
                            .resource = role.arn,
                            .context = context,
                            .owner = role.account,
                            .resource_policy = &trust,
                            .delegation = policy::Delegation::kResource};
  return policy::Decide(service, question).allowed();
}

// The role of a location: of the caller's account, trusting Lake Formation, and one that the caller may pass.
Result<Id> ReadRole(const gate::Call& call, const std::optional<std::string>& role_arn, bool service_linked) {
  std::optional<store::Principal> role;
  if (service_linked) {
    TRY_ASSIGN(role, store::FindPrincipalByName(call.tx(), call.caller().account, "role", kServiceRole));
  } else {
    TRY_ASSIGN(role, store::FindPrincipalByArn(call.tx(), role_arn.value_or("")));
  }
  if (!role || role->kind != "role" || role->account != call.caller().account) {
    return Invalid("RoleArn must be a role of this account: " + role_arn.value_or(std::string(kServiceRole)));
  }
  TRY(call.Require({"iam:PassRole", role->arn, {}, {{"iam:passedtoservice", {std::string(kService)}}}}));
  if (!Trusts(*role)) return Invalid("The role must trust lakeformation.amazonaws.com: " + role->arn);
  return role->id;
}

Result<LocationRow> Find(const gate::Call& call, const std::optional<std::string>& arn) {
  TRY_ASSIGN(std::string path, ReadPath(arn));
  TRY_ASSIGN(auto found, FindLocation(call.tx(), call.caller().account, call.info().region, path));
  if (!found) return NoSuch(kNoEntity);
  return std::move(*found);
}

Result<lf::ResourceInfo> Shown(store::Transaction& tx, const LocationRow& row) {
  TRY_ASSIGN(auto role, store::FindPrincipalById(tx, row.role));
  lf::ResourceInfo info;
  info.resource_arn = row.arn;
  if (role) info.role_arn = role->arn;
  info.last_modified = wire::Timestamp{row.modified_ms};
  info.with_federation = row.federation;
  info.hybrid_access_enabled = row.hybrid;
  info.with_privileged_access = row.privileged;
  info.verification_status = role && Trusts(*role) ? "VERIFIED" : "VERIFICATION_FAILED";
  if (!row.owner_account.empty()) info.expected_resource_owner_account = row.owner_account;
  return info;
}

bool Fits(const lf::FilterCondition& condition, const std::string& text) {
  const std::string op = condition.comparison_operator.value_or("");
  const auto values = condition.string_value_list.value_or(std::vector<std::string>());
  auto any = [&](auto holds) { return std::ranges::any_of(values, holds); };
  if (op == "EQ" || op == "IN") return any([&](const std::string& v) { return text == v; });
  if (op == "NE") return !any([&](const std::string& v) { return text == v; });
  if (op == "CONTAINS") return any([&](const std::string& v) { return text.find(v) != std::string::npos; });
  if (op == "NOT_CONTAINS") return !any([&](const std::string& v) { return text.find(v) != std::string::npos; });
  if (op == "BEGINS_WITH") return any([&](const std::string& v) { return text.starts_with(v); });
  if (values.empty()) return false;
  if (op == "LE") return text <= values.front();
  if (op == "LT") return text < values.front();
  if (op == "GE") return text >= values.front();
  if (op == "GT") return text > values.front();
  return op == "BETWEEN" && values.size() == 2 && values[0] <= text && text <= values[1];
}

bool Fits(const std::vector<lf::FilterCondition>& conditions, const lf::ResourceInfo& info) {
  return std::ranges::all_of(conditions, [&](const lf::FilterCondition& condition) {
    std::string field = condition.field.value_or("");
    if (field == "RESOURCE_ARN") return Fits(condition, info.resource_arn.value_or(""));
    if (field == "ROLE_ARN") return Fits(condition, info.role_arn.value_or(""));
    return Fits(condition, FormatIso8601(info.last_modified->ms));
  });
}

}  // namespace

Result<RegisterResource::Answer> Locations::Do(const gate::Authorized<RegisterResource>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(std::string path, ReadPath(in.resource_arn));
  if (in.role_arn && in.use_service_linked_role.value_or(false))
    return Invalid("Only one of RoleArn and UseServiceLinkedRole may be given");
  if (!in.role_arn && !in.use_service_linked_role.value_or(false)) return Invalid("RoleArn or UseServiceLinkedRole must be given");
  TRY_ASSIGN(Id role, ReadRole(call, in.role_arn, !in.role_arn));
  TRY_ASSIGN(auto there, FindLocation(call.tx(), call.caller().account, call.info().region, path));
  if (there) return Fail(ErrorCode::kAlreadyExists, "Resource is already registered");
  TRY_ASSIGN(Id id, call.tx().NewId());
  TRY(call.tx().Execute(
      "INSERT INTO lf_locations (id, account, region, arn, path, role_id, federation, hybrid, privileged, owner_account, "
      "modified_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id, call.caller().account, call.info().region, *in.resource_arn, path, role,
       std::int64_t{in.with_federation.value_or(false)}, std::int64_t{in.hybrid_access_enabled.value_or(false)},
       std::int64_t{in.with_privileged_access.value_or(false)}, in.expected_resource_owner_account.value_or(""), call.now_ms()}));
  return RegisterResource::Answer();
}

Result<UpdateResource::Answer> Locations::Do(const gate::Authorized<UpdateResource>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(LocationRow row, Find(call, in.resource_arn));
  TRY_ASSIGN(Id role, ReadRole(call, in.role_arn, false));
  TRY(call.tx().Execute(
      "UPDATE lf_locations SET role_id = ?, federation = ?, hybrid = ?, owner_account = ?, modified_ms = ? WHERE id = ?",
      {role, std::int64_t{in.with_federation.value_or(row.federation)}, std::int64_t{in.hybrid_access_enabled.value_or(row.hybrid)},
       in.expected_resource_owner_account.value_or(row.owner_account), call.now_ms(), row.id}));
  return UpdateResource::Answer();
}

Result<DeregisterResource::Answer> Locations::Do(const gate::Authorized<DeregisterResource>& call) {
  TRY_ASSIGN(LocationRow row, Find(call, call->in.resource_arn));
  TRY(call.tx().Execute("DELETE FROM lf_locations WHERE id = ?", {row.id}));
  return DeregisterResource::Answer();
}

Result<DescribeResource::Answer> Locations::Do(const gate::Authorized<DescribeResource>& call) {
  TRY_ASSIGN(LocationRow row, Find(call, call->in.resource_arn));
  TRY_ASSIGN(lf::ResourceInfo info, Shown(call.tx(), row));
  return DescribeResource::Answer{.resource_info = std::move(info)};
}

Result<ListResources::Answer> Locations::Do(const gate::Authorized<ListResources>& call) {
  const auto& in = call->in;
  std::size_t most = PageSize(in.max_results, 1000);
  TRY_ASSIGN(std::string cursor, PageCursor("ListResources", in.next_token));
  TRY_ASSIGN(Id after, CursorId(cursor));
  ListResources::Answer answer;
  answer.resource_info_list.emplace();
  TRY_ASSIGN(auto rows,
             ListLocations(call.tx(), call.caller().account, call.info().region, after, static_cast<std::int64_t>(most)));
  for (const LocationRow& row : rows) {
    TRY_ASSIGN(lf::ResourceInfo info, Shown(call.tx(), row));
    if (Fits(in.filter_condition_list.value_or(std::vector<lf::FilterCondition>()), info)) {
      answer.resource_info_list->push_back(std::move(info));
    }
  }
  if (rows.size() == most) answer.next_token = PageToken("ListResources", std::to_string(rows.back().id));
  return answer;
}

}  // namespace hanse::governance
