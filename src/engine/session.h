#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/catalog/catalog_entry.hpp"
#include "duckdb/main/client_context_state.hpp"
#include "engine/database_name.h"
#include "engine/meter.h"
#include "engine/sealed_files.h"
#include "engine/server_link.h"

// Headers that include duckdb.hpp stay inside this folder.
namespace hanse::engine {

// Plans are copied inside one process by serialising them (CTE inlining, common subplans): a scan's bind data goes through here by
// number. Owned by the session and emptied at the end of each query, because bind data must die before the instance (rule 11).
struct BindRegistry {
  std::mutex mutex;
  std::map<duckdb::idx_t, duckdb::unique_ptr<duckdb::FunctionData>> entries;
  duckdb::idx_t next = 1;

  duckdb::idx_t Keep(duckdb::unique_ptr<duckdb::FunctionData> data);
  // What was kept under the number, once. Throws where there is nothing.
  duckdb::unique_ptr<duckdb::FunctionData> Take(duckdb::idx_t number);
};

// One query of one caller: hangs in its connection's registered_state, and everything that the query may reach is reached through
// it. A connection without a session sees nothing. Threads of the query share it.
class Session : public duckdb::ClientContextState {
 public:
  Session(ServerLink& server, const QueryJob& job, std::string nonce)
      : server(server), job(job), nonce(std::move(nonce)), meter(std::make_shared<Meter>(job.limits.scanned_bytes_max)) {}
  // Of the query of a view with its definer's rights (definer_view.h), which runs within the one `above`: what it reads counts
  // there, and it sees what the server gives to that view.
  Session(Session& above, const QueryJob& job, std::string nonce, std::uint64_t view)
      : server(above.server), job(job), nonce(std::move(nonce)), beneath(view), meter(above.meter), known(above.known) {}

  // What the catalogs are called in the caller's own text.
  CatalogNames catalogs() const { return CatalogNames(job.catalogs, job.catalog); }
  static duckdb::shared_ptr<Session> Of(duckdb::ClientContext& context);
  // Ties the session to a fresh connection; refuses one that has a session already (rule 12).
  static void Start(duckdb::Connection& connection, const duckdb::shared_ptr<Session>& session);
  void QueryEnd(duckdb::ClientContext& context) override;
  // A table as this session may see it. Throws the text that the server gives for what is missing or hidden.
  TableSource Resolve(const std::string& database, const std::string& table, const ColumnConditions& conditions);
  // Each reference to a view is counted: what a query expands to is bounded, and so is how deep. Throws beyond the bound.
  void CountView();

  ServerLink& server;
  const QueryJob& job;
  const std::string nonce;          // In the names of this query's files: another query's names mean nothing.
  const std::uint64_t beneath = 0;  // The definer's view whose query this is; 0: the caller's own query.
  const std::shared_ptr<Meter> meter;
  // What the server gave to definers' views of this query: asked once for each name, however often a view is named.
  struct Beneath {
    std::mutex mutex;
    std::map<std::string, TableSource> tables;
  };
  const std::shared_ptr<Beneath> known = std::make_shared<Beneath>();
  std::vector<ColumnConditions> conditions;  // Of marked references (row_conditions.h). Written before anything is bound.
  duckdb::shared_ptr<BindRegistry> registry = duckdb::make_shared_ptr<BindRegistry>();
  // Objects that this query has opened and may open again; descriptors are a worker's scarcest good, so not all of many.
  static constexpr std::size_t kObjectsKeptOpen = 256;
  std::mutex objects_mutex;
  std::map<std::uint64_t, std::shared_ptr<const SealedObject>> objects;
  std::map<std::uint64_t, std::uint64_t> following;  // Object -> the one that its scan opens next (object_files.h).
  std::size_t objects_at_once = 1;
  std::mutex asking_mutex;     // Held while objects are asked for: who wants one of them waits for it. Before objects_mutex.
  std::atomic<int> views = 0;  // References to views that were bound.
  std::atomic<int> inner = 0;  // Sessions of definers' views that began within this one.
  std::atomic<bool> partial_views = false;  // Of one of them the caller does not see every column: its text is hidden from him.
  std::mutex tables_mutex;
  duckdb::case_insensitive_map_t<duckdb::unique_ptr<duckdb::CatalogEntry>> tables;  // Made on first use; outlive the plan.
};

// Where unqualified names are looked for when a query has no database.
inline constexpr const char* kNoDatabase = " no database ";

}  // namespace hanse::engine
