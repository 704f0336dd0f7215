#pragma once
#include <string>
#include <vector>

// The commands that speak to a running server over the wire, as a profile of the AWS CLI's files. Each returns the exit code: 0 ok,
// 1 refused or failed. Errors go to standard error and say what to do next.
namespace hanse::cli {

enum class Format { kTable, kJson, kCsv };

struct QueryOptions {
  std::string profile, sql, database, output, workgroup;
  Format format = Format::kTable;
};
int RunQuery(const QueryOptions& options);

struct AuditLookup {
  std::string profile, attribute, value;  // "EventName", "GrantPermissions"; both empty: everything.
  int limit = 50;
  Format format = Format::kTable;
};
int RunAuditLookup(const AuditLookup& options);
// Walks the journal of a data directory, whether its server runs or not: 0 clean, 1 damaged.
int RunAuditVerify(const std::string& data, Format format);

int RunAccountList(const std::string& profile, Format format);
int RunAccountCreate(const std::string& profile, const std::string& name, const std::string& email, Format format);

}  // namespace hanse::cli
