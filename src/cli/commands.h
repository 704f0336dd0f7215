#pragma once
#include <optional>
#include <string>
#include <vector>

// The commands that speak to a running server over the wire, as a profile of the AWS CLI's files. Each returns the exit code: 0 ok,
// 1 refused or failed. Errors go to standard error and say what to do next.
namespace hanse::cli {

enum class Format { kTable, kJson, kCsv };

struct QueryOptions {
  std::string profile, database, output, workgroup;
  std::string sql;  // Empty: a prompt where standard input is a terminal, else the statements that stand there, each ended by ";".
  std::string parquet;    // A file's name: the answer goes there, with its types.
  double usd_per_tb = 5;  // What a scanned terabyte is said to cost; 0: no word of it.
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

// Who may see what, and why. `table`: "[ACCOUNT/]DATABASE.TABLE".
struct AccessQuestion {
  std::string profile, who, table, column;
  std::string as_of;  // "2026-03-31" or "2026-03-31T12:00:00Z"; empty: now.
  bool json = false;
};
int RunExplain(const AccessQuestion& question);
int RunWhoCan(const AccessQuestion& question);
int RunWhatCan(const AccessQuestion& question);

// The mesh as one document. `path`: "-" is standard input.
struct MeshFile {
  std::string profile, path;
  bool json = false;
};
int RunPlan(const MeshFile& file);
int RunApply(const MeshFile& file);
int RunExport(const std::string& profile, const std::vector<std::string>& accounts);

struct DoctorOptions {
  std::string profile;
  std::vector<std::string> accounts;  // Empty: all that the profile oversees.
  std::optional<int> sample;          // Of how many tables values are looked at; 0: none.
  bool json = false;
};
int RunDoctor(const DoctorOptions& options);

// What the queries of a workgroup may scan in a period, and have scanned. `set`: "10GB/1h"; replaces all there is.
struct UsageOptions {
  std::string profile, workgroup;
  std::vector<std::string> set;
  bool clear = false;  // Takes all away.
  Format format = Format::kTable;
};
int RunUsage(const UsageOptions& options);

int RunAccountList(const std::string& profile, Format format);
int RunAccountCreate(const std::string& profile, const std::string& name, const std::string& email, Format format);

}  // namespace hanse::cli
