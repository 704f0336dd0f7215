// Asks the library that was fetched for DuckDB which version and commit it is, and fails where they are not the pinned ones. By the
// C interface, which does not change with the commit.
#include <duckdb.h>

#include <cstdio>
#include <string>

#include "engine/pinned_library.h"

int main() {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  duckdb_result result{};
  std::string version, source_id;
  if (duckdb_open(nullptr, &database) == DuckDBSuccess && duckdb_connect(database, &connection) == DuckDBSuccess &&
      duckdb_query(connection, "SELECT library_version, source_id FROM pragma_version()", &result) == DuckDBSuccess) {
    for (auto [column, into] : {std::pair(0, &version), std::pair(1, &source_id)}) {
      char* text = duckdb_value_varchar(&result, static_cast<idx_t>(column), 0);
      if (text != nullptr) *into = text;
      duckdb_free(text);
    }
  }
  duckdb_destroy_result(&result);
  duckdb_disconnect(&connection);
  duckdb_close(&database);
  if (hanse::engine::IsPinnedLibrary(version, source_id)) return 0;
  std::fprintf(stderr,
               "libduckdb.so is %s of commit %s; the headers are %s of commit %s: remove .deps/duckdb.done, run tools/deps.sh\n",
               version.c_str(), source_id.c_str(), std::string(hanse::engine::kDuckdbVersion).c_str(),
               std::string(hanse::engine::kDuckdbSourceId).c_str());
  return 1;
}
