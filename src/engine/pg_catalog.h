#pragma once
#include <memory>

#include "duckdb.hpp"
#include "engine/query_job.h"
#include "engine/server_link.h"

namespace hanse::engine {

// Answers questions about pg_catalog and information_schema (JobKind::kPgCatalog, kPgCatalogColumns) in an instance of its own: it
// holds what the server's listing shows the caller and nothing else, no file, no mesh catalog. What it holds of one question is
// written in a transaction that is never committed, so that the next one finds nothing of it. Made at the first question; of one
// thread.
class PgCatalog {
 public:
  // Never throws.
  QueryOutcome Ask(ServerLink& server, const QueryJob& job);

 private:
  duckdb::DuckDB& Instance();
  std::unique_ptr<duckdb::DuckDB> instance_;
};

// The tables, views and macros of such an instance.
extern const char* const kPgCatalogTables;

}  // namespace hanse::engine
