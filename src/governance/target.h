#pragma once
#include <optional>
#include <string>
#include <vector>

#include "governance/grant_rows.h"
#include "governance/row_policy_rows.h"
#include "governance/tag_rows.h"
#include "policy/lake_tags.h"
#include "store/directory.h"
#include "wire/lakeformation.h"

namespace hanse::governance {

// The thing that a `Resource` of the wire means (lakeformation.md, section 2.2), found in the store.
struct Target {
  GrantKind kind = GrantKind::kTable;
  AccountId owner;
  std::string region;
  std::optional<store::DatabaseRow> database;
  std::optional<store::TableRow> table;
  bool link = false;                 // Of the database or table: it is a resource link.
  bool select_only = false;          // It came as a list of columns, if of all.
  std::vector<std::string> columns;  // Of kColumns, kAllButColumns: lower case, sorted.
  Id filter = 0;
  Id expression = 0;            // Of policies by a saved expression, and of kExpression.
  policy::TagExpression terms;  // Of policies.
  TagRow tag;
  std::vector<std::string> values;  // Of kTag: lower case.
  std::string path;                 // Of kLocation.
  RowPolicyRow row_policy;          // Of kRowPolicy.

  // The rows that a grant on it makes: one, for tags one a value. Without principal and permissions.
  std::vector<GrantRow> Rows() const;
};

// kInvalidArgument: it is not exactly one well-formed thing. kNotFound: there is none such; who asks may have to be told otherwise.
Result<Target> FindTarget(store::Transaction& tx, const Caller& caller, std::string_view region,
                          const std::optional<std::string>& catalog_id, const wire::lakeformation::Resource& resource);

}  // namespace hanse::governance
