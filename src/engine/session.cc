#include "engine/session.h"

#include "duckdb/catalog/catalog_search_path.hpp"
#include "duckdb/main/client_data.hpp"
#include "engine/errors.h"

namespace hanse::engine {

namespace {
constexpr const char* kStateName = "hanse_session";
constexpr int kViewsMax = 100;
}  // namespace

duckdb::idx_t BindRegistry::Keep(duckdb::unique_ptr<duckdb::FunctionData> data) {
  std::lock_guard lock(mutex);
  entries[next] = std::move(data);
  return next++;
}

duckdb::unique_ptr<duckdb::FunctionData> BindRegistry::Take(duckdb::idx_t number) {
  std::lock_guard lock(mutex);
  auto found = entries.find(number);
  if (found == entries.end()) throw duckdb::SerializationException("unknown scan");
  auto data = std::move(found->second);
  entries.erase(found);
  return data;
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

TableSource Session::Resolve(const std::string& database, const std::string& table, const ColumnConditions& conditions) {
  auto ask = [&] {
    auto source = server.Resolve(beneath, database, table, conditions);
    if (!source) throw duckdb::CatalogException("%s", RefusalText(source.error()));
    return *std::move(source);
  };
  if (beneath == 0) return ask();
  const std::string key = std::to_string(beneath) + "\x01" + database + "\x01" + table;
  std::lock_guard lock(known->mutex);
  auto found = known->tables.find(key);
  if (found == known->tables.end()) found = known->tables.emplace(key, ask()).first;
  return found->second;
}

void Session::CountView() {
  if (++views > kViewsMax) {
    throw duckdb::InvalidInputException("VIEW_IS_RECURSIVE: the query refers to more than %d views", kViewsMax);
  }
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
