#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

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
};

// One query of one caller: hangs in its connection's registered_state, and everything that the query may reach is reached through
// it. A connection without a session sees nothing. Threads of the query share it.
class Session : public duckdb::ClientContextState {
 public:
  Session(ServerLink& server, const QueryJob& job, std::string nonce)
      : server(server), job(job), nonce(std::move(nonce)), meter(job.limits.scanned_bytes_max) {}

  // What the catalogs are called in the caller's own text.
  CatalogNames catalogs() const { return CatalogNames(job.catalogs, job.catalog); }
  static duckdb::shared_ptr<Session> Of(duckdb::ClientContext& context);
  // Ties the session to a fresh connection; refuses one that has a session already (rule 12).
  static void Start(duckdb::Connection& connection, const duckdb::shared_ptr<Session>& session);
  void QueryEnd(duckdb::ClientContext& context) override;

  ServerLink& server;
  const QueryJob& job;
  const std::string nonce;  // In the names of this query's files: another query's names mean nothing.
  Meter meter;
  duckdb::shared_ptr<BindRegistry> registry = duckdb::make_shared_ptr<BindRegistry>();
  // Objects that this query has opened and may open again; descriptors are a worker's scarcest good, so not all of many.
  static constexpr std::size_t kObjectsKeptOpen = 256;
  std::mutex objects_mutex;
  std::map<std::uint64_t, std::shared_ptr<const SealedObject>> objects;
  std::map<std::uint64_t, std::uint64_t> following;  // Object -> the one that its scan opens next (object_files.h).
  std::size_t objects_at_once = 1;
  std::mutex asking_mutex;     // Held while objects are asked for: who wants one of them waits for it. Before objects_mutex.
  std::atomic<int> views = 0;  // References to views that were bound.
  std::atomic<bool> partial_views = false;  // Of one of them the caller does not see every column: its text is hidden from him.
  std::mutex tables_mutex;
  duckdb::case_insensitive_map_t<duckdb::unique_ptr<duckdb::CatalogEntry>> tables;  // Made on first use; outlive the plan.
};

// Where unqualified names are looked for when a query has no database.
inline constexpr const char* kNoDatabase = " no database ";

}  // namespace hanse::engine
