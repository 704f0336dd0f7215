#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/access.h"
#include "store/directory.h"
#include "wire/glue.h"

// Between what clients send and see (the service's structures) and rows. A row's `definition` is JSON of wire::glue::Database or
// wire::glue::Table, without what the row or the request itself says (names of parents, version, registration).
namespace hanse::catalog {

inline constexpr std::size_t kColumnsMax = 10'000;

// The row of a new table or link in `home`: names folded to lower case, columns checked. kInvalidArgument names the member.
struct Author {
  std::string arn;
  TimeMs now_ms = 0;
};
// `view`: what of a ViewDefinition is kept, as definer_view.h has checked it; an input that has one is refused without.
using CheckedView = std::optional<wire::glue::ViewDefinition>;
Result<store::TableRow> NewTableRow(const store::DatabaseRow& home, const wire::glue::TableInput& input, const Author& author,
                                    CheckedView view = {});
// `row` with the definition replaced by `input`: the next version of the same table.
Result<store::TableRow> NextTableRow(const store::TableRow& row, const wire::glue::TableInput& input, const Author& author,
                                     CheckedView view = {});
Result<store::DatabaseRow> NewDatabaseRow(const AccountId& account, std::string_view region, const wire::glue::DatabaseInput& input,
                                          TimeMs now_ms);

// Columns, locations and names of a partition or table, in the one spelling that is kept.
Result<void> NormalizeStorage(wire::glue::StorageDescriptor* storage);
// Every place that a storage descriptor points to.
std::vector<std::string> LocationsOf(const std::optional<wire::glue::StorageDescriptor>& storage);

// What a caller is shown of a table that was opened for it: the described columns alone, and where one is hidden nothing that
// spells it out (parameters, view texts, sort and bucket columns). A link shows its own names over its target's definition.
Result<wire::glue::Table> ShownTable(const OpenedTable& opened);
// The same for an old version of the same table, given by its definition.
Result<wire::glue::Table> ShownVersion(const OpenedTable& opened, std::string_view definition, std::int64_t version);
// Whether there is a column of the table that the caller may not know.
bool HidesColumns(const OpenedTable& opened);
// Takes the hidden columns of `opened` out of a partition's storage descriptor.
void HideColumns(const OpenedTable& opened, wire::glue::StorageDescriptor* storage);

// `followed`: the target of a link that the caller may see, or null.
Result<wire::glue::Database> ShownDatabase(const store::DatabaseRow& named, const store::DatabaseRow* followed);

// The service's own code of an error, for batches that answer errors one by one ("EntityNotFoundException").
std::string GlueErrorCode(const Error& error);
wire::glue::ErrorDetail ErrorDetailOf(const Error& error);

}  // namespace hanse::catalog
