#include <cstdio>

#include <fmt/format.h>

#include "cli/output.h"
#include "client/athena_query.h"
#include "client/text_table.h"

namespace hanse::cli {
namespace {

Result<client::QueryAnswer> Ask(const QueryOptions& options) {
  TRY_ASSIGN(client::Profile profile, client::ReadProfile(options.profile));
  std::string output = options.output.empty() && options.workgroup.empty() ? profile.results : options.output;
  SystemClock clock;
  TRY_ASSIGN(auto as, client::AwsClient::Open(profile, clock));
  return client::RunQuery(*as, options.sql, options.database, output, options.workgroup);
}

}  // namespace

int RunQuery(const QueryOptions& options) {
  auto answer = Ask(options);
  if (!answer) return Failed("query", answer.error());
  Print(options.format, answer->columns, answer->rows);
  if (options.format == Format::kTable) {
    fmt::print(stderr, "({} {}, {} scanned, {} ms)\n", answer->rows.size(), answer->rows.size() == 1 ? "row" : "rows",
               client::BytesText(answer->scanned_bytes), answer->total_ms);
  }
  return 0;
}

}  // namespace hanse::cli
