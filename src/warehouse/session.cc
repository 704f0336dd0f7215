#include "warehouse/session.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cctype>
#include <chrono>

#include <fmt/format.h>

namespace hanse::warehouse {
namespace {

constexpr int kPollMs = 50;

using Clock = std::chrono::steady_clock;

std::unexpected<Error> Stopped() { return Fail(ErrorCode::kTimeout, "the query has ended"); }

const char* ModeOf(Encryption encryption) {
  switch (encryption) {
    case Encryption::kPreferred: return "prefer";
    case Encryption::kRequired: return "require";
    case Encryption::kVerified: return "verify-full";
  }
  return "verify-full";
}

// The kind of failure that the client library's text is about, in our words.
std::string_view KindOf(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {"authentication failed", "it does not accept the user's name and password"},
      {"no password supplied", "it asks for a password and the connection has none"},
      {"no pg_hba.conf entry", "it does not let this user in from here"},
      {"certificate verify failed", "its certificate is not trusted"},
      {"does not match host name", "its certificate names another host"},
      {"root certificate", "there are no trusted certificates to verify it by"},
      {"does not support SSL", "it does not speak TLS"},
      {"SSL", "TLS with it failed"},
      {"could not translate host name", "its host's name is not known"},
      {"Connection refused", "connection refused"},
      {"too many", "it has no connection left"},
      {"remaining connection slots", "it has no connection left"},
      {"starting up", "it is starting or ending"},
      {"shutting down", "it is starting or ending"},
      {"database", "it has no such database, or the user may not use it"},
      {"role", "it does not accept the user's name and password"},
      {"closed the connection", "it closed the connection"},
      {"No route", "no way leads to it"},
      {"unreachable", "no way leads to it"}};
  for (const auto& [mark, kind] : kKinds) {
    if (text.find(mark) != std::string_view::npos) return kind;
  }
  return "the connection failed";
}

std::string Unreachable(const Address& address, std::string_view why) {
  return fmt::format("the warehouse at {}:{} cannot be reached: {}", address.host, address.port, why);
}

}  // namespace

void Session::Clear::operator()(pg_result* result) const { PQclear(result); }

std::string Quoted(std::string_view name) {
  std::string quoted = "\"";
  for (char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

Result<Session> Session::Open(const Address& address, const std::string& certificates, std::stop_token stop, Patience patience) {
  const std::string port = std::to_string(address.port);
  // All that the library would else take from its environment or from files of the home directory is said here.
  std::vector<std::pair<const char*, const char*>> parameters{{"host", address.host.c_str()},
                                                              {"port", port.c_str()},
                                                              {"dbname", address.database.c_str()},
                                                              {"user", address.user.c_str()},
                                                              {"password", address.password.c_str()},
                                                              {"passfile", "/dev/null"},
                                                              {"sslmode", ModeOf(address.encryption)},
                                                              {"gssencmode", "disable"},
                                                              {"client_encoding", "UTF8"},
                                                              {"target_session_attrs", "any"},
                                                              {"application_name", "hanse"}};
  if (address.encryption == Encryption::kVerified) parameters.emplace_back("sslrootcert", certificates.c_str());
  std::vector<const char*> names, values;
  for (const auto& [name, value] : parameters) {
    names.push_back(name);
    values.push_back(value);
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  Session session(PQconnectStartParams(names.data(), values.data(), 0), std::move(stop));
  TRY(session.Connect(patience, address));
  PQsetNoticeProcessor(session.connection_, [](void*, const char*) {}, nullptr);
  TRY(
      session.Command(fmt::format("SET default_transaction_read_only = on; SET statement_timeout = {}; SET timezone = 'UTC'; "
                                  "SET datestyle = 'ISO'; SET extra_float_digits = 3",
                                  patience.statement_ms)));
  // So that it stops as soon as we are gone; older ones have no such setting.
  auto noticed = session.Command("SET client_connection_check_interval = 1000");
  if (!noticed && PQstatus(session.connection_) != CONNECTION_OK) return std::unexpected(std::move(noticed).error());
  return session;
}

Session::~Session() {
  if (connection_) PQfinish(connection_);
}

Result<void> Session::Connect(Patience patience, const Address& address) {
  const auto until = Clock::now() + std::chrono::milliseconds(patience.connect_ms);
  PostgresPollingStatusType wants = PGRES_POLLING_WRITING;
  while (true) {
    if (!connection_ || PQstatus(connection_) == CONNECTION_BAD || wants == PGRES_POLLING_FAILED) {
      std::string_view text = connection_ ? PQerrorMessage(connection_) : "";
      return Fail(ErrorCode::kUnavailable, Unreachable(address, KindOf(text)));
    }
    if (wants == PGRES_POLLING_OK) return {};
    if (stop_.stop_requested()) return Stopped();
    if (Clock::now() > until) {
      return Fail(ErrorCode::kUnavailable,
                  Unreachable(address, fmt::format("no answer within {} s", (patience.connect_ms + 999) / 1000)));
    }
    pollfd ready{PQsocket(connection_), static_cast<short>(wants == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    if (poll(&ready, 1, kPollMs) > 0) wants = PQconnectPoll(connection_);
  }
}

Result<void> Session::Wait() {
  pollfd ready{PQsocket(connection_), POLLIN, 0};
  while (poll(&ready, 1, kPollMs) <= 0) {
    if (stop_.stop_requested()) return Stopped();
  }
  if (PQconsumeInput(connection_) == 0) return std::unexpected(ErrorOf(nullptr));
  return {};
}

Result<Session::Answer> Session::Hear() {
  while (PQisBusy(connection_) != 0) TRY(Wait());
  return Answer(PQgetResult(connection_));
}

Result<void> Session::Drain() {
  std::optional<Error> failed;
  while (true) {
    TRY_ASSIGN(Answer next, Hear());
    if (!next) break;
    if (PQresultStatus(next.get()) == PGRES_FATAL_ERROR && !failed) failed = ErrorOf(next.get());
    if (PQresultStatus(next.get()) == PGRES_COPY_OUT) return Fail(ErrorCode::kUnavailable, "the warehouse misbehaves");
  }
  if (failed) return std::unexpected(std::move(*failed));
  return {};
}

Result<Session::Answer> Session::HearOnly() {
  TRY_ASSIGN(Answer answer, Hear());
  if (!answer) return std::unexpected(ErrorOf(nullptr));
  if (PQresultStatus(answer.get()) == PGRES_FATAL_ERROR) {
    Error error = ErrorOf(answer.get());
    answer.reset();
    TRY(Drain());
    return std::unexpected(std::move(error));
  }
  TRY(Drain());
  return answer;
}

Result<void> Session::Command(const std::string& sql) {
  if (PQsendQuery(connection_, sql.c_str()) == 0) return std::unexpected(ErrorOf(nullptr));
  return Drain();
}

Result<std::vector<Session::Row>> Session::Query(const std::string& sql, const std::vector<std::string>& parameters) {
  std::vector<const char*> values;
  for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
  if (PQsendQueryParams(connection_, sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0) ==
      0) {
    return std::unexpected(ErrorOf(nullptr));
  }
  TRY_ASSIGN(Answer answer, HearOnly());
  const auto count = static_cast<std::size_t>(PQntuples(answer.get()));
  if (count > kRowsMax) return Fail(ErrorCode::kLimitExceeded, "the warehouse answers with too many rows");
  std::vector<Row> rows(count);
  for (std::size_t row = 0; row < count; ++row) {
    for (int column = 0; column < PQnfields(answer.get()); ++column) {
      const int at = static_cast<int>(row);
      if (PQgetisnull(answer.get(), at, column) != 0) {
        rows[row].emplace_back();
      } else {
        rows[row].emplace_back(std::in_place, PQgetvalue(answer.get(), at, column), PQgetlength(answer.get(), at, column));
      }
    }
  }
  return rows;
}

Result<std::vector<Session::Column>> Session::Describe(const std::string& sql) {
  if (PQsendPrepare(connection_, "", sql.c_str(), 0, nullptr) == 0) return std::unexpected(ErrorOf(nullptr));
  TRY(HearOnly());
  if (PQsendDescribePrepared(connection_, "") == 0) return std::unexpected(ErrorOf(nullptr));
  TRY_ASSIGN(Answer answer, HearOnly());
  std::vector<Column> columns;
  for (int i = 0; i < PQnfields(answer.get()); ++i) columns.push_back({PQfname(answer.get(), i), PQftype(answer.get(), i)});
  return columns;
}

Result<void> Session::CopyOut(const std::string& sql, const std::function<Result<void>(std::string_view)>& sink) {
  if (PQsendQuery(connection_, sql.c_str()) == 0) return std::unexpected(ErrorOf(nullptr));
  TRY_ASSIGN(Answer answer, Hear());
  if (!answer || PQresultStatus(answer.get()) != PGRES_COPY_OUT) {
    Error error = ErrorOf(answer.get());
    answer.reset();
    TRY(Drain());
    return std::unexpected(std::move(error));
  }
  while (true) {
    if (stop_.stop_requested()) return Stopped();
    char* bytes = nullptr;
    const int size = PQgetCopyData(connection_, &bytes, 1);
    if (size == 0) {
      TRY(Wait());
      continue;
    }
    if (size < 0) break;
    std::unique_ptr<char, void (*)(void*)> owned(bytes, PQfreemem);
    TRY(sink(std::string_view(bytes, static_cast<std::size_t>(size))));
  }
  return Drain();
}

Error Session::ErrorOf(const pg_result* result) const {
  auto made = [](ErrorCode code, std::string message) {
    return Error{code, std::move(message), {}, std::source_location::current()};
  };
  const char* field = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  const std::string_view state = field ? field : "08006";
  const std::string_view group = state.substr(0, 2);
  if (state == "42501") return made(ErrorCode::kAccessDenied, "the user of the connection may not read it in the warehouse");
  if (state == "42P01" || state == "3F000" || state == "3D000") {
    return made(ErrorCode::kNotFound, "there is no such table in the warehouse");
  }
  if (state == "57014") return made(ErrorCode::kTimeout, "the warehouse took too long and stopped");
  if (group == "08" || group == "57" || PQstatus(connection_) != CONNECTION_OK) {
    return made(ErrorCode::kUnavailable, "the warehouse broke off");
  }
  if (group == "53") return made(ErrorCode::kUnavailable, "the warehouse has no room left for this");
  const bool plain = state.size() == 5 && std::ranges::all_of(state, [](unsigned char c) { return std::isalnum(c) != 0; });
  return made(ErrorCode::kUnavailable, fmt::format("the warehouse refused it (SQLSTATE {})", plain ? state : "unknown"));
}

}  // namespace hanse::warehouse
