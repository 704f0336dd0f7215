#pragma once
#include "gate/gate.h"
#include "governance/row_policy_rows.h"
#include "governance/target.h"
#include "wire/lakeformation.h"

namespace hanse::governance {

// Where a policy is attached: what the caller named in its own catalog, and what that leads to.
struct RowPlace {
  Target target;                                       // The table, database or tags themselves.
  std::optional<store::DatabaseRow> through_database;  // The resource link that was named.
  std::optional<store::TableRow> through_table;
  Id link() const { return through_database ? through_database->id : through_table ? through_table->id : 0; }
  bool foreign(std::string_view account) const { return target.owner != account; }
  // The row of an attachment there, without policy and principal.
  AttachmentRow Row(std::string_view keeper) const;
};

// A table, all tables of a database (both also through one resource link), or an LF-Tag policy for tables, of the caller's own
// catalog. kInvalidArgument: something else. kNotFound, in one text: it is not there, or not for the caller.
Result<RowPlace> FindRowPlace(const gate::Call& call, const wire::lakeformation::Resource& resource);

enum class RowAct { kAttach, kDetach };
// Takes ALTER, or ALL with the grant option, which an administrator of the catalog has; at a consumer's link its administrator
// decides. kAccessDenied.
Result<void> MayActThere(const gate::Call& call, const RowPlace& place, RowAct act);

}  // namespace hanse::governance
