#include <boost/json.hpp>

#include <fmt/format.h>

#include "cli/output.h"
#include "client/aws_client.h"
#include "wire/cloudtrail.h"

namespace hanse::cli {
namespace {

namespace trail = wire::cloudtrail;
using Rows = std::vector<std::vector<client::Cell>>;

// The name that the event tells; of a reader whom another account keeps to itself, that account.
client::Cell Who(const trail::Event& event) {
  if (event.username) return event.username;
  boost::system::error_code error;
  const boost::json::value record = boost::json::parse(event.cloud_trail_event.value_or(""), error);
  if (error) return std::nullopt;
  const boost::json::value* account = record.find_pointer("/userIdentity/accountId", error);
  return account && account->is_string() ? client::Cell("account " + std::string(account->get_string())) : std::nullopt;
}

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
      rows.push_back({when, Who(event), event.event_source, event.event_name, event.read_only, event.event_id});
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
