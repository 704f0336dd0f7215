// Cursors of DECLARE, FETCH, MOVE and CLOSE: portals that statements name (PostgreSQL 15, "DECLARE", "FETCH").
#include <fmt/format.h>

#include "doors/pgwire/session.h"

namespace hanse::pgwire {

Result<std::shared_ptr<Session::Portal>> Session::CursorOf(const Statement& statement) {
  TRY_ASSIGN(Cursor cursor, ReadCursor(statement.sql));
  auto found = portals_.find(cursor.name);
  const bool rows = found != portals_.end() && (!found->second->ran || found->second->done.answer);
  if (!rows) return FailAs(ErrorCode::kNotFound, "34000", fmt::format("cursor \"{}\" does not exist", cursor.name));
  return found->second;
}

Result<Session::Done> Session::DeclareCursor(const Statement& statement, const std::vector<std::string>& literals) {
  TRY_ASSIGN(Cursor cursor, ReadCursor(statement.sql));
  Portal portal{.statement = ClassifyStatement(std::move(cursor.query)), .literals = literals, .holds = cursor.holds};
  if (portal.statement.road != Road::kQuery && portal.statement.road != Road::kCatalog) {
    return FailAs(ErrorCode::kInvalidArgument, "42601", "a cursor is for a query");
  }
  if (portals_.contains(cursor.name)) {
    return FailAs(ErrorCode::kAlreadyExists, "42P03", fmt::format("cursor \"{}\" already exists", cursor.name));
  }
  if (portals_.size() >= kStatementsMax) return FailAs(ErrorCode::kLimitExceeded, "54000", "too many cursors");
  portals_[cursor.name] = std::make_shared<Portal>(std::move(portal));
  return Done{nullptr, "DECLARE CURSOR", {}};
}

Result<Session::Done> Session::FetchFrom(const Statement& statement, const std::vector<bool>& binary) {
  TRY_ASSIGN(Cursor wanted, ReadCursor(statement.sql));
  TRY_ASSIGN(auto cursor, CursorOf(statement));
  if (cursor->ran) {
    TRY(Hold(cursor->done));
  } else {
    auto done = Do(cursor->statement, cursor->literals, binary);
    if (!done) {
      portals_.erase(wanted.name);  // PostgreSQL would not have declared it: clients use the name again.
      return std::unexpected(std::move(done).error());
    }
    cursor->done = *std::move(done);
    cursor->ran = true;
  }
  return Done{cursor->done.answer, statement.first, wanted.rows};
}

Result<Session::Done> Session::CloseCursor(const Statement& statement) {
  TRY_ASSIGN(Cursor cursor, ReadCursor(statement.sql));
  if (cursor.name.empty()) {
    portals_.clear();
    return Done{nullptr, "CLOSE CURSOR ALL", {}};
  }
  TRY(CursorOf(statement));
  portals_.erase(cursor.name);
  return Done{nullptr, "CLOSE CURSOR", {}};
}

}  // namespace hanse::pgwire
