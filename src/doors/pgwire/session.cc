#include "doors/pgwire/session.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "doors/pgwire/errors.h"
#include "model/ids.h"

namespace hanse::pgwire {
namespace {

constexpr std::size_t kSendBytes = 256 * 1024;

// What a client calls itself, as the journal may keep it.
std::string Printable(std::string_view text) {
  std::string clean;
  for (char c : text.substr(0, 128)) clean += c >= ' ' && c <= '~' ? c : '?';
  return clean;
}

}  // namespace

Result<void> Session::Handle(Frontend message) {
  const bool sync = std::holds_alternative<Sync>(message);
  if (skipping_ && !sync && !std::holds_alternative<Terminate>(message)) return {};
  const auto* execute = std::get_if<Execute>(&message);
  if (described_ && !(execute != nullptr && execute->portal == *described_)) {
    if (auto described = AnswerDescribe(); !described) Refuse(described.error(), true);
    if (skipping_ && !sync) return {};
  }
  auto handled = std::visit([this](const auto& one) { return On(one); }, message);
  if (!handled && handled.error().name == "closed") return handled;
  if (!handled) Refuse(handled.error(), true);
  return out_.size() > kSendBytes ? SendAll() : Result<void>();
}

Result<void> Session::SendAll() {
  const std::string bytes = out_.Take();
  auto sent = bytes.empty() ? Result<void>() : send_(bytes);
  if (!sent) sent.error().name = "closed";
  return sent;
}

void Session::Refuse(const Error& error, bool until_sync) {
  PutRefusal(out_, RefusalOf(error));
  if (transaction_ == 'T') transaction_ = 'E';
  skipping_ = skipping_ || until_sync;
  described_.reset();
}

void Session::Ready() {
  if (transaction_ != 'T') std::erase_if(portals_, [](const auto& portal) { return !portal.second->holds; });
  for (const auto& [name, value] : settings_.TakeChanged()) PutSetting(out_, name, value);
  PutReady(out_, transaction_);
}

std::stop_token Session::Begin() {
  const std::lock_guard lock(mutex_);
  stop_ = std::stop_source();
  if (ended_) stop_.request_stop();
  return stop_.get_token();
}

void Session::Cancel() {
  const std::lock_guard lock(mutex_);
  stop_.request_stop();
}

void Session::End() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  stop_.request_stop();
}

Result<gate::Context> Session::As() const {
  auto found = parts_.authenticator.Find(client_.access_key, client_.session_token);
  if (!found) return FailAs(ErrorCode::kUnauthenticated, "28000", "the key of this session is no longer good");
  gate::Context context{std::move(found->caller), {}};
  crypto::Wipe(&found->secret_key);
  context.info = {.id = NewRequestId(parts_.random), .service = "athena", .region = parts_.region, .source_ip = client_.address};
  context.info.user_agent = Printable("PostgreSQL wire " + settings_.values().at("application_name"));
  context.info.secure_transport = client_.secure;
  context.info.now_ms = parts_.clock.NowMs();
  return context;
}

Result<void> Session::Hold(const Done& done) const {
  TRY_ASSIGN(gate::Context as, As());
  return parts_.queries.Hold(as, done.rests_on);
}

std::map<std::string, std::string> Session::SessionOf(const Caller& caller) const {
  std::map<std::string, std::string> session = settings_.values();
  session.erase("hanse.session_token");
  session["hanse.user"] = caller.name;
  session["hanse.schema"] = settings_.database();
  session["hanse.database"] = client_.database;
  session["hanse.process"] = std::to_string(client_.process);
  return session;
}

query::DirectStatement Session::DirectOf(std::string sql, engine::JobKind kind) const {
  return {.sql = std::move(sql),
          .kind = kind,
          .database = settings_.database(),
          .workgroup = settings_.values().at("hanse.workgroup"),
          .time_ms_max = settings_.timeout_ms()};
}

Result<void> Session::On(const Query& message) {
  prepared_.erase("");
  portals_.erase("");
  const auto statements = SplitStatements(message.sql);
  if (statements.empty()) out_.Empty('I');
  for (const std::string& sql : statements) {
    auto done = Do(ClassifyStatement(sql), {}, {});
    if (!done) {
      Refuse(done.error(), false);
      break;
    }
    if (done->answer && done->tag != "MOVE") done->answer->Describe(out_);
    TRY(PutRows(*done, 0));
  }
  Ready();
  return SendAll();
}

Result<Session::Done> Session::Do(const Statement& statement, const std::vector<std::string>& literals,
                                  const std::vector<bool>& binary) {
  const bool ends = statement.road == Road::kCommit || statement.road == Road::kRollback ||
                    (statement.road == Road::kSavepoint && statement.first == "ROLLBACK");
  if (transaction_ == 'E' && !ends) {
    return FailAs(ErrorCode::kConflict, "25P02", "current transaction is aborted, commands ignored until end of transaction block");
  }
  switch (statement.road) {
    case Road::kShow: return Show(statement, binary);
    case Road::kDeclare: return DeclareCursor(statement, literals);
    case Road::kFetch: return FetchFrom(statement, binary);
    case Road::kCloseCursor: return CloseCursor(statement);
    case Road::kCopy: return DoCopy(statement);
    case Road::kCatalog:
    case Road::kQuery:
    case Road::kExplain: return DoQuery(statement, literals, binary);
    case Road::kOther:
      return FailAs(
          ErrorCode::kUnsupported, "0A000",
          fmt::format("{} is not supported here: this port reads, Athena's StartQueryExecution also writes", statement.first));
    default: return DoOwn(statement);
  }
}

// What concerns the session alone. Statements only read: a transaction is a promise that costs nothing.
Result<Session::Done> Session::DoOwn(const Statement& statement) {
  std::string tag = statement.first;
  switch (statement.road) {
    case Road::kBegin:
      transaction_ = 'T';
      if (tag == "START") tag = "START TRANSACTION";
      break;
    case Road::kCommit:
      tag = transaction_ == 'E' ? "ROLLBACK" : "COMMIT";
      transaction_ = 'I';
      break;
    case Road::kRollback:
      tag = "ROLLBACK";
      transaction_ = 'I';
      break;
    case Road::kSavepoint:
      if (transaction_ == 'I')
        return FailAs(ErrorCode::kConflict, "25P01", fmt::format("{} can only be used in transaction blocks", tag));
      transaction_ = 'T';
      break;
    case Road::kSet:
    case Road::kReset: {
      TRY_ASSIGN(Setting setting, ReadSetting(statement.sql));
      if (setting.name == "transaction") break;
      if (statement.road == Road::kReset || setting.defaulted) {
        settings_.Reset(setting.name);
      } else {
        TRY(settings_.Set(setting.name, setting.value));
      }
      break;
    }
    case Road::kDiscard: settings_.Reset(""); [[fallthrough]];
    case Road::kDeallocate: {
      const std::string name =
          statement.road == Road::kDiscard ? "ALL" : statement.sql.substr(statement.sql.find_last_of(" \t\n") + 1);
      if (EqualsIgnoreCase(name, "ALL")) {
        prepared_.clear();
        tag += " ALL";
      } else {
        prepared_.erase(name);
      }
      break;
    }
    default: break;
  }
  return Done{nullptr, std::move(tag), {}};
}

Result<Session::Done> Session::Show(const Statement& statement, const std::vector<bool>& binary) {
  TRY_ASSIGN(Setting setting, ReadSetting(statement.sql));
  auto answer = std::make_shared<Answer>(room_, client_.access_key, binary);
  if (setting.name.empty()) {
    TRY(answer->Columns({{"name", "varchar"}, {"setting", "varchar"}, {"description", "varchar"}}));
    for (const auto& [name, value] : settings_.values()) {
      if (name != "hanse.session_token") TRY(answer->Rows({{name, value, ""}}));
    }
  } else {
    TRY_ASSIGN(std::string value, settings_.Show(setting.name));
    TRY(answer->Columns({{setting.name, "varchar"}}));
    TRY(answer->Rows({{value}}));
  }
  return Done{std::move(answer), "SHOW", {}};
}

Result<Session::Done> Session::DoQuery(const Statement& statement, const std::vector<std::string>& literals,
                                       const std::vector<bool>& binary, std::optional<Copy> copy) {
  TRY_ASSIGN(std::string sql, WithLiterals(statement, literals));
  TRY_ASSIGN(gate::Context as, As());
  const std::stop_token stop = Begin();
  const bool copies = copy.has_value();
  auto answer = std::make_shared<Answer>(room_, client_.access_key, binary, std::move(copy));
  query::AnswerGrounds rests_on;
  Result<engine::QueryOutcome> outcome;
  if (statement.road == Road::kCatalog) {
    outcome = parts_.queries.Ask(as, DirectOf(CatalogSql(sql), engine::JobKind::kPgCatalog), SessionOf(as.caller), *answer, stop);
  } else {
    const bool explains = statement.road == Road::kExplain;
    const query::DirectStatement direct = DirectOf(std::move(sql), explains ? engine::JobKind::kExplain : engine::JobKind::kRun);
    outcome = parts_.queries.Run(as, direct, *answer, stop, &rests_on);
  }
  if (!outcome) return std::unexpected(std::move(outcome).error());
  if (outcome->state != engine::QueryState::kSucceeded) return std::unexpected(ErrorOf(*outcome));
  const char* tag = copies ? "COPY" : statement.road == Road::kExplain ? "EXPLAIN" : "SELECT";
  return Done{std::move(answer), tag, {}, std::move(rests_on)};
}

Result<Session::Done> Session::DoCopy(const Statement& statement) {
  TRY_ASSIGN(Copy copy, ReadCopy(statement.sql));
  const Statement query = ClassifyStatement(copy.query);
  if (query.road != Road::kQuery && query.road != Road::kCatalog) {
    return FailAs(ErrorCode::kUnsupported, "0A000", "COPY is of a query: COPY (SELECT …) TO STDOUT");
  }
  return DoQuery(query, {}, {}, std::move(copy));
}

Result<void> Session::PutRows(Done& done, std::uint64_t rows_max) {
  if (!done.answer) {
    PutComplete(out_, done.tag);
    return {};
  }
  const bool fetches = done.fetched.has_value(), copies = done.tag == "COPY";
  if (fetches) rows_max = *done.fetched;
  if (copies) rows_max = 0;
  std::uint64_t told = 0;
  do {
    constexpr std::uint64_t kSlice = 1024;
    std::uint64_t rows = 0;
    const auto slice = done.answer->Next(rows_max == 0 ? kSlice : std::min<std::uint64_t>(kSlice, rows_max - told), &rows);
    if (done.tag != "MOVE") out_.Bytes(slice);
    told += rows;
    if (out_.size() > kSendBytes) TRY(SendAll());
  } while (!done.answer->done() && (rows_max == 0 || told < rows_max));
  if (copies) out_.Empty('c');
  if (!done.answer->done() && !fetches) {
    out_.Empty('s');
  } else {
    PutComplete(out_, fetches || copies || done.tag == "SELECT" ? fmt::format("{} {}", done.tag, told) : done.tag);
  }
  return {};
}

}  // namespace hanse::pgwire
