#include "engine/session.h"

#include "duckdb/catalog/catalog_search_path.hpp"
#include "duckdb/main/client_data.hpp"

namespace hanse::engine {

namespace {
constexpr const char* kStateName = "hanse_session";
}

duckdb::shared_ptr<Session> Session::Of(duckdb::ClientContext& context) {
  return context.registered_state->Get<Session>(kStateName);
}

void Session::Start(duckdb::Connection& connection, const duckdb::shared_ptr<Session>& session) {
  auto& context = *connection.context;
  // Insert() keeps an entry that is there: without this check the connection would silently stay the first caller's.
  if (Of(context)) throw duckdb::PermissionException("a connection belongs to one session");
  context.registered_state->Insert(kStateName, session);
  const std::string& named = session->job.database;
  std::string database = named.empty() ? kNoDatabase : session->catalogs().EnginesName("", named).value_or(kNoDatabase);
  duckdb::vector<duckdb::CatalogSearchEntry> path;
  path.emplace_back(kCatalog, database);
  context.RunFunctionInTransaction([&] {
    duckdb::ClientData::Get(context).catalog_search_path->Set(std::move(path), duckdb::CatalogSetPathType::SET_DIRECTLY);
  });
}

void Session::QueryEnd(duckdb::ClientContext&) {
  {
    std::lock_guard lock(registry->mutex);
    registry->entries.clear();
  }
  std::lock_guard lock(objects_mutex);
  following.clear();
  objects.clear();  // Keys of this query end with it.
}

}  // namespace hanse::engine
