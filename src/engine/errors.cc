#include "engine/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hanse::engine {

namespace {

// The place that the engine's error names, as text for the front of a message.
std::string Place(const duckdb::ErrorData& error, const std::string& sql) {
  auto position = error.ExtraInfo().find("position");
  if (position == error.ExtraInfo().end()) return "";
  std::size_t at = 0;
  const std::string& text = position->second;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), at);
  return failed == std::errc() ? PlaceIn(sql, at) : "";
}

std::string Extra(const duckdb::ErrorData& error, const char* key) {
  auto found = error.ExtraInfo().find(key);
  return found == error.ExtraInfo().end() ? "" : found->second;
}

// The first sentence: what follows are suggestions and the engine's view of the query.
std::string Plain(const duckdb::ErrorData& error) {
  std::string text = error.RawMessage();
  for (std::string_view end : {"\n", "Did you mean", "Candidate", "LINE ", "HINT"}) {
    if (auto at = text.find(end); at != std::string::npos) text.resize(at);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '!')) text.pop_back();
  return text;
}

// Errors of our own begin with Trino's name for them: "HIVE_BAD_DATA: …".
std::string OwnType(const std::string& message) {
  auto colon = message.find(':');
  if (colon == std::string::npos || colon < 4) return "";
  bool name = std::all_of(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(colon),
                          [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
  return name ? message.substr(0, colon) : "";
}

ErrorCategory CategoryOf(const std::string& type) {
  return type.starts_with("GENERIC_INTERNAL") || type.starts_with("HIVE_CANNOT_OPEN") ? ErrorCategory::kSystem
                                                                                      : ErrorCategory::kUser;
}

QueryOutcome Binding(const duckdb::ErrorData& error, const std::string& sql) {
  std::string subtype = Extra(error, "error_subtype"), place = Place(error, sql), plain = Plain(error);
  if (subtype == "COLUMN_NOT_FOUND") {
    return FailureOf(ErrorCategory::kUser, subtype,
                     fmt::format("{}Column '{}' cannot be resolved or requester is not authorized to access requested resources",
                                 place, Extra(error, "name")));
  }
  if (subtype == "NO_MATCHING_FUNCTION" || subtype == "MISSING_ENTRY") {
    return FailureOf(ErrorCategory::kUser, "FUNCTION_NOT_FOUND", fmt::format("{}Unexpected parameters for a function", place));
  }
  if (plain.find("does not have a column") != std::string::npos || plain.find("not found in FROM clause") != std::string::npos) {
    return FailureOf(
        ErrorCategory::kUser, "COLUMN_NOT_FOUND",
        fmt::format("{}Column cannot be resolved or requester is not authorized to access requested resources", place));
  }
  bool aggregate = plain.find("GROUP BY") != std::string::npos;
  return FailureOf(ErrorCategory::kUser, aggregate ? "EXPRESSION_NOT_AGGREGATE" : "TYPE_MISMATCH", place + plain);
}

}  // namespace

std::string PlaceIn(const std::string& sql, std::size_t at) {
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i < at && i < sql.size(); ++i) {
    column = sql[i] == '\n' ? 1 : column + 1;
    if (sql[i] == '\n') ++line;
  }
  return fmt::format("line {}:{}: ", line, column);
}

QueryOutcome FailureOf(ErrorCategory category, std::string type, std::string message) {
  QueryOutcome outcome;
  outcome.state = QueryState::kFailed;
  outcome.category = category;
  outcome.message = fmt::format("{}: {}", type, message);
  outcome.type = std::move(type);
  return outcome;
}

QueryOutcome FailureOf(const duckdb::ErrorData& error, const std::string& sql) {
  if (std::string own = OwnType(error.RawMessage()); !own.empty()) {
    return FailureOf(CategoryOf(own), own, error.RawMessage().substr(own.size() + 2));
  }
  using duckdb::ExceptionType;
  switch (error.Type()) {
    case ExceptionType::BINDER: return Binding(error, sql);
    case ExceptionType::CATALOG: {
      bool table = error.RawMessage().starts_with("Table with name");
      return FailureOf(ErrorCategory::kUser, table ? "TABLE_NOT_FOUND" : "FUNCTION_NOT_FOUND",
                       Place(error, sql) + (table ? "Table does not exist" : "no such function or type"));
    }
    case ExceptionType::PARSER:
    case ExceptionType::SYNTAX: return FailureOf(ErrorCategory::kUser, "SYNTAX_ERROR", Place(error, sql) + Plain(error));
    case ExceptionType::CONVERSION:
    case ExceptionType::MISMATCH_TYPE: return FailureOf(ErrorCategory::kUser, "INVALID_CAST_ARGUMENT", Plain(error));
    case ExceptionType::OUT_OF_RANGE: return FailureOf(ErrorCategory::kUser, "NUMERIC_VALUE_OUT_OF_RANGE", Plain(error));
    case ExceptionType::DIVIDE_BY_ZERO: return FailureOf(ErrorCategory::kUser, "DIVISION_BY_ZERO", "Division by zero");
    case ExceptionType::OUT_OF_MEMORY:
      return FailureOf(ErrorCategory::kUser, "EXCEEDED_LOCAL_MEMORY_LIMIT", "Query exhausted resources at this scale factor");
    case ExceptionType::NOT_IMPLEMENTED: return FailureOf(ErrorCategory::kUser, "NOT_SUPPORTED", Plain(error));
    case ExceptionType::INVALID_INPUT:
    case ExceptionType::PERMISSION: return FailureOf(ErrorCategory::kUser, "GENERIC_USER_ERROR", Plain(error));
    case ExceptionType::IO:
      return FailureOf(ErrorCategory::kSystem, "HIVE_CANNOT_OPEN_SPLIT", "an object of the table cannot be read");
    default: return FailureOf(ErrorCategory::kSystem, "GENERIC_INTERNAL_ERROR", "the query failed inside the engine");
  }
}

std::string RefusalText(const Error& error) {
  if (!OwnType(error.message).empty()) return error.message;
  switch (error.code) {
    case ErrorCode::kAccessDenied:
    case ErrorCode::kUnauthenticated: return "PERMISSION_DENIED: " + error.message;
    case ErrorCode::kUnsupported: return "NOT_SUPPORTED: " + error.message;
    case ErrorCode::kInvalidArgument: return "HIVE_INVALID_METADATA: " + error.message;
    case ErrorCode::kNotFound: return "HIVE_METASTORE_ERROR: " + error.message;
    case ErrorCode::kLimitExceeded:
    case ErrorCode::kThrottled: return "EXCEEDED_LIMIT: " + error.message;
    default: return "GENERIC_INTERNAL_ERROR: " + error.message;
  }
}

}  // namespace hanse::engine
