#include <fmt/format.h>

#include "cli/output.h"
#include "client/aws_client.h"
#include "wire/cloudtrail.h"

namespace hanse::cli {
namespace {

namespace trail = wire::cloudtrail;
using Rows = std::vector<std::vector<client::Cell>>;

Result<Rows> LookUp(const AuditLookup& options) {
  SystemClock clock;
  TRY_ASSIGN(auto as, client::AwsClient::SignIn(options.profile, clock));
  trail::LookupEventsRequest request;
  if (!options.attribute.empty()) {
    request.lookup_attributes = {{trail::LookupAttribute{.attribute_key = options.attribute, .attribute_value = options.value}}};
  }
  Rows rows;
  do {
    TRY_ASSIGN(auto page, as->Call<trail::op::LookupEvents>(request));
    for (const trail::Event& event : page.events.value_or(std::vector<trail::Event>{})) {
      if (static_cast<int>(rows.size()) == options.limit) return rows;
      std::string when = event.event_time ? FormatIso8601(event.event_time->ms) : std::string();
      rows.push_back({when, event.username, event.event_source, event.event_name, event.read_only, event.event_id});
    }
    request.next_token = page.next_token;
  } while (request.next_token);
  return rows;
}

}  // namespace

int RunAuditLookup(const AuditLookup& options) {
  auto rows = LookUp(options);
  if (!rows) return Failed("audit lookup", rows.error());
  Print(options.format, {"when", "who", "service", "event", "read_only", "event_id"}, *rows);
  return 0;
}

}  // namespace hanse::cli
