#pragma once
#include <optional>
#include <string>
#include <vector>

#include "policy/lake.h"
#include "policy/lake_tags.h"
#include "store/directory.h"
#include "store/store.h"

// The grants of an account in the store (lakeformation.md, sections 2.2 and 2.6), one row for one principal, resource and
// condition.
namespace hanse::governance {

enum class GrantKind {
  kCatalog,
  kDatabase,
  kTable,
  kAllTables,  // Of a database, those to come included.
  kColumns,    // Of a table, by name.
  kAllButColumns,
  kCells,  // By a data cells filter.
  kLocation,
  kTag,  // One value of a tag, or "*".
  kDatabasesByTag,
  kTablesByTag,
  kExpression,  // A saved expression itself.
  kRowPolicy,   // A row-level security policy itself.
};

struct GrantRow {
  Id id = 0;
  AccountId keeper, owner;  // Whose grant it is; whose catalog the resource is in.
  std::string region;
  std::string principal;  // A key as grantee.h writes it.
  Id principal_id = 0;
  std::string shown;
  GrantKind kind = GrantKind::kTable;
  std::string resource_key;  // One text for one resource.
  Id object = 0;             // The database, table, tag, saved expression or row policy; 0: none.
  Id filter = 0, expression = 0;
  std::string detail;  // Columns (a line each), the tag's value, the path, or the expression as it was granted.
  std::string condition;
  policy::PermissionSet permissions, grantable;
  Id share = 0;
  bool open = true;  // Its share reaches the principal.
  TimeMs updated_ms = 0;
  std::string updated_by;
  // Of the filter that it names: as lf_filters has them.
  std::string filter_rows, filter_list, filter_columns;
  // Of the saved expression that it names.
  std::string saved_expression;

  // The tag expression of a policy, inline or saved; an empty one matches nothing.
  policy::TagExpression tags() const;
  std::vector<std::string> columns() const;
};

// Whether a row is about a table: its own, the wildcard of its database, policies for tables.
bool AboutTable(const GrantRow& row, const store::TableRow& table);

// Grants in `owner`'s catalog that name one of `principals`. `objects`: only those on one of them (0: those on no thing); empty:
// all. With condition or not, open or not.
Result<std::vector<GrantRow>> GrantsTo(store::Transaction& tx, std::string_view owner, std::string_view region,
                                       const std::vector<std::string>& principals, const std::vector<Id>& objects);
// All in `owner`'s catalog, in the order of ids after `after`, at most `limit`.
Result<std::vector<GrantRow>> GrantsIn(store::Transaction& tx, std::string_view owner, std::string_view region, Id after,
                                       std::int64_t limit);
// On one thing, whoever they name.
Result<std::vector<GrantRow>> GrantsOn(store::Transaction& tx, Id object);
// Made through a share.
Result<std::vector<GrantRow>> GrantsThrough(store::Transaction& tx, Id share);

Result<std::optional<GrantRow>> FindGrantById(store::Transaction& tx, Id id);
Result<std::optional<GrantRow>> FindGrant(store::Transaction& tx, const GrantRow& like);
// Adds to the row of the same key, or makes one.
Result<void> AddGrant(store::Transaction& tx, GrantRow row);
// Writes permissions, options and detail of a row; one without permissions goes.
Result<void> StoreGrant(store::Transaction& tx, const GrantRow& row);

std::string_view KindName(GrantKind kind);
GrantKind KindNamed(std::string_view name);

}  // namespace hanse::governance
