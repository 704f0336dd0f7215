#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "duckdb.hpp"
#include "duckdb/function/copy_function.hpp"
#include "engine/pg_catalog.h"
#include "engine/spill.h"

namespace hanse::engine {

struct SweepReport {
  std::size_t dropped = 0, kept = 0;
};

// One engine instance, prepared once and then good for queries one after another: swept of everything that is not allowed, its
// settings fixed and locked, with the mesh catalog as all that can be queried (spec/engine.md, section 1, design E).
class Instance {
 public:
  // kInternal where the library is not of the commit of its headers, or the sweep finds what it does not expect.
  static Result<std::unique_ptr<Instance>> Prepare(std::uint32_t threads);

  duckdb::DatabaseInstance& database() { return *database_->instance; }
  const SweepReport& sweep() const { return sweep_; }
  // The engine's writer of Parquet; no SQL reaches it.
  const duckdb::CopyFunction& parquet_writer() const { return *parquet_writer_; }
  // For questions of PostgreSQL's clients about the catalog: of none of this instance's making.
  PgCatalog& pg_catalog() { return pg_catalog_; }
  // Of the query that comes next; limits are the instance's, which is why it serves one query at a time.
  void Limit(std::uint64_t memory_bytes);
  Spill& spill() { return spill_; }

 private:
  Spill spill_;  // The database's file system writes to it.
  std::unique_ptr<duckdb::DuckDB> database_;
  std::shared_ptr<const duckdb::CopyFunction> parquet_writer_;
  SweepReport sweep_;
  PgCatalog pg_catalog_;
};

// Refuses (throws) plans that grow beyond a bound when common table expressions are inlined: the optimizer cannot be interrupted.
void RegisterPlanCap(duckdb::DBConfig& config);

}  // namespace hanse::engine
