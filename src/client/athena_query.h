#pragma once
#include <functional>
#include <string>
#include <vector>

#include "client/aws_client.h"
#include "client/text_table.h"

namespace hanse::client {

struct QueryAnswer {
  std::string id;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;  // Each as long as `columns`.
  std::int64_t scanned_bytes = 0, total_ms = 0;
};

struct QueryProgress {
  std::string state;  // "QUEUED", "RUNNING".
  std::int64_t scanned_bytes = 0;
};
// Told every few milliseconds while a query is under way; false stops the query.
using Watch = std::function<bool(const QueryProgress&)>;

// Runs one statement through Athena and waits for it. A query that fails is an error with Athena's reason (name "QueryFailed").
// `output`: "s3://bucket/prefix/", empty where the workgroup has a place of its own.
Result<QueryAnswer> RunQuery(AwsClient& as, const std::string& sql, const std::string& database, const std::string& output,
                             const std::string& workgroup = {}, const Watch& watch = {});

}  // namespace hanse::client
