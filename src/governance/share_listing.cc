#include "governance/share_listing.h"

#include <algorithm>

#include "governance/page.h"
#include "governance/shown_shares.h"

namespace hanse::governance {
namespace {

namespace ram = wire::ram;
using Names = std::optional<std::vector<std::string>>;

constexpr std::size_t kMaxShares = 500;

bool Wanted(const Names& names, const std::string& name) {
  return !names || names->empty() || std::ranges::find(*names, name) != names->end();
}

// The shares of one page as one side sees them.
struct SharePage {
  std::vector<ShareRow> shares;
  std::optional<std::string> next;
};
Result<SharePage> Page(const gate::Call& call, std::string_view list, const std::optional<std::string>& owner,
                       const std::optional<std::string>& token, const std::optional<std::int32_t>& max_results) {
  std::size_t most = PageSize(max_results, kMaxShares);
  std::string name = std::string(list) + "/" + owner.value_or("");
  TRY_ASSIGN(std::string cursor, PageCursor(name, token));
  TRY_ASSIGN(Id after, CursorId(cursor));
  SharePage page;
  if (owner == "SELF") {
    TRY_ASSIGN(page.shares, SharesOf(call.tx(), call.caller().account, call.info().region, after, static_cast<std::int64_t>(most)));
  } else {
    TRY_ASSIGN(page.shares, SharesTo(call.tx(), AccountKeys(call.caller()), call.caller().account, call.info().region, after,
                                     static_cast<std::int64_t>(most)));
  }
  if (page.shares.size() == most) page.next = PageToken(name, std::to_string(page.shares.back().id));
  return page;
}

bool HasTags(const ram::ResourceShare& share, const std::vector<ram::TagFilter>& filters) {
  return std::ranges::all_of(filters, [&](const ram::TagFilter& filter) {
    if (!share.tags) return false;
    return std::ranges::any_of(*share.tags, [&](const ram::Tag& tag) {
      return tag.key == filter.tag_key && Wanted(filter.tag_values, tag.value.value_or(""));
    });
  });
}

// A consumer sees itself and what it is part of, not who else was given the same.
bool Concerns(const gate::Call& call, const SharePrincipalRow& principal) {
  if (principal.account == call.caller().account) return true;
  std::vector<std::string> keys = AccountKeys(call.caller());
  return std::ranges::find(keys, principal.principal) != keys.end();
}

}  // namespace

Result<GetResourceShares::Answer> ShareListing::Do(const gate::Authorized<GetResourceShares>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(SharePage page, Page(call, "GetResourceShares", in.resource_owner, in.next_token, in.max_results));
  GetResourceShares::Answer answer{.resource_shares = std::vector<ram::ResourceShare>(), .next_token = page.next};
  for (const ShareRow& share : page.shares) {
    bool fits = Wanted(in.resource_share_arns, share.arn) && (!in.name || *in.name == share.name) &&
                (!in.resource_share_status || *in.resource_share_status == share.status);
    if (!fits) continue;
    TRY_ASSIGN(ram::ResourceShare shown, ShownShare(call.tx(), share));
    if (HasTags(shown, in.tag_filters.value_or(std::vector<ram::TagFilter>()))) answer.resource_shares->push_back(std::move(shown));
  }
  return answer;
}

Result<GetResourceShareAssociations::Answer> ShareListing::Do(const gate::Authorized<GetResourceShareAssociations>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(SharePage page, Page(call, "GetResourceShareAssociations", "SELF", in.next_token, in.max_results));
  GetResourceShareAssociations::Answer answer{.resource_share_associations = std::vector<ram::ResourceShareAssociation>(),
                                              .next_token = page.next};
  auto add = [&](ram::ResourceShareAssociation one) {
    if (!in.association_status || in.association_status == one.status)
      answer.resource_share_associations->push_back(std::move(one));
  };
  for (const ShareRow& share : page.shares) {
    if (!Wanted(in.resource_share_arns, share.arn)) continue;
    if (in.association_type == "PRINCIPAL") {
      TRY_ASSIGN(auto principals, PrincipalsOf(call.tx(), share.id));
      for (const SharePrincipalRow& row : principals) {
        if (!in.principal || *in.principal == row.shown) add(ShownPrincipal(share, row));
      }
    } else if (in.association_type == "RESOURCE") {
      TRY_ASSIGN(auto resources, ResourcesOf(call.tx(), share));
      for (const ShareResource& row : resources) {
        if (!in.resource_arn || *in.resource_arn == row.arn) add(ShownResource(share, row));
      }
    }
  }
  return answer;
}

Result<ListSharedResources::Answer> ShareListing::Do(const gate::Authorized<ListSharedResources>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(SharePage page, Page(call, "ListResources", in.resource_owner, in.next_token, in.max_results));
  ListSharedResources::Answer answer{.resources = std::vector<ram::Resource>(), .next_token = page.next};
  for (const ShareRow& share : page.shares) {
    if (share.status != "ACTIVE" || !Wanted(in.resource_share_arns, share.arn)) continue;
    if (in.principal) {
      TRY_ASSIGN(auto principals, PrincipalsOf(call.tx(), share.id));
      if (std::ranges::none_of(principals, [&](const auto& one) { return one.open && one.shown == *in.principal; })) continue;
    }
    TRY_ASSIGN(auto resources, ResourcesOf(call.tx(), share));
    for (const ShareResource& row : resources) {
      bool fits =
          row.status == "ASSOCIATED" && Wanted(in.resource_arns, row.arn) && (!in.resource_type || *in.resource_type == row.type);
      if (fits) answer.resources->push_back(ListedResource(share, row));
    }
  }
  return answer;
}

Result<ListPrincipals::Answer> ShareListing::Do(const gate::Authorized<ListPrincipals>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(SharePage page, Page(call, "ListPrincipals", in.resource_owner, in.next_token, in.max_results));
  ListPrincipals::Answer answer{.principals = std::vector<ram::Principal>(), .next_token = page.next};
  bool own = in.resource_owner == "SELF";
  for (const ShareRow& share : page.shares) {
    if (share.status != "ACTIVE" || !Wanted(in.resource_share_arns, share.arn)) continue;
    if (in.resource_arn) {
      TRY_ASSIGN(auto resources, ResourcesOf(call.tx(), share));
      if (std::ranges::find(resources, *in.resource_arn, &ShareResource::arn) == resources.end()) continue;
    }
    TRY_ASSIGN(auto principals, PrincipalsOf(call.tx(), share.id));
    for (const SharePrincipalRow& row : principals) {
      std::string id = own ? row.shown : share.owner;  // To a consumer the one who shares is the principal.
      bool stands = row.status == "ASSOCIATED" && (own || Concerns(call, row));
      if (!stands || !Wanted(in.principals, id)) continue;
      answer.principals->push_back({.id = std::move(id),
                                    .resource_share_arn = share.arn,
                                    .creation_time = wire::Timestamp{row.created_ms},
                                    .last_updated_time = wire::Timestamp{row.updated_ms},
                                    .external = row.external});
    }
  }
  return answer;
}

}  // namespace hanse::governance
