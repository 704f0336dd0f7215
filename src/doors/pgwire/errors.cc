#include "doors/pgwire/errors.h"

#include <algorithm>
#include <map>

namespace hanse::pgwire {
namespace {

bool IsState(std::string_view name) {
  return name.size() == 5 && std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

const char* StateOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "22023";
    case ErrorCode::kNotFound: return "42704";
    case ErrorCode::kAlreadyExists: return "42710";
    case ErrorCode::kAccessDenied: return "42501";
    case ErrorCode::kUnauthenticated: return "28000";
    case ErrorCode::kConflict: return "40001";
    case ErrorCode::kLimitExceeded: return "54000";
    case ErrorCode::kThrottled: return "53000";
    case ErrorCode::kUnsupported: return "0A000";
    case ErrorCode::kTimeout: return "57014";
    case ErrorCode::kUnavailable: return "57P03";
    case ErrorCode::kInternal: break;
  }
  return "XX000";
}

}  // namespace

Refusal RefusalOf(const Error& error) {
  const bool inside = error.code == ErrorCode::kInternal || error.code == ErrorCode::kUnavailable;
  return {IsState(error.name) ? error.name : StateOf(error.code), inside ? "the server cannot do this now" : error.message};
}

Error ErrorOf(const engine::QueryOutcome& outcome) {
  static const std::map<std::string, const char*> kStates = {
      {"TABLE_NOT_FOUND", "42P01"},       {"SCHEMA_NOT_FOUND", "3F000"},
      {"COLUMN_NOT_FOUND", "42703"},      {"FUNCTION_NOT_FOUND", "42883"},
      {"SYNTAX_ERROR", "42601"},          {"TYPE_MISMATCH", "42804"},
      {"PERMISSION_DENIED", "42501"},     {"NOT_SUPPORTED", "0A000"},
      {"DIVISION_BY_ZERO", "22012"},      {"NUMERIC_VALUE_OUT_OF_RANGE", "22003"},
      {"INVALID_CAST_ARGUMENT", "22P02"}, {"INVALID_FUNCTION_ARGUMENT", "22023"},
      {"EXCEEDED_TIME_LIMIT", "57014"},   {"USER_CANCELED", "57014"},
      {"EXCEEDED_ANSWER_LIMIT", "54000"}, {"EXCEEDED_MEMORY_LIMIT", "53200"},
      {"BYTES_SCANNED_LIMIT", "54000"}};
  if (outcome.category == engine::ErrorCategory::kSystem) return {ErrorCode::kInternal, outcome.message, "XX000", {}};
  if (outcome.state == engine::QueryState::kCancelled && outcome.type != "BYTES_SCANNED_LIMIT") {
    return {ErrorCode::kTimeout, "canceling statement due to user request", "57014", {}};
  }
  auto found = kStates.find(outcome.type);
  return {ErrorCode::kInvalidArgument, outcome.message, found == kStates.end() ? "42000" : found->second, {}};
}

}  // namespace hanse::pgwire
