#pragma once
#include <string>

#include "duckdb.hpp"
#include "engine/query_job.h"

namespace hanse::engine {

// "line 1:8: " for the byte `at` of a query; both count from 1.
std::string PlaceIn(const std::string& sql, std::size_t at);
// What an error of the engine is to the caller, in Athena's words: its category, type and message. Never a suggestion of another
// name, a file's name or the engine's own query fragments.
QueryOutcome FailureOf(const duckdb::ErrorData& error, const std::string& sql);
QueryOutcome FailureOf(ErrorCategory category, std::string type, std::string message);
// What the server refused a running query, with Trino's name for it in front: "PERMISSION_DENIED: …".
std::string RefusalText(const Error& error);

}  // namespace hanse::engine
