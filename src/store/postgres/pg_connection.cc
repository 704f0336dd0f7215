#include "store/postgres/pg_connection.h"

#include <libpq-fe.h>

#include <charconv>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>

#include "base/log.h"
#include "store/postgres/placeholders.h"

namespace hanse::store {
namespace {

constexpr std::size_t kStatementsMax = 512;

// PostgreSQL's numbers of types (pg_type.dat).
enum TypeNumber : Oid { kBool = 16, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kFloat4 = 700, kFloat8 = 701, kNumeric = 1700 };

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

Oid TypeOf(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return kInt8;
  if (std::holds_alternative<double>(value)) return kFloat8;
  if (std::holds_alternative<std::string>(value)) return kText;
  return 0;  // NULL: whatever fits.
}

// Parameters go as text, with their types said.
struct Parameters {
  explicit Parameters(std::span<const Value> values) {
    texts.reserve(values.size());
    for (const Value& value : values) {
      types.push_back(TypeOf(value));
      if (const auto* number = std::get_if<std::int64_t>(&value))
        texts.push_back(std::to_string(*number));
      else if (const auto* real = std::get_if<double>(&value))
        texts.push_back(fmt::format("{}", *real));
      else
        texts.emplace_back();
      if (const auto* text = std::get_if<std::string>(&value))
        pointers.push_back(text->c_str());
      else
        pointers.push_back(types.back() == 0 ? nullptr : texts.back().c_str());
    }
  }
  int count() const { return static_cast<int>(pointers.size()); }
  std::vector<std::string> texts;
  std::vector<const char*> pointers;
  std::vector<Oid> types;
};

Value Read(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column)) return std::monostate();
  const char* text = PQgetvalue(result, row, column);
  const char* end = text + PQgetlength(result, row, column);
  std::int64_t number = 0;
  switch (PQftype(result, column)) {
    case kBool: return std::int64_t{*text == 't'};
    case kInt2:
    case kInt4:
    case kInt8: std::from_chars(text, end, number); return number;
    case kNumeric:  // sum() of whole numbers.
      if (const auto read = std::from_chars(text, end, number); read.ptr == end && read.ec == std::errc()) return number;
      return std::strtod(text, nullptr);
    case kFloat4:
    case kFloat8: return std::strtod(text, nullptr);
    default: return Value(std::in_place_type<std::string>, text, end);
  }
}

bool CanBePrepared(std::string_view sql) {
  std::size_t start = sql.find_first_not_of(" \n\r\t(");
  std::string_view word = start == std::string_view::npos ? std::string_view() : sql.substr(start, 6);
  return word == "SELECT" || word == "INSERT" || word == "UPDATE" || word == "DELETE" || word.starts_with("WITH");
}

}  // namespace

Result<PgConnection> PgConnection::Open(const std::string& address) {
  PgConnection connection(PQconnectdb(address.c_str()));
  if (PQstatus(connection.connection_) != CONNECTION_OK) {
    spdlog::error("store: PostgreSQL: {}", PQerrorMessage(connection.connection_));
    return Fail(ErrorCode::kUnavailable, "the store cannot be reached");
  }
  // Notices (a table that exists already) are no news.
  PQsetNoticeProcessor(connection.connection_, [](void*, const char*) {}, nullptr);
  TRY(connection.Command("SET synchronous_commit = on"));
  TRY(connection.Command("SET client_encoding = 'UTF8'"));
  TRY(connection.Command("SET standard_conforming_strings = on"));
  TRY(connection.Command("SET extra_float_digits = 3"));
  return connection;
}

PgConnection::~PgConnection() {
  if (connection_) PQfinish(connection_);
}

bool PgConnection::alive() const { return PQstatus(connection_) == CONNECTION_OK; }

bool PgConnection::in_transaction() const { return PQtransactionStatus(connection_) == PQTRANS_INTRANS; }

Error PgConnection::ErrorOf(const PGresult* result, std::string_view what) const {
  auto made = [](ErrorCode code, const char* message) { return Error{code, message, {}, std::source_location::current()}; };
  const char* state_text = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  std::string_view state = state_text ? state_text : "08006";
  std::string_view group = state.substr(0, 2);
  if (state == "23505") return made(ErrorCode::kConflict, "it exists already");
  if (state == "23503") return made(ErrorCode::kConflict, "what it belongs to is gone");
  if (group == "40" || state == "55P03") return made(ErrorCode::kConflict, "another change came first");
  // The primary message names tables and columns; values stand in the detail, which stays out.
  const char* message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
  spdlog::error("store: PostgreSQL error {} ({}) at: {}", state, message ? message : "connection lost", what);
  if (state == "53100") return made(ErrorCode::kUnavailable, "the store cannot be written: the disk is full");
  const bool ours = state == "08P01";  // Fewer parameters than the statement has.
  if ((group == "08" && !ours) || group == "53" || group == "57" || group == "58" || state == "25006" || !alive()) {
    return made(ErrorCode::kUnavailable, "the store cannot be reached");
  }
  return made(ErrorCode::kInternal, "the store refused a statement");
}

Result<void> PgConnection::Command(const char* sql) {
  Answer answer(PQexec(connection_, sql));
  ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return std::unexpected(ErrorOf(answer.get(), sql));
  return {};
}

Result<std::string> PgConnection::Prepare(std::string_view sql, std::span<const Value> parameters) {
  std::string key(sql);
  std::vector<Oid> types;
  for (const Value& value : parameters) {
    types.push_back(TypeOf(value));
    key += '\0';
    key += std::to_string(types.back());
  }
  if (auto found = prepared_.find(key); found != prepared_.end()) return found->second.name;
  if (prepared_.size() >= kStatementsMax) {
    TRY(Command("DEALLOCATE ALL"));
    prepared_.clear();
  }
  std::string name = fmt::format("s{}", prepared_.size());
  Answer answer(
      PQprepare(connection_, name.c_str(), NumberPlaceholders(sql).c_str(), static_cast<int>(types.size()), types.data()));
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return std::unexpected(ErrorOf(answer.get(), sql));
  prepared_[key] = {name};
  return name;
}

Result<std::int64_t> PgConnection::Run(std::string_view sql, std::span<const Value> parameters, std::vector<Row>* rows) {
  Parameters given(parameters);
  Answer answer;
  if (CanBePrepared(sql)) {
    TRY_ASSIGN(std::string name, Prepare(sql, parameters));
    answer.reset(PQexecPrepared(connection_, name.c_str(), given.count(), given.pointers.data(), nullptr, nullptr, 0));
  } else {
    answer.reset(PQexecParams(connection_, NumberPlaceholders(sql).c_str(), given.count(), given.types.data(),
                              given.pointers.data(), nullptr, nullptr, 0));
  }
  ExecStatusType status = PQresultStatus(answer.get());
  if (status == PGRES_EMPTY_QUERY) return 0;  // A comment.
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return std::unexpected(ErrorOf(answer.get(), sql));
  if (rows) {
    const int count = PQntuples(answer.get()), columns = PQnfields(answer.get());
    rows->reserve(static_cast<std::size_t>(count));
    for (int row = 0; row < count; ++row) {
      std::vector<Value> values;
      values.reserve(static_cast<std::size_t>(columns));
      for (int column = 0; column < columns; ++column) values.push_back(Read(answer.get(), row, column));
      rows->emplace_back(std::move(values));
    }
  }
  std::string_view changed = PQcmdTuples(answer.get());
  std::int64_t count = 0;
  std::from_chars(changed.data(), changed.data() + changed.size(), count);
  return count;
}

}  // namespace hanse::store
