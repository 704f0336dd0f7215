#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

// What decisions were made of, at any past moment. Triggers write a row of `history` in the same transaction as each change of a
// traced table (cascades included): the moment, the row before and the row after ("column=literal," for each). From the rows as
// they are now and what has changed since, CopyAsOf makes the rows as they were. The moment is that of the statement, by the
// database's own clock: a change counts from a little before its answer. History begins when a database is first opened with it,
// or where it was cut (ForgetHistory); before that, nothing is known.
namespace hanse::store {

// The tables that decisions read.
std::span<const std::string_view> TracedTables();

// A table as the database has it.
struct TracedTable {
  struct Column {
    std::string name;
    bool text = true;  // Else BIGINT.
  };
  std::string name;
  std::vector<Column> columns;
  std::vector<std::string> key;  // The columns of its primary key.
};

// The portable part: makes the table of history where there is none.
Result<void> MakeHistoryTable(Transaction& tx);
// The first moment that history knows of; nothing where it was never begun.
Result<std::optional<TimeMs>> HistoryBegins(Transaction& tx);
// The columns of a traced table whose change is a change of what was decided; the others are bulk, or counters.
std::vector<std::string> DecidingColumns(const TracedTable& table);

// Forgets what was before `before`, a part at a time, each in a transaction of its own: true where there is more. From the first
// part on history begins then.
Result<bool> ForgetHistory(Store& store, TimeMs before);

// Fills `into` (fresh, migrated, its foreign keys not yet checked) with the traced rows of `from` as they were at `moment`.
Result<void> CopyAsOf(Transaction& from, TimeMs moment, const std::vector<TracedTable>& tables, Transaction& into);

}  // namespace hanse::store
