#include <cstdio>

#include <fmt/format.h>

#include "audit/verify.h"
#include "cli/output.h"

namespace hanse::cli {

int RunAuditVerify(const std::string& data, Format format) {
  auto found = audit::Verify(data);
  if (!found) return Failed("audit verify", found.error());
  if (format == Format::kJson) {
    fmt::print("{}\n", found->ToJson());
    return found->ok() ? 0 : 1;
  }
  std::vector<std::vector<client::Cell>> rows;
  for (const auto& segment : found->segments) rows.push_back({segment.path, std::to_string(segment.records), "ok"});
  for (const auto& bad : found->bad) rows.push_back({bad.path, std::nullopt, bad.reason});
  Print(format, {"segment", "records", "state"}, rows);
  if (format == Format::kTable) {
    fmt::print(stderr, "({} records; {})\n", found->records(),
               found->ok() ? "nothing is missing or changed" : "the journal is damaged");
  }
  return found->ok() ? 0 : 1;
}

}  // namespace hanse::cli
