// The messages of the extended protocol (PostgreSQL 15, "Extended Query").
#include <fmt/format.h>

#include "doors/pgwire/errors.h"
#include "doors/pgwire/session.h"

namespace hanse::pgwire {
namespace {

std::unexpected<Error> NoStatement(const std::string& name) {
  return FailAs(ErrorCode::kNotFound, "26000", fmt::format("prepared statement \"{}\" does not exist", name));
}
std::unexpected<Error> NoPortal(const std::string& name) {
  return FailAs(ErrorCode::kNotFound, "34000", fmt::format("portal \"{}\" does not exist", name));
}
std::unexpected<Error> TooMany(const char* what) {
  return FailAs(ErrorCode::kLimitExceeded, "54000", fmt::format("too many {}", what));
}

}  // namespace

Result<void> Session::On(const Parse& message) {
  const auto statements = SplitStatements(message.sql);
  if (statements.size() > 1) {
    return FailAs(ErrorCode::kInvalidArgument, "42601", "cannot insert multiple commands into a prepared statement");
  }
  if (!message.name.empty() && prepared_.contains(message.name)) {
    return FailAs(ErrorCode::kAlreadyExists, "42P05", fmt::format("prepared statement \"{}\" already exists", message.name));
  }
  if (prepared_.size() >= kStatementsMax) return TooMany("prepared statements");
  Prepared prepared{ClassifyStatement(statements.empty() ? std::string() : statements.front()), message.types};
  prepared.types.resize(std::max(prepared.types.size(), prepared.statement.parameters), 0);
  prepared_[message.name] = std::move(prepared);
  out_.Empty('1');
  return {};
}

Result<void> Session::On(const Bind& message) {
  auto prepared = prepared_.find(message.statement);
  if (prepared == prepared_.end()) return NoStatement(message.statement);
  const std::vector<Oid>& types = prepared->second.types;
  if (message.values.size() != types.size()) {
    return FailAs(
        ErrorCode::kInvalidArgument, "08P01",
        fmt::format("bind message supplies {} parameters, but the statement requires {}", message.values.size(), types.size()));
  }
  if (portals_.size() >= kStatementsMax) return TooMany("portals");
  Portal portal{.statement = prepared->second.statement, .binary = message.binary_results};
  for (std::size_t i = 0; i < types.size(); ++i) {
    const bool binary = !message.binary.empty() && message.binary[message.binary.size() == 1 ? 0 : i];
    TRY_ASSIGN(std::string literal, LiteralOf(types[i], message.values[i], binary));
    portal.literals.push_back(std::move(literal));
  }
  portals_[message.portal] = std::make_shared<Portal>(std::move(portal));
  out_.Empty('2');
  return {};
}

Result<void> Session::On(const Describe& message) {
  if (message.kind == Named::kPortal) {
    if (!portals_.contains(message.name)) return NoPortal(message.name);
    described_ = message.name;
    return {};
  }
  auto prepared = prepared_.find(message.name);
  if (prepared == prepared_.end()) return NoStatement(message.name);
  const std::vector<Oid>& types = prepared->second.types;
  out_.Begin('t');
  out_.Int16(types.size());
  std::vector<std::string> literals;
  for (Oid type : types) {
    out_.Int32(type == 0 ? kText : type);
    TRY_ASSIGN(std::string literal, LiteralOf(type, std::nullopt, false));
    literals.push_back(std::move(literal));
  }
  out_.End();
  return DescribeTo(prepared->second.statement, literals, {});
}

Result<void> Session::AnswerDescribe() {
  const std::string name = *std::exchange(described_, std::nullopt);
  auto portal = portals_.find(name);
  if (portal == portals_.end()) return NoPortal(name);
  const Portal& found = *portal->second;
  if (!found.ran) return DescribeTo(found.statement, found.literals, found.binary);
  found.done.answer&& found.done.tag != "COPY" ? found.done.answer->Describe(out_) : out_.Empty('n');
  return {};
}

Result<void> Session::DescribeTo(const Statement& statement, const std::vector<std::string>& literals,
                                 const std::vector<bool>& binary) {
  Answer answer(room_, client_.access_key, binary);
  if (statement.road == Road::kShow) {
    TRY_ASSIGN(Done shown, Show(statement, binary));
    shown.answer->Describe(out_);
    return {};
  }
  if (statement.road == Road::kExplain) TRY(answer.Columns({{"Query Plan", "varchar"}}));
  if (statement.road == Road::kFetch && statement.first != "MOVE") {
    TRY_ASSIGN(auto cursor, CursorOf(statement));
    if (!cursor->ran) return DescribeTo(cursor->statement, cursor->literals, binary);
    cursor->done.answer->Describe(out_);
    return {};
  }
  if (statement.road != Road::kCatalog && statement.road != Road::kQuery) {
    answer.Describe(out_);
    return {};
  }
  TRY_ASSIGN(std::string sql, WithLiterals(statement, literals));
  TRY_ASSIGN(gate::Context as, As());
  const std::stop_token stop = Begin();
  auto outcome = statement.road == Road::kCatalog
                     ? parts_.queries.Ask(as, DirectOf(CatalogSql(sql), engine::JobKind::kPgCatalogColumns), SessionOf(as.caller),
                                          answer, stop)
                     : parts_.queries.Describe(as, DirectOf(std::move(sql), engine::JobKind::kDescribe), answer, stop);
  if (!outcome) return std::unexpected(std::move(outcome).error());
  if (outcome->state != engine::QueryState::kSucceeded) return std::unexpected(ErrorOf(*outcome));
  answer.Describe(out_);
  return {};
}

Result<void> Session::On(const Execute& message) {
  const bool describes = described_.has_value();
  described_.reset();
  auto found = portals_.find(message.portal);
  if (found == portals_.end()) return NoPortal(message.portal);
  const std::shared_ptr<Portal> held = found->second;
  Portal& portal = *held;
  if (portal.statement.sql.empty()) {
    if (describes) out_.Empty('n');
    out_.Empty('I');
    return {};
  }
  if (!portal.ran) {
    TRY_ASSIGN(portal.done, Do(portal.statement, portal.literals, portal.binary));
    portal.ran = true;
  } else if (portal.done.answer) {
    TRY(Hold(portal.done));
  }
  const bool copies = portal.done.tag == "COPY", rows = portal.done.answer && portal.done.tag != "MOVE" && !copies;
  if (describes) rows ? portal.done.answer->Describe(out_) : out_.Empty('n');
  if (copies) portal.done.answer->Describe(out_);
  return PutRows(portal.done, message.rows_max);
}

Result<void> Session::On(const Close& message) {
  if (message.kind == Named::kStatement) {
    prepared_.erase(message.name);
  } else {
    portals_.erase(message.name);
  }
  out_.Empty('3');
  return {};
}

Result<void> Session::On(const Sync&) {
  skipping_ = false;
  Ready();
  return SendAll();
}

Result<void> Session::On(const Flush&) { return SendAll(); }

Result<void> Session::On(const FunctionCall&) {
  Refuse({ErrorCode::kUnsupported, "function calls are not supported: use SELECT", "0A000", {}}, false);
  Ready();
  return SendAll();
}

Result<void> Session::On(const Terminate&) { return FailAs(ErrorCode::kUnavailable, "closed", "the client ended the session"); }

Result<void> Session::On(const Authentication&) {
  return FailAs(ErrorCode::kInvalidArgument, "08P01", "nobody asked for a password");
}

}  // namespace hanse::pgwire
