#include "governance/shown_shares.h"

#include <algorithm>

#include "governance/shown_grants.h"
#include "model/arn.h"

namespace hanse::governance {
namespace {

namespace ram = wire::ram;

// glue:Table of arn:aws:glue:…:table/d/t
std::string TypeOf(const std::string& arn) {
  std::optional<Arn> parsed = ParseArn(arn);
  if (!parsed || parsed->resource.empty()) return "";
  std::string kind = parsed->resource.substr(0, parsed->resource.find_first_of("/:"));
  if (!kind.empty()) kind.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(kind.front())));
  return parsed->service + ":" + kind;
}

// `associated` is a SharePrincipalRow or a ShareResource.
template <class Associated>
ram::ResourceShareAssociation Association(const ShareRow& share, const Associated& associated, std::string type, std::string entity,
                                          bool external) {
  return {.resource_share_arn = share.arn,
          .resource_share_name = share.name,
          .associated_entity = std::move(entity),
          .association_type = std::move(type),
          .status = associated.status,
          .creation_time = wire::Timestamp{associated.created_ms},
          .last_updated_time = wire::Timestamp{associated.updated_ms},
          .external = external};
}

}  // namespace

Result<ram::ResourceShare> ShownShare(store::Transaction& tx, const ShareRow& share) {
  ram::ResourceShare shown;
  shown.resource_share_arn = share.arn;
  shown.name = share.name;
  shown.owning_account_id = share.owner;
  shown.allow_external_principals = share.external;
  shown.status = share.status;
  shown.creation_time = wire::Timestamp{share.created_ms};
  shown.last_updated_time = wire::Timestamp{share.updated_ms};
  shown.feature_set = "STANDARD";
  TRY_ASSIGN(auto rows, tx.Query("SELECT tag_key, tag_value FROM ram_tags WHERE share_id = ? ORDER BY tag_key", {share.id}));
  for (const store::Row& row : rows) {
    if (!shown.tags) shown.tags.emplace();
    shown.tags->push_back({.key = row.Text(0), .value = row.Text(1)});
  }
  return shown;
}

ram::ResourceShareAssociation ShownPrincipal(const ShareRow& share, const SharePrincipalRow& principal) {
  return Association(share, principal, "PRINCIPAL", principal.shown, principal.external);
}

Result<std::vector<ShareResource>> ResourcesOf(store::Transaction& tx, const ShareRow& share) {
  std::vector<ShareResource> resources;
  if (!share.by_grant) {
    TRY_ASSIGN(auto rows, tx.Query("SELECT arn, status, created_ms, updated_ms FROM ram_resources WHERE share_id = ? ORDER BY arn",
                                   {share.id}));
    for (const store::Row& row : rows) resources.push_back({row.Text(0), TypeOf(row.Text(0)), row.Text(1), row.Int(2), row.Int(3)});
    return resources;
  }
  TRY_ASSIGN(auto grants, GrantsThrough(tx, share.id));
  for (const GrantRow& grant : grants) {
    TRY_ASSIGN(auto shared, SharedBy(tx, grant));
    if (!shared) continue;
    auto there = std::ranges::find(resources, shared->arn, &ShareResource::arn);
    if (there == resources.end()) {
      resources.push_back({shared->arn, shared->type, "ASSOCIATED", grant.updated_ms, grant.updated_ms});
    } else {
      there->updated_ms = std::max(there->updated_ms, grant.updated_ms);
    }
  }
  return resources;
}

ram::ResourceShareAssociation ShownResource(const ShareRow& share, const ShareResource& resource) {
  return Association(share, resource, "RESOURCE", resource.arn, false);
}

ram::Resource ListedResource(const ShareRow& share, const ShareResource& resource) {
  return {.arn = resource.arn,
          .type = resource.type,
          .resource_share_arn = share.arn,
          .status = "AVAILABLE",
          .creation_time = wire::Timestamp{resource.created_ms},
          .last_updated_time = wire::Timestamp{resource.updated_ms},
          .resource_region_scope = "REGIONAL"};
}

std::unexpected<Error> NoShare(const std::string& arn) {
  return FailAs(ErrorCode::kNotFound, "UnknownResourceException", "ResourceShare " + arn + " could not be found.");
}

}  // namespace hanse::governance
