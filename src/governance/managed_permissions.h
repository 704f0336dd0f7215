#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The permissions of RAM that AWS manages, for the types of resources that can be shared here: the catalog's (lakeformation.md,
// section 5.2). They say what a share allows at most; what is given are Lake Formation's grants. Constant.
namespace hanse::governance {

struct ManagedPermission {
  std::string_view name, type;  // "AWSRAMDefaultPermissionGlueTable", "glue:Table"
  bool type_default = false;    // What a share by hand has for the type unless another was chosen.
  std::vector<std::string_view> actions;
  std::string arn() const;
  // The newest: 2. The first one had no search and no versions of tables.
  static constexpr int kVersions = 2;
  // {"Effect":"Allow","Action":[…]}; nothing where there is no such version.
  std::optional<std::string> Template(int version) const;
};

const std::vector<ManagedPermission>& ManagedPermissions();
const ManagedPermission* FindManagedPermission(std::string_view arn);
// Of a share by hand; nullptr: resources of the type cannot be shared.
const ManagedPermission* DefaultPermission(std::string_view type);
// Of a share that a grant made, for one of its resources.
const ManagedPermission* GrantedPermission(std::string_view type, std::string_view arn);
// "glue:Catalog", "glue:Database", "glue:Table".
std::vector<std::string_view> SharedTypes();

}  // namespace hanse::governance
