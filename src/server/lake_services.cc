#include "server/lake_services.h"

namespace hanse::server {

namespace lake = governance;

LakeServices::LakeServices(Random& random, const Clock& clock, const governance::LakeKeeper& keeper)
    : source_(clock, &keeper), grants_(random), identity_center_(random), shares_(random), share_permissions_(random) {}

void LakeServices::Serve(aws::Door& door) {
  door.Serve(settings_, lake::SettingsOperations{});
  door.Serve(tags_, lake::TagOperations{});
  door.Serve(assignment_, gate::List<lake::AddLFTagsToResource, lake::RemoveLFTagsFromResource, lake::GetResourceLFTags>{});
  door.Serve(search_, gate::List<lake::SearchDatabasesByLFTags, lake::SearchTablesByLFTags>{});
  door.Serve(expressions_, lake::ExpressionOperations{});
  door.Serve(filters_, lake::FilterOperations{});
  door.Serve(grants_, lake::GrantOperations{});
  door.Serve(listing_, lake::ListingOperations{});
  door.Serve(locations_, lake::LocationOperations{});
  door.Serve(identity_center_, lake::IdentityCenterOperations{});
  door.Serve(opt_ins_, lake::OptInOperations{});
  door.Serve(row_policies_, lake::RowPolicyOperations{});
  door.Serve(row_attachments_, lake::RowAttachmentOperations{});
  door.Serve(shares_, lake::ShareOperations{});
  door.Serve(share_listing_, lake::ShareListingOperations{});
  door.Serve(permissions_, lake::PermissionOperations{});
  door.Serve(share_permissions_, lake::SharePermissionOperations{});
  door.Serve(invitations_, lake::InvitationOperations{});
}

}  // namespace hanse::server
