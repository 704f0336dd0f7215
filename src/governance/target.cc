#include "governance/target.h"

#include <algorithm>

#include "base/text.h"
#include "governance/expression_rows.h"
#include "governance/filter_rows.h"
#include "governance/location_rows.h"
#include "governance/refusals.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;

class Finder {
 public:
  Finder(store::Transaction& tx, const Caller& caller, std::string_view region, const std::optional<std::string>& catalog_id)
      : tx_(tx), caller_(caller), catalog_id_(catalog_id) {
    target_.region = std::string(region);
  }

  Result<Target> Find(const lf::Resource& resource) {
    if (resource.catalog) TRY(Catalog(*resource.catalog));
    if (resource.database) TRY(Database(*resource.database));
    if (resource.table) TRY(Table(*resource.table));
    if (resource.table_with_columns) TRY(Columns(*resource.table_with_columns));
    if (resource.data_location) TRY(Location(*resource.data_location));
    if (resource.data_cells_filter) TRY(Filter(*resource.data_cells_filter));
    if (resource.lf_tag) TRY(Tag(*resource.lf_tag));
    if (resource.lf_tag_policy) TRY(Policy(*resource.lf_tag_policy));
    if (resource.lf_tag_expression) TRY(Expression(*resource.lf_tag_expression));
    if (resource.rls_policy) TRY(RowPolicy(*resource.rls_policy));
    return std::move(target_);
  }

 private:
  Result<void> Owner(const std::optional<std::string>& inner) {
    if (inner && catalog_id_ && *inner != *catalog_id_) return Invalid("CatalogId of the request and of the resource differ");
    target_.owner = inner ? *inner : catalog_id_.value_or(caller_.account);
    return {};
  }

  Result<void> FindDatabase(const std::optional<std::string>& name) {
    if (!name || name->empty()) return Invalid("Database name cannot be empty.");
    TRY_ASSIGN(target_.database, store::FindDatabase(tx_, target_.owner, target_.region, *name));
    if (!target_.database) return NoSuch(kNoEntity);
    return {};
  }

  Result<void> FindTable(const std::optional<std::string>& database, const std::optional<std::string>& name) {
    TRY(FindDatabase(database));
    TRY_ASSIGN(target_.table, store::FindTable(tx_, target_.database->id, name.value_or("")));
    if (!target_.table) return NoSuch(kNoEntity);
    target_.link = static_cast<bool>(target_.table->target);
    return {};
  }

  Result<void> Catalog(const lf::CatalogResource& in) {
    target_.kind = GrantKind::kCatalog;
    return Owner(in.id);
  }

  Result<void> Database(const lf::DatabaseResource& in) {
    target_.kind = GrantKind::kDatabase;
    TRY(Owner(in.catalog_id));
    TRY(FindDatabase(in.name));
    target_.link = static_cast<bool>(target_.database->target);
    return {};
  }

  Result<void> Table(const lf::TableResource& in) {
    TRY(Owner(in.catalog_id));
    bool named = in.name && !in.name->empty();
    // Lists show the wildcard with a name; clients send it back as they read it.
    if (in.table_wildcard && named && *in.name != "ALL_TABLES")
      return Invalid("Table name and table wildcard cannot both be present.");
    if (!in.table_wildcard && !named) return Invalid("Table name and table wildcard cannot both be empty.");
    target_.kind = in.table_wildcard ? GrantKind::kAllTables : GrantKind::kTable;
    return in.table_wildcard ? FindDatabase(in.database_name) : FindTable(in.database_name, in.name);
  }

  Result<void> Columns(const lf::TableWithColumnsResource& in) {
    TRY(Owner(in.catalog_id));
    std::vector<std::string> names = in.column_names.value_or(std::vector<std::string>());
    if (names.empty() == !in.column_wildcard) return Invalid("Exactly one of ColumnNames and ColumnWildcard must be present.");
    target_.select_only = true;
    target_.kind = GrantKind::kColumns;
    if (in.column_wildcard) {
      names = in.column_wildcard->excluded_column_names.value_or(std::vector<std::string>());
      target_.kind = names.empty() ? GrantKind::kTable : GrantKind::kAllButColumns;
      if (in.name == "ALL_TABLES" && names.empty()) {
        target_.kind = GrantKind::kAllTables;
        return FindDatabase(in.database_name);
      }
    }
    for (const std::string& name : names) target_.columns.push_back(Lower(name));
    std::ranges::sort(target_.columns);
    target_.columns.erase(std::unique(target_.columns.begin(), target_.columns.end()), target_.columns.end());
    return FindTable(in.database_name, in.name);
  }

  Result<void> Location(const lf::DataLocationResource& in) {
    target_.kind = GrantKind::kLocation;
    TRY(Owner(in.catalog_id));
    std::optional<std::string> path = PathOfArn(in.resource_arn.value_or(""));
    if (!path) return Invalid("ResourceArn must be a place in S3: arn:aws:s3:::bucket/prefix");
    target_.path = std::move(*path);
    TRY_ASSIGN(auto over, LocationsOver(tx_, target_.region, target_.path));
    for (const LocationRow& location : over) {
      if (location.account == target_.owner) return {};
    }
    return NoSuch(kNoEntity);
  }

  Result<void> Filter(const lf::DataCellsFilterResource& in) {
    target_.kind = GrantKind::kCells;
    TRY(Owner(in.table_catalog_id));
    TRY(FindTable(in.database_name, in.table_name));
    // A consumer's own filter goes before the owner's of the same name.
    TRY_ASSIGN(auto filter, FindFilter(tx_, target_.table->id, caller_.account, in.name.value_or("")));
    if (!filter) {
      TRY_ASSIGN(filter, FindFilter(tx_, target_.table->id, target_.owner, in.name.value_or("")));
    }
    if (!filter) return NoSuch(kNoEntity);
    target_.filter = filter->id;
    return {};
  }

  Result<void> Tag(const lf::LFTagKeyResource& in) {
    target_.kind = GrantKind::kTag;
    TRY(Owner(in.catalog_id));
    TRY_ASSIGN(auto tag, FindTag(tx_, target_.owner, target_.region, Lower(in.tag_key.value_or(""))));
    if (!tag) return NoSuch("Tag or tag value does not exist.");
    target_.tag = std::move(*tag);
    TRY_ASSIGN(std::vector<std::string> known, TagValues(tx_, target_.tag.id));
    for (const std::string& value : in.tag_values.value_or(std::vector<std::string>())) {
      target_.values.push_back(Lower(value));
      if (value != "*" && !std::ranges::binary_search(known, target_.values.back()))
        return NoSuch("Tag or tag value does not exist.");
    }
    if (target_.values.empty()) return Invalid("TagValues must have at least one value");
    return {};
  }

  Result<void> Policy(const lf::LFTagPolicyResource& in) {
    TRY(Owner(in.catalog_id));
    if (in.resource_type != "DATABASE" && in.resource_type != "TABLE") return Invalid("ResourceType must be DATABASE or TABLE");
    target_.kind = in.resource_type == "DATABASE" ? GrantKind::kDatabasesByTag : GrantKind::kTablesByTag;
    bool inline_terms = in.expression && !in.expression->empty();
    if (inline_terms == in.expression_name.has_value())
      return Invalid("Exactly one of Expression and ExpressionName must be present.");
    if (inline_terms) {
      TRY_ASSIGN(target_.terms, ReadExpression(tx_, target_.owner, target_.region, *in.expression));
      return {};
    }
    return Saved(*in.expression_name);
  }

  Result<void> Saved(const std::string& name) {
    TRY_ASSIGN(auto saved, FindExpression(tx_, target_.owner, target_.region, name));
    if (!saved) return NoSuch(kNoEntity);
    target_.expression = saved->id;
    target_.terms = policy::DecodeExpression(saved->expression).value_or(policy::TagExpression());
    return {};
  }

  Result<void> Expression(const lf::LFTagExpressionResource& in) {
    target_.kind = GrantKind::kExpression;
    TRY(Owner(in.catalog_id));
    return Saved(in.name.value_or(""));
  }

  Result<void> RowPolicy(const lf::RLSPolicyResource& in) {
    target_.kind = GrantKind::kRowPolicy;
    TRY(Owner(in.catalog_id));
    TRY_ASSIGN(auto policy, FindRowPolicy(tx_, target_.owner, target_.region, in.name.value_or("")));
    if (!policy) return NoSuch(kNoEntity);
    target_.row_policy = std::move(*policy);
    return {};
  }

  store::Transaction& tx_;
  const Caller& caller_;
  const std::optional<std::string>& catalog_id_;
  Target target_;
};

std::string KeyOf(const Target& target) {
  auto id = [](Id value) { return std::to_string(value); };
  switch (target.kind) {
    case GrantKind::kCatalog: return "catalog";
    case GrantKind::kDatabase: return "database:" + id(target.database->id);
    case GrantKind::kTable: return "table:" + id(target.table->id);
    case GrantKind::kAllTables: return "all_tables:" + id(target.database->id);
    case GrantKind::kColumns: return "columns:" + id(target.table->id);
    case GrantKind::kAllButColumns: return "all_but:" + id(target.table->id) + ":" + Join(target.columns, "\n");
    case GrantKind::kCells: return "cells:" + id(target.filter);
    case GrantKind::kLocation: return "location:" + target.path;
    case GrantKind::kTag: return "tag:" + id(target.tag.id);
    case GrantKind::kDatabasesByTag:
    case GrantKind::kTablesByTag: {
      std::string kind = target.kind == GrantKind::kDatabasesByTag ? "databases" : "tables";
      return kind + (target.expression ? ":saved:" + id(target.expression) : ":" + policy::EncodeExpression(target.terms));
    }
    case GrantKind::kExpression: return "expression:" + id(target.expression);
    case GrantKind::kRowPolicy: return "row_policy:" + id(target.row_policy.id);
  }
  return {};
}

}  // namespace

std::vector<GrantRow> Target::Rows() const {
  GrantRow row;
  row.owner = owner;
  row.region = region;
  row.kind = kind;
  row.resource_key = KeyOf(*this);
  row.filter = filter;
  row.expression = expression;
  if (kind == GrantKind::kDatabase || kind == GrantKind::kAllTables) row.object = database->id;
  if (kind == GrantKind::kTable || kind == GrantKind::kColumns || kind == GrantKind::kAllButColumns || kind == GrantKind::kCells) {
    row.object = table->id;
  }
  if (kind == GrantKind::kExpression) row.object = expression;
  if (kind == GrantKind::kRowPolicy) row.object = row_policy.id;
  if (kind == GrantKind::kColumns || kind == GrantKind::kAllButColumns) row.detail = Join(columns, "\n");
  if (kind == GrantKind::kLocation) row.detail = path;
  if ((kind == GrantKind::kDatabasesByTag || kind == GrantKind::kTablesByTag) && expression == 0) {
    row.detail = policy::EncodeExpression(terms);
  }
  if (kind != GrantKind::kTag) return {row};
  std::vector<GrantRow> rows;
  for (const std::string& value : values) {
    row.object = tag.id;
    row.detail = value;
    row.resource_key = KeyOf(*this) + ":" + value;
    rows.push_back(row);
  }
  return rows;
}

Result<Target> FindTarget(store::Transaction& tx, const Caller& caller, std::string_view region,
                          const std::optional<std::string>& catalog_id, const lf::Resource& resource) {
  int members = resource.catalog.has_value() + resource.database.has_value() + resource.table.has_value() +
                resource.table_with_columns.has_value() + resource.data_location.has_value() +
                resource.data_cells_filter.has_value() + resource.lf_tag.has_value() + resource.lf_tag_policy.has_value() +
                resource.lf_tag_expression.has_value() + resource.rls_policy.has_value();
  if (resource.user_defined_function || resource.any_resource) {
    return Fail(ErrorCode::kUnsupported, "Grants on functions are not built");
  }
  if (members == 0) return Invalid("Resource must have one of the have either the catalog, table or database field populated.");
  if (members > 1) return Invalid("Resource must have exactly one member");
  return Finder(tx, caller, region, catalog_id).Find(resource);
}

}  // namespace hanse::governance
