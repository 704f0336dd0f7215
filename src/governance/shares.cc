#include "governance/shares.h"

#include <algorithm>

#include "governance/permission_rows.h"
#include "governance/shown_shares.h"
#include "model/arn.h"

namespace hanse::governance {
namespace {

namespace ram = wire::ram;

std::unexpected<Error> NotPermitted(std::string message) {
  return FailAs(ErrorCode::kAccessDenied, "OperationNotPermittedException", std::move(message));
}

Result<ShareRow> FindOwn(const gate::Call& call, const std::optional<std::string>& arn) {
  TRY_ASSIGN(auto share, FindShare(call.tx(), arn.value_or("")));
  if (!share || share->owner != call.caller().account) return NoShare(arn.value_or(""));
  return std::move(*share);
}

Result<Grantee> ReadPrincipal(const gate::Call& call, const ShareRow& share, const std::string& identifier) {
  auto grantee = FindGrantee(call.tx(), call.caller(), identifier);
  const bool barred = !grantee || grantee->kind == GranteeKind::kIamAllowed || grantee->kind == GranteeKind::kSaml;
  if (barred || !grantee->leaves(share.owner)) {
    return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterException", "Invalid principal: " + identifier);
  }
  return std::move(*grantee);
}

Result<void> AddPrincipals(const gate::Call& call, Random& random, const ShareRow& share,
                           const std::optional<std::vector<std::string>>& in) {
  for (const std::string& identifier : in.value_or(std::vector<std::string>())) {
    TRY_ASSIGN(Grantee grantee, ReadPrincipal(call, share, identifier));
    bool outside = grantee.account.empty();
    if (!outside) {
      TRY_ASSIGN(bool inside, SameOrganization(call.tx(), call.caller(), grantee.account));
      if (!inside && !share.external)
        return NotPermitted("The share does not allow principals outside the organization: " + identifier);
    }
    TRY(AddPrincipal(call.tx(), random, call.caller(), share, grantee, call.now_ms()));
  }
  return {};
}

// They bound service principals, to which nothing can be shared here.
Result<void> CheckNoSources(const std::optional<std::vector<std::string>>& sources) {
  if (!sources || sources->empty()) return {};
  return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterException", "Sources need a service principal to share with");
}

Result<void> ChoosePermissions(const gate::Call& call, const ShareRow& share, const std::optional<std::vector<std::string>>& arns) {
  std::vector<std::string> types;
  for (const std::string& arn : arns.value_or(std::vector<std::string>())) {
    TRY_ASSIGN(SharePermission permission, FindPermission(call.tx(), share.owner, arn));
    if (permission.status != "ATTACHABLE") return NotPermitted("The permission is deprecated: " + arn);
    if (std::ranges::find(types, permission.type) != types.end()) {
      return FailAs(ErrorCode::kInvalidArgument, "InvalidParameterException", "Two permissions for " + permission.type);
    }
    types.push_back(permission.type);
    TRY(ChoosePermission(call.tx(), share, permission, call.now_ms()));
  }
  return {};
}

// Nobody shares what is another's.
Result<void> AddResources(const gate::Call& call, const ShareRow& share, const std::optional<std::vector<std::string>>& in) {
  for (const std::string& text : in.value_or(std::vector<std::string>())) {
    std::optional<Arn> arn = ParseArn(text);
    if (!arn) return FailAs(ErrorCode::kInvalidArgument, "MalformedArnException", "Malformed ARN: " + text);
    if (arn->account != share.owner)
      return FailAs(ErrorCode::kNotFound, "UnknownResourceException", "Resource could not be found: " + text);
    TRY(call.tx().Execute(
        "INSERT INTO ram_resources (share_id, arn, status, created_ms, updated_ms) VALUES (?, ?, 'ASSOCIATED', ?, ?) "
        "ON CONFLICT (share_id, arn) DO UPDATE SET status = excluded.status, updated_ms = excluded.updated_ms",
        {share.id, text, call.now_ms(), call.now_ms()}));
  }
  return {};
}

Result<std::vector<ram::ResourceShareAssociation>> Associations(store::Transaction& tx, const ShareRow& share,
                                                                const std::vector<std::string>& entities) {
  std::vector<ram::ResourceShareAssociation> shown;
  auto wanted = [&](const std::string& entity) { return std::find(entities.begin(), entities.end(), entity) != entities.end(); };
  TRY_ASSIGN(auto principals, PrincipalsOf(tx, share.id));
  for (const SharePrincipalRow& row : principals) {
    if (wanted(row.shown)) shown.push_back(ShownPrincipal(share, row));
  }
  TRY_ASSIGN(auto resources, ResourcesOf(tx, share));
  for (const ShareResource& row : resources) {
    if (wanted(row.arn)) shown.push_back(ShownResource(share, row));
  }
  return shown;
}

std::vector<std::string> Both(const std::optional<std::vector<std::string>>& a, const std::optional<std::vector<std::string>>& b) {
  std::vector<std::string> all = a.value_or(std::vector<std::string>());
  if (b) all.insert(all.end(), b->begin(), b->end());
  return all;
}

Result<void> StoreTags(store::Transaction& tx, Id share, const std::optional<std::vector<ram::Tag>>& tags) {
  for (const ram::Tag& tag : tags.value_or(std::vector<ram::Tag>())) {
    TRY(
        tx.Execute("INSERT INTO ram_tags (share_id, tag_key, tag_value) VALUES (?, ?, ?) "
                   "ON CONFLICT (share_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value",
                   {share, tag.key.value_or(""), tag.value.value_or("")}));
  }
  return {};
}

}  // namespace

Result<EnableSharingWithAwsOrganization::Answer> Shares::Do(const gate::Authorized<EnableSharingWithAwsOrganization>& call) {
  TRY_ASSIGN(auto organization, call.tx().Maybe("SELECT management_account FROM organizations"));
  if (!organization || organization->Text(0) != call.caller().account) {
    return NotPermitted("Only the management account of an organization can enable sharing with it.");
  }
  // In AWS too this is the organisation's trust in the service: disabling that trust ends the sharing.
  TRY(call.tx().Execute(
      "INSERT INTO organization_services (service, enabled_ms) VALUES ('ram.amazonaws.com', ?) ON CONFLICT (service) DO NOTHING",
      {call.now_ms()}));
  return EnableSharingWithAwsOrganization::Answer{.return_value = true};
}

Result<CreateResourceShare::Answer> Shares::Do(const gate::Authorized<CreateResourceShare>& call) {
  const auto& in = call->in;
  TRY(CheckNoSources(in.sources));
  TRY_ASSIGN(ShareRow share,
             NewShare(call.tx(), random_, call.caller().account, call.info().region, in.name.value_or(""), false, call.now_ms()));
  share.external = in.allow_external_principals.value_or(true);
  TRY(StoreShare(call.tx(), share));
  TRY(ChoosePermissions(call, share, in.permission_arns));
  TRY(AddPrincipals(call, random_, share, in.principals));
  TRY(AddResources(call, share, in.resource_arns));
  TRY(StoreTags(call.tx(), share.id, in.tags));
  TRY_ASSIGN(ram::ResourceShare shown, ShownShare(call.tx(), share));
  return CreateResourceShare::Answer{.resource_share = std::move(shown), .client_token = in.client_token};
}

Result<UpdateResourceShare::Answer> Shares::Do(const gate::Authorized<UpdateResourceShare>& call) {
  TRY_ASSIGN(ShareRow share, FindOwn(call, call->in.resource_share_arn));
  if (share.by_grant) return NotPermitted("Lake Formation manages this resource share.");
  if (call->in.name) share.name = *call->in.name;
  share.external = call->in.allow_external_principals.value_or(share.external);
  share.updated_ms = call.now_ms();
  TRY(StoreShare(call.tx(), share));
  TRY_ASSIGN(ram::ResourceShare shown, ShownShare(call.tx(), share));
  return UpdateResourceShare::Answer{.resource_share = std::move(shown), .client_token = call->in.client_token};
}

// The grants of a share that is taken away remain as rows and reach nobody (lakeformation.md, section 5.2).
Result<DeleteResourceShare::Answer> Shares::Do(const gate::Authorized<DeleteResourceShare>& call) {
  TRY_ASSIGN(ShareRow share, FindOwn(call, call->in.resource_share_arn));
  TRY_ASSIGN(auto principals, PrincipalsOf(call.tx(), share.id));
  for (const SharePrincipalRow& row : principals) {
    TRY(SetPrincipal(call.tx(), share.id, row.principal, "DISASSOCIATED", false, call.now_ms()));
  }
  share.status = "DELETED";
  share.updated_ms = call.now_ms();
  TRY(StoreShare(call.tx(), share));
  return DeleteResourceShare::Answer{.return_value = true, .client_token = call->in.client_token};
}

Result<AssociateResourceShare::Answer> Shares::Do(const gate::Authorized<AssociateResourceShare>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(ShareRow share, FindOwn(call, in.resource_share_arn));
  TRY(CheckNoSources(in.sources));
  if (share.by_grant) return NotPermitted("Lake Formation manages this resource share.");
  if (share.status != "ACTIVE") return NoShare(share.arn);
  TRY(AddPrincipals(call, random_, share, in.principals));
  TRY(AddResources(call, share, in.resource_arns));
  TRY_ASSIGN(auto shown, Associations(call.tx(), share, Both(in.principals, in.resource_arns)));
  return AssociateResourceShare::Answer{.resource_share_associations = std::move(shown), .client_token = in.client_token};
}

Result<DisassociateResourceShare::Answer> Shares::Do(const gate::Authorized<DisassociateResourceShare>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(ShareRow share, FindOwn(call, in.resource_share_arn));
  if (share.by_grant && in.resource_arns && !in.resource_arns->empty())
    return NotPermitted("Lake Formation manages this resource share.");
  TRY_ASSIGN(auto principals, PrincipalsOf(call.tx(), share.id));
  for (const std::string& identifier : in.principals.value_or(std::vector<std::string>())) {
    auto row = std::find_if(principals.begin(), principals.end(), [&](const auto& one) { return one.shown == identifier; });
    if (row == principals.end()) {
      return FailAs(ErrorCode::kNotFound, "UnknownResourceException", "The principal is not associated: " + identifier);
    }
    TRY(SetPrincipal(call.tx(), share.id, row->principal, "DISASSOCIATED", false, call.now_ms()));
  }
  for (const std::string& arn : in.resource_arns.value_or(std::vector<std::string>())) {
    TRY(call.tx().Execute("UPDATE ram_resources SET status = 'DISASSOCIATED', updated_ms = ? WHERE share_id = ? AND arn = ?",
                          {call.now_ms(), share.id, arn}));
  }
  TRY_ASSIGN(auto shown, Associations(call.tx(), share, Both(in.principals, in.resource_arns)));
  return DisassociateResourceShare::Answer{.resource_share_associations = std::move(shown), .client_token = in.client_token};
}

Result<TagShare::Answer> Shares::Do(const gate::Authorized<TagShare>& call) {
  TRY_ASSIGN(ShareRow share, FindOwn(call, call->in.resource_share_arn ? call->in.resource_share_arn : call->in.resource_arn));
  TRY(StoreTags(call.tx(), share.id, call->in.tags));
  return TagShare::Answer();
}

Result<UntagShare::Answer> Shares::Do(const gate::Authorized<UntagShare>& call) {
  TRY_ASSIGN(ShareRow share, FindOwn(call, call->in.resource_share_arn ? call->in.resource_share_arn : call->in.resource_arn));
  for (const std::string& key : call->in.tag_keys.value_or(std::vector<std::string>())) {
    TRY(call.tx().Execute("DELETE FROM ram_tags WHERE share_id = ? AND tag_key = ?", {share.id, key}));
  }
  return UntagShare::Answer();
}

}  // namespace hanse::governance
