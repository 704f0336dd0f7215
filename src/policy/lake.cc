#include "policy/lake.h"

namespace hanse::policy {
namespace {

struct Named {
  Permission permission;
  std::string_view name;
};

constexpr Named kNames[] = {
    {Permission::kAll, "ALL"},
    {Permission::kSelect, "SELECT"},
    {Permission::kAlter, "ALTER"},
    {Permission::kDrop, "DROP"},
    {Permission::kDelete, "DELETE"},
    {Permission::kInsert, "INSERT"},
    {Permission::kDescribe, "DESCRIBE"},
    {Permission::kCreateDatabase, "CREATE_DATABASE"},
    {Permission::kCreateTable, "CREATE_TABLE"},
    {Permission::kDataLocationAccess, "DATA_LOCATION_ACCESS"},
    {Permission::kCreateLfTag, "CREATE_LF_TAG"},
    {Permission::kAssociate, "ASSOCIATE"},
    {Permission::kGrantWithLfTagExpression, "GRANT_WITH_LF_TAG_EXPRESSION"},
    {Permission::kCreateLfTagExpression, "CREATE_LF_TAG_EXPRESSION"},
    {Permission::kCreateCatalog, "CREATE_CATALOG"},
    {Permission::kSuperUser, "SUPER_USER"},
};

}  // namespace

bool ParsePermission(std::string_view text, Permission* permission) {
  for (const Named& named : kNames) {
    if (named.name != text) continue;
    *permission = named.permission;
    return true;
  }
  return false;
}

std::string_view PermissionName(Permission permission) {
  for (const Named& named : kNames) {
    if (named.permission == permission) return named.name;
  }
  return "";
}

std::vector<std::string> PermissionNames(PermissionSet set) {
  std::vector<std::string> names;
  for (const Named& named : kNames) {
    if (set.Has(named.permission)) names.emplace_back(named.name);
  }
  return names;
}

}  // namespace hanse::policy
