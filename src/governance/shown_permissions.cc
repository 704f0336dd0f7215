#include "governance/shown_permissions.h"

namespace hanse::governance {
namespace {

// What the summary and the whole have in common.
template <class Shape>
Shape CommonPart(const SharePermission& permission, std::int64_t version) {
  Shape shown;
  shown.arn = permission.arn;
  shown.version = std::to_string(version);
  shown.default_version = version == permission.default_version;
  shown.name = permission.name;
  shown.resource_type = permission.type;
  shown.status = permission.status;
  shown.creation_time = wire::Timestamp{permission.created_ms};
  shown.last_updated_time = wire::Timestamp{permission.updated_ms};
  shown.is_resource_type_default = permission.type_default;
  shown.permission_type = permission.managed() ? "AWS_MANAGED" : "CUSTOMER_MANAGED";
  shown.feature_set = "STANDARD";
  return shown;
}

}  // namespace

wire::ram::ResourceSharePermissionSummary ShownPermission(const SharePermission& permission, std::int64_t version) {
  return CommonPart<wire::ram::ResourceSharePermissionSummary>(permission, version);
}

Result<wire::ram::ResourceSharePermissionDetail> PermissionInFull(store::Transaction& tx, const SharePermission& permission,
                                                                  std::int64_t version) {
  auto shown = CommonPart<wire::ram::ResourceSharePermissionDetail>(permission, version);
  TRY_ASSIGN(shown.permission, TemplateOf(tx, permission, version));
  return shown;
}

}  // namespace hanse::governance
