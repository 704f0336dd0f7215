#include "server/held_rights.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "query/grounds.h"
#include "server/table_source.h"

namespace hanse::server {

std::string HoldRights::Parameters() const {
  return boost::json::serialize(boost::json::object{{"databaseName", engine::DatabaseName::Of(ground.database).Shown()},
                                                    {"name", ground.table},
                                                    {"queryId", query_id},
                                                    {"whileRunning", true}});
}

Result<std::vector<gate::Need>> HoldRights::On(const gate::Context& context, store::Transaction&) const {
  const engine::DatabaseName in = engine::DatabaseName::Of(ground.database);
  return catalog::NeedOnTable("glue:GetTable", context, in.catalog_id(), in.database, ground.table);
}

HeldRights::HeldRights(const gate::Gate& gate, const gate::Gate::Parts& parts, const catalog::QueryTables& tables)
    : gate_(gate),
      silent_({parts.store, nowhere_, parts.clock, parts.random, parts.policies, parts.resource_policies, parts.vended}),
      tables_(tables) {}

Result<void> HeldRights::Do(const gate::Authorized<HoldRights>& call) const {
  const query::TableGround& ground = call->ground;
  auto stopped = [&](std::string_view why) {
    return Fail(ErrorCode::kAccessDenied, fmt::format("The query is stopped: {}: {}", ground.shown(), why));
  };
  const engine::DatabaseName in = engine::DatabaseName::Of(ground.database);
  auto governed = tables_.Readable(call, in.catalog_id(), in.database, ground.table, call->beneath);
  if (!governed) {
    const Error& error = governed.error();
    if (error.code != ErrorCode::kNotFound && error.code != ErrorCode::kAccessDenied) return std::unexpected(error);
    return stopped(error.message);
  }
  TRY_ASSIGN(bool stands, catalog::QueryTables::RequireReading(call, *governed, call->beneath.has_value()));
  if (ground.governed && !stands) {
    TRY(call.Require({.action = "lakeformation:GetDataAccess", .resource = "*", .owner = call.caller().account}));
  }
  query::TableGround now = query::GroundOf(RightsOf(*governed, ground.database, ground.table));
  now.reader = ReaderRoleOf(*governed);
  if (auto lost = query::LostRight(ground, now)) return stopped(*lost);
  *call->basis = call.tx().basis();
  if (call->opened) *call->opened = std::move(*governed);
  return {};
}

Result<void> HeldRights::Hold(const gate::Context& as, const HoldRights& rights) const {
  auto held = silent_.Run(as, rights, *this);
  if (held || held.error().code != ErrorCode::kAccessDenied) return held;
  return gate_.Run(as, rights, *this);
}

}  // namespace hanse::server
