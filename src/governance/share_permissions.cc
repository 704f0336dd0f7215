#include "governance/share_permissions.h"

#include <algorithm>
#include <map>

#include <boost/json.hpp>

#include "governance/page.h"
#include "governance/permission_rows.h"
#include "governance/shown_permissions.h"
#include "governance/shown_shares.h"
#include "model/arn.h"

namespace hanse::governance {
namespace {

namespace ram = wire::ram;

constexpr std::int64_t kAllShares = 10'000;  // Looked through for one answer.

std::unexpected<Error> NotAllowed(std::string message) {
  return FailAs(ErrorCode::kAccessDenied, "OperationNotPermittedException", std::move(message));
}
std::unexpected<Error> WrongParameter(std::string message) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterException", std::move(message));
}

// A share of the caller's that was made by hand and stands.
Result<ShareRow> FindChangeable(const gate::Call& call, const std::optional<std::string>& arn) {
  TRY_ASSIGN(auto share, FindShare(call.tx(), arn.value_or("")));
  if (!share || share->owner != call.caller().account || share->status != "ACTIVE") return NoShare(arn.value_or(""));
  if (share->by_grant) return NotAllowed("Lake Formation manages this resource share.");
  return std::move(*share);
}

Result<bool> HasResources(store::Transaction& tx, const ShareRow& share, const std::string& type) {
  TRY_ASSIGN(auto resources, ResourcesOf(tx, share));
  return std::ranges::any_of(resources, [&](const ShareResource& one) { return one.type == type && one.status == "ASSOCIATED"; });
}

// Its owner's, or one that reaches the caller.
Result<ShareRow> FindSeen(const gate::Call& call, const std::optional<std::string>& arn) {
  TRY_ASSIGN(auto share, FindShare(call.tx(), arn.value_or("")));
  if (!share) return NoShare(arn.value_or(""));
  if (share->owner == call.caller().account) return std::move(*share);
  TRY_ASSIGN(auto open, SharesTo(call.tx(), AccountKeys(call.caller()), call.caller().account, share->region, share->id - 1, 1));
  if (open.empty() || open.front().id != share->id) return NoShare(*arn);
  return std::move(*share);
}

ram::ReplacePermissionAssociationsWork ShownWork(const store::Row& row) {
  return {.id = row.Text(0),
          .from_permission_arn = row.Text(1),
          .from_permission_version = row.Text(2),
          .to_permission_arn = row.Text(3),
          .to_permission_version = row.Text(4),
          .status = "COMPLETED",
          .creation_time = wire::Timestamp{row.Int(5)},
          .last_updated_time = wire::Timestamp{row.Int(5)}};
}

// The policy that RAM lays on a shared resource: to whom it is open, and what its permission allows there.
Result<std::optional<boost::json::object>> StatementOf(const gate::Call& call, const ShareRow& share, const ShareResource& resource,
                                                       const std::optional<std::string>& principal) {
  TRY_ASSIGN(auto held, PermissionsOf(call.tx(), share));
  auto permission = std::ranges::find(held, resource.type, &HeldPermission::type);
  if (permission == held.end()) return std::optional<boost::json::object>();
  TRY_ASSIGN(auto principals, PrincipalsOf(call.tx(), share.id));
  boost::json::array to;
  for (const SharePrincipalRow& row : principals) {
    if (row.open && (!principal || *principal == row.shown)) to.emplace_back(row.shown);
  }
  if (to.empty()) return std::optional<boost::json::object>();
  TRY_ASSIGN(SharePermission allows, FindPermission(call.tx(), share.owner, permission->arn));
  TRY_ASSIGN(std::string text, TemplateOf(call.tx(), allows, permission->version));
  boost::json::object statement = boost::json::parse(text).as_object();
  statement["Principal"] = boost::json::object{{"AWS", std::move(to)}};
  statement["Resource"] = resource.arn;
  return std::optional(std::move(statement));
}

Result<std::vector<ShareRow>> StandingShares(const gate::Call& call) {
  TRY_ASSIGN(auto shares, SharesOf(call.tx(), call.caller().account, call.info().region, 0, kAllShares));
  std::erase_if(shares, [](const ShareRow& share) { return share.status != "ACTIVE"; });
  return shares;
}

}  // namespace

Result<AssociateResourceSharePermission::Answer> SharePermissions::Do(
    const gate::Authorized<AssociateResourceSharePermission>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(ShareRow share, FindChangeable(call, in.resource_share_arn));
  TRY_ASSIGN(SharePermission permission, FindPermission(call.tx(), call.caller().account, in.permission_arn));
  if (in.permission_template_parameters && !in.permission_template_parameters->empty())
    return WrongParameter("The permission has no template parameters.");
  if (permission.status != "ATTACHABLE") return NotAllowed("The permission is deprecated.");
  if (in.permission_version && *in.permission_version != permission.default_version)
    return WrongParameter("Only the default version of a permission can be associated.");
  TRY_ASSIGN(bool has, HasResources(call.tx(), share, permission.type));
  TRY_ASSIGN(auto chosen, call.tx().Maybe("SELECT arn FROM ram_share_permissions WHERE share_id = ? AND resource_type = ?",
                                          {share.id, permission.type}));
  if ((has || chosen) && !in.replace.value_or(false))
    return NotAllowed("The share has a permission for " + permission.type + " already: set replace.");
  TRY(ChoosePermission(call.tx(), share, permission, call.now_ms()));
  return AssociateResourceSharePermission::Answer{.return_value = true, .client_token = in.client_token};
}

Result<DisassociateResourceSharePermission::Answer> SharePermissions::Do(
    const gate::Authorized<DisassociateResourceSharePermission>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(ShareRow share, FindChangeable(call, in.resource_share_arn));
  TRY_ASSIGN(SharePermission permission, FindPermission(call.tx(), call.caller().account, in.permission_arn));
  TRY_ASSIGN(bool has, HasResources(call.tx(), share, permission.type));
  if (has) return NotAllowed("The share has resources of the type " + permission.type + ".");
  TRY_ASSIGN(std::int64_t gone,
             call.tx().Execute("DELETE FROM ram_share_permissions WHERE share_id = ? AND arn = ?", {share.id, permission.arn}));
  if (gone == 0) {
    return FailAs(ErrorCode::kNotFound, "UnknownResourceException", "The permission is not associated with the share.");
  }
  return DisassociateResourceSharePermission::Answer{.return_value = true, .client_token = in.client_token};
}

Result<ListResourceSharePermissions::Answer> SharePermissions::Do(const gate::Authorized<ListResourceSharePermissions>& call) {
  TRY_ASSIGN(ShareRow share, FindSeen(call, call->in.resource_share_arn));
  TRY_ASSIGN(auto held, PermissionsOf(call.tx(), share));
  ListResourceSharePermissions::Answer answer;
  answer.permissions.emplace();
  for (const HeldPermission& one : held) {
    TRY_ASSIGN(SharePermission permission, FindPermission(call.tx(), share.owner, one.arn));
    answer.permissions->push_back(ShownPermission(permission, one.version));
    answer.permissions->back().status = "ASSOCIATED";
  }
  return answer;
}

Result<ListPermissionAssociations::Answer> SharePermissions::Do(const gate::Authorized<ListPermissionAssociations>& call) {
  const auto& in = call->in;
  ListPermissionAssociations::Answer answer;
  answer.permissions.emplace();
  if (in.permission_arn) TRY(FindPermission(call.tx(), call.caller().account, in.permission_arn));
  if (in.resource_owner == "OTHER-ACCOUNTS") return answer;
  TRY_ASSIGN(auto shares, StandingShares(call));
  for (const ShareRow& share : shares) {
    if (in.resource_share_arn && *in.resource_share_arn != share.arn) continue;
    TRY_ASSIGN(auto held, PermissionsOf(call.tx(), share));
    for (const HeldPermission& one : held) {
      TRY_ASSIGN(SharePermission permission, FindPermission(call.tx(), share.owner, one.arn));
      bool is_default = one.version == permission.default_version;
      bool fits = (!in.permission_arn || *in.permission_arn == one.arn) && (!in.resource_type || *in.resource_type == one.type) &&
                  (!in.permission_version || *in.permission_version == one.version) &&
                  (!in.default_version || *in.default_version == is_default) &&
                  in.association_status.value_or("ASSOCIATED") == "ASSOCIATED" && in.feature_set.value_or("STANDARD") == "STANDARD";
      if (!fits) continue;
      answer.permissions->push_back({.arn = one.arn,
                                     .permission_version = std::to_string(one.version),
                                     .default_version = is_default,
                                     .resource_type = one.type,
                                     .status = "ASSOCIATED",
                                     .feature_set = "STANDARD",
                                     .last_updated_time = wire::Timestamp{one.updated_ms},
                                     .resource_share_arn = share.arn});
    }
  }
  return answer;
}

// Carried out at once, in the request's own transaction: the work is complete when its number is told.
Result<ReplacePermissionAssociations::Answer> SharePermissions::Do(const gate::Authorized<ReplacePermissionAssociations>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(SharePermission from, FindPermission(call.tx(), call.caller().account, in.from_permission_arn));
  TRY_ASSIGN(SharePermission to, FindPermission(call.tx(), call.caller().account, in.to_permission_arn));
  if (from.type != to.type) return WrongParameter("The permissions are for different types of resources.");
  if (to.status != "ATTACHABLE") return NotAllowed("The permission is deprecated.");
  TRY_ASSIGN(auto shares, StandingShares(call));
  for (const ShareRow& share : shares) {
    if (share.by_grant) continue;
    TRY_ASSIGN(auto held, PermissionsOf(call.tx(), share));
    for (const HeldPermission& one : held) {
      bool meant = one.arn == from.arn && (!in.from_permission_version || *in.from_permission_version == one.version);
      if (meant) TRY(ChoosePermission(call.tx(), share, to, call.now_ms()));
    }
  }
  std::string version = in.from_permission_version ? std::to_string(*in.from_permission_version) : "";
  std::string id = random_.Uuid(), target = std::to_string(to.default_version);
  TRY(call.tx().Execute(
      "INSERT INTO ram_replacements (id, account, region, from_arn, from_version, to_arn, to_version, created_ms) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {id, call.caller().account, call.info().region, from.arn, version, to.arn, target, call.now_ms()}));
  store::Row row({id, from.arn, version, to.arn, target, call.now_ms()});
  return ReplacePermissionAssociations::Answer{.replace_permission_associations_work = ShownWork(row),
                                               .client_token = in.client_token};
}

Result<ListReplacePermissionAssociationsWork::Answer> SharePermissions::Do(
    const gate::Authorized<ListReplacePermissionAssociationsWork>& call) {
  const auto& in = call->in;
  std::size_t most = PageSize(in.max_results, 500);
  TRY_ASSIGN(std::string after, PageCursor("ListReplacePermissionAssociationsWork", in.next_token));
  ListReplacePermissionAssociationsWork::Answer answer;
  auto& works = answer.replace_permission_associations_works.emplace();
  if (in.status.value_or("COMPLETED") != "COMPLETED") return answer;
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT id, from_arn, from_version, to_arn, to_version, created_ms FROM ram_replacements "
                                        "WHERE account = ? AND region = ? AND id > ? ORDER BY id LIMIT ?",
                                        {call.caller().account, call.info().region, after, static_cast<std::int64_t>(most)}));
  for (const store::Row& row : rows) {
    bool wanted = !in.work_ids || in.work_ids->empty() || std::ranges::find(*in.work_ids, row.Text(0)) != in.work_ids->end();
    if (wanted) works.push_back(ShownWork(row));
  }
  if (rows.size() == most) answer.next_token = PageToken("ListReplacePermissionAssociationsWork", rows.back().Text(0));
  return answer;
}

// No share here comes from a resource's own policy: each is what promoting makes of one.
Result<PromoteResourceShareCreatedFromPolicy::Answer> SharePermissions::Do(
    const gate::Authorized<PromoteResourceShareCreatedFromPolicy>& call) {
  TRY(FindChangeable(call, call->in.resource_share_arn));
  return FailAs(ErrorCode::kConflict, "InvalidStateTransitionException", "The resource share was not created from a policy.");
}

Result<GetSharedResourcePolicies::Answer> SharePermissions::Do(const gate::Authorized<GetSharedResourcePolicies>& call) {
  const auto& in = call->in;
  std::map<std::string, boost::json::array> statements;  // By the ARN of the resource.
  for (const std::string& text : in.resource_arns.value_or(std::vector<std::string>())) {
    std::optional<Arn> arn = ParseArn(text);
    if (!arn) return FailAs(ErrorCode::kInvalidArgument, "MalformedArnException", "Malformed ARN: " + text);
    if (arn->account != call.caller().account)
      return FailAs(ErrorCode::kNotFound, "ResourceArnNotFoundException", "Resource could not be found: " + text);
    statements[text];
  }
  TRY_ASSIGN(auto shares, StandingShares(call));
  for (const ShareRow& share : shares) {
    TRY_ASSIGN(auto resources, ResourcesOf(call.tx(), share));
    for (const ShareResource& resource : resources) {
      auto asked = statements.find(resource.arn);
      if (asked == statements.end() || resource.status != "ASSOCIATED") continue;
      TRY_ASSIGN(auto statement, StatementOf(call, share, resource, in.principal));
      if (statement) asked->second.emplace_back(std::move(*statement));
    }
  }
  GetSharedResourcePolicies::Answer answer;
  answer.policies.emplace();
  for (auto& [arn, list] : statements) {
    if (list.empty()) continue;
    answer.policies->push_back(
        boost::json::serialize(boost::json::object{{"Version", "2012-10-17"}, {"Statement", std::move(list)}}));
  }
  return answer;
}

// Sources bound service principals, to which nothing is shared here: no share has any.
Result<ListSourceAssociations::Answer> SharePermissions::Do(const gate::Authorized<ListSourceAssociations>& call) {
  for (const std::string& arn : call->in.resource_share_arns.value_or(std::vector<std::string>())) {
    TRY_ASSIGN(auto share, FindShare(call.tx(), arn));
    if (!share || share->owner != call.caller().account) return NoShare(arn);
  }
  ListSourceAssociations::Answer answer;
  answer.source_associations.emplace();
  return answer;
}

}  // namespace hanse::governance
