#include "governance/shown_grants.h"

#include "governance/expression_rows.h"
#include "governance/filter_rows.h"
#include "governance/grantee.h"
#include "governance/location_rows.h"
#include "governance/row_policy_rows.h"
#include "governance/share_rows.h"
#include "governance/tag_rows.h"
#include "model/arn.h"
#include "policy/lake_decide.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;
using policy::Permission;
using policy::PermissionSet;

constexpr std::string_view kAllTables = "ALL_TABLES";

lf::TableWithColumnsResource AllColumns(const lf::TableResource& table) {
  lf::TableWithColumnsResource columns;
  columns.catalog_id = table.catalog_id;
  columns.database_name = table.database_name;
  columns.name = table.name;
  columns.column_wildcard.emplace();
  return columns;
}

Result<bool> ShowTable(store::Transaction& tx, const GrantRow& row, lf::Resource* resource) {
  TRY_ASSIGN(auto table, store::FindTableById(tx, row.object));
  if (!table) return false;
  lf::TableResource named{.catalog_id = row.owner, .database_name = table->database_name, .name = table->name};
  if (row.kind == GrantKind::kTable) {
    resource->table = std::move(named);
    return true;
  }
  if (row.kind == GrantKind::kCells) {
    TRY_ASSIGN(auto filter, FindFilterById(tx, row.filter));
    if (!filter) return false;
    resource->data_cells_filter = lf::DataCellsFilterResource{
        .table_catalog_id = row.owner, .database_name = table->database_name, .table_name = table->name, .name = filter->name};
    return true;
  }
  lf::TableWithColumnsResource columns = AllColumns(named);
  if (row.kind == GrantKind::kColumns) {
    columns.column_wildcard.reset();
    columns.column_names = row.columns();
  } else {
    columns.column_wildcard->excluded_column_names = row.columns();
  }
  resource->table_with_columns = std::move(columns);
  return true;
}

Result<bool> ShowPolicy(store::Transaction& tx, const GrantRow& row, lf::Resource* resource) {
  lf::LFTagPolicyResource policy;
  policy.catalog_id = row.owner;
  policy.resource_type = row.kind == GrantKind::kTablesByTag ? "TABLE" : "DATABASE";
  if (row.expression != 0) {
    TRY_ASSIGN(auto saved, FindExpressionById(tx, row.expression));
    if (!saved) return false;
    policy.expression_name = saved->name;
  } else {
    policy.expression = ShownExpression(row.tags());
  }
  resource->lf_tag_policy = std::move(policy);
  return true;
}

Result<bool> Show(store::Transaction& tx, const GrantRow& row, lf::Resource* resource) {
  switch (row.kind) {
    case GrantKind::kCatalog: resource->catalog = lf::CatalogResource{.id = row.owner}; return true;
    case GrantKind::kDatabase:
    case GrantKind::kAllTables: {
      TRY_ASSIGN(auto database, store::FindDatabaseById(tx, row.object));
      if (!database) return false;
      if (row.kind == GrantKind::kDatabase) {
        resource->database = lf::DatabaseResource{.catalog_id = row.owner, .name = database->name};
      } else {
        resource->table = lf::TableResource{.catalog_id = row.owner,
                                            .database_name = database->name,
                                            .name = std::string(kAllTables),
                                            .table_wildcard = lf::TableWildcard()};
      }
      return true;
    }
    case GrantKind::kTable:
    case GrantKind::kColumns:
    case GrantKind::kAllButColumns:
    case GrantKind::kCells: return ShowTable(tx, row, resource);
    case GrantKind::kLocation:
      resource->data_location = lf::DataLocationResource{.catalog_id = row.owner, .resource_arn = ArnOfPath(row.detail)};
      return true;
    case GrantKind::kTag: {
      TRY_ASSIGN(auto tag, FindTagById(tx, row.object));
      if (tag)
        resource->lf_tag =
            lf::LFTagKeyResource{.catalog_id = row.owner, .tag_key = tag->key, .tag_values = std::vector{row.detail}};
      return tag.has_value();
    }
    case GrantKind::kDatabasesByTag:
    case GrantKind::kTablesByTag: return ShowPolicy(tx, row, resource);
    case GrantKind::kExpression: {
      TRY_ASSIGN(auto saved, FindExpressionById(tx, row.expression));
      if (saved) resource->lf_tag_expression = lf::LFTagExpressionResource{.catalog_id = row.owner, .name = saved->name};
      return saved.has_value();
    }
    case GrantKind::kRowPolicy: {
      TRY_ASSIGN(auto policy, FindRowPolicyById(tx, row.object));
      if (policy) resource->rls_policy = lf::RLSPolicyResource{.catalog_id = row.owner, .name = policy->name};
      return policy.has_value();
    }
  }
  return false;
}

// ALL stands with all that it is, except for IAM_ALLOWED_PRINCIPALS.
PermissionSet Spelled(const GrantRow& row, PermissionSet set) {
  if (!set.Has(Permission::kAll) || row.principal == kIamAllowedPrincipals) return set;
  bool database = row.kind == GrantKind::kDatabase || row.kind == GrantKind::kDatabasesByTag;
  return database ? policy::DatabasePermissions() : policy::TablePermissions();
}

}  // namespace

Result<std::optional<lf::Resource>> ShownResource(store::Transaction& tx, const GrantRow& row) {
  lf::Resource resource;
  TRY_ASSIGN(bool there, Show(tx, row, &resource));
  return there ? std::optional(std::move(resource)) : std::optional<lf::Resource>();
}

Result<std::vector<lf::PrincipalResourcePermissions>> Shown(store::Transaction& tx, const GrantRow& row) {
  std::vector<lf::PrincipalResourcePermissions> shown;
  TRY_ASSIGN(auto resource, ShownResource(tx, row));
  if (!resource) return shown;
  lf::PrincipalResourcePermissions one;
  std::string identifier = row.shown;
  if (row.principal_id != 0) {
    TRY_ASSIGN(auto principal, store::FindPrincipalById(tx, row.principal_id));
    if (principal) identifier = principal->arn;
  }
  one.principal = lf::DataLakePrincipal{.data_lake_principal_identifier = std::move(identifier)};
  one.resource = std::move(*resource);
  if (!row.condition.empty()) one.condition = lf::Condition{.expression = row.condition};
  if (row.share != 0) {
    TRY_ASSIGN(auto share, FindShareById(tx, row.share));
    if (share) one.additional_details = lf::DetailsMap{.resource_share = std::vector{share->arn}};
  }
  one.last_updated = wire::Timestamp{row.updated_ms};
  one.last_updated_by = row.updated_by;
  PermissionSet permissions = Spelled(row, row.permissions), grantable = Spelled(row, row.grantable);
  // SELECT on a whole table is SELECT on all its columns, a row of its own.
  bool whole = one.resource->table.has_value();
  if (whole && permissions.Has(Permission::kSelect)) {
    lf::PrincipalResourcePermissions select = one;
    select.resource = lf::Resource{.table_with_columns = AllColumns(*one.resource->table)};
    select.permissions = std::vector<std::string>{"SELECT"};
    select.permissions_with_grant_option.emplace();
    if (grantable.Has(Permission::kSelect)) select.permissions_with_grant_option->push_back("SELECT");
    shown.push_back(std::move(select));
    permissions.Remove(Permission::kSelect);
    grantable.Remove(Permission::kSelect);
  }
  one.permissions = policy::PermissionNames(permissions);
  one.permissions_with_grant_option = policy::PermissionNames(grantable);
  if (!permissions.empty()) shown.insert(shown.begin(), std::move(one));
  return shown;
}

Result<std::optional<SharedResource>> SharedBy(store::Transaction& tx, const GrantRow& row) {
  auto shared = [&](const std::string& resource, std::string type) {
    return std::optional<SharedResource>({GlueArn(row.region, row.owner, resource), std::move(type)});
  };
  switch (row.kind) {
    case GrantKind::kDatabase:
    case GrantKind::kAllTables: {
      TRY_ASSIGN(auto database, store::FindDatabaseById(tx, row.object));
      if (!database) return std::optional<SharedResource>();
      const std::string& name = database->name;
      return row.kind == GrantKind::kDatabase ? shared("database/" + name, "glue:Database")
                                              : shared("table/" + name + "/*", "glue:Table");
    }
    case GrantKind::kTable:
    case GrantKind::kColumns:
    case GrantKind::kAllButColumns:
    case GrantKind::kCells: {
      TRY_ASSIGN(auto table, store::FindTableById(tx, row.object));
      if (!table) return std::optional<SharedResource>();
      return shared("table/" + table->database_name + "/" + table->name, "glue:Table");
    }
    default: return shared("catalog", "glue:Catalog");
  }
}

}  // namespace hanse::governance
