#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "audit/index.h"
#include "audit/indexed_event.h"
#include "base/result.h"

struct sqlite3;

// The statements of the index; index.h says what it is. The caller holds the database for itself.
namespace hanse::audit::index_database {

// Opens FOLDER/index.db; makes it anew where it is of another form or the machine stopped while it was written.
Result<sqlite3*> Open(const std::string& folder);
// Notes that all is written, and closes.
void Close(sqlite3* database);

// Where to read on.
struct Progress {
  std::int64_t segment = 0;
  std::uint64_t offset = 0;
};
Result<Progress> ReadProgress(sqlite3* database);

struct Located {
  IndexedEvent event;
  std::int64_t segment = 0;
  std::uint64_t offset = 0;
  std::size_t bytes = 0;  // Of the line.
};
// All of them and the progress in one transaction.
Result<void> Add(sqlite3* database, const std::vector<Located>& events, const Progress& progress);

struct Hit {
  Found found;  // Without `json`.
  std::int64_t segment = 0;
  std::uint64_t offset = 0;
  std::size_t bytes = 0;
};
Result<std::vector<Hit>> Search(sqlite3* database, const Lookup& lookup);

}  // namespace hanse::audit::index_database
