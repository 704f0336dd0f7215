#pragma once
#include "doors/aws/door.h"
#include "governance/expressions.h"
#include "governance/filters.h"
#include "governance/grants.h"
#include "governance/identity_center.h"
#include "governance/invitations.h"
#include "governance/lake_source.h"
#include "governance/listing.h"
#include "governance/locations.h"
#include "governance/opt_ins.h"
#include "governance/permissions.h"
#include "governance/row_attachments.h"
#include "governance/row_policies.h"
#include "governance/settings.h"
#include "governance/share_listing.h"
#include "governance/share_permissions.h"
#include "governance/shares.h"
#include "governance/tag_assignment.h"
#include "governance/tags.h"

namespace hanse::server {

// Lake Formation's and RAM's operations, and the second door.
class LakeServices {
 public:
  LakeServices(Random& random, const Clock& clock, const governance::LakeKeeper& keeper);
  governance::LakeSource& source() { return source_; }
  void Serve(aws::Door& door);

 private:
  governance::LakeSource source_;
  governance::Settings settings_;
  governance::LFTags tags_;
  governance::TagAssignment assignment_;
  governance::TagSearch search_;
  governance::TagExpressions expressions_;
  governance::Filters filters_;
  governance::Grants grants_;
  governance::GrantListing listing_;
  governance::Locations locations_;
  governance::IdentityCenter identity_center_;
  governance::OptIns opt_ins_;
  governance::RowPolicies row_policies_;
  governance::RowAttachments row_attachments_;
  governance::Shares shares_;
  governance::ShareListing share_listing_;
  governance::Permissions permissions_;
  governance::SharePermissions share_permissions_;
  governance::Invitations invitations_;
};

}  // namespace hanse::server
