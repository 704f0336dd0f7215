#include "audit/indexed_event.h"

#include <boost/json.hpp>

namespace hanse::audit {
namespace {

namespace json = boost::json;

std::string Text(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains({name.data(), name.size()});
  return member && member->is_string() ? std::string(member->as_string()) : std::string();
}

// The user's name, the session's, or the service's: what LookupEvents calls Username.
std::string Username(const json::object& identity) {
  std::string type = Text(identity, "type");
  if (type == "Root") return "root";
  if (type == "AWSService") return Text(identity, "invokedBy");
  if (std::string name = Text(identity, "userName"); !name.empty()) return name;
  std::string arn = Text(identity, "arn");
  std::size_t slash = arn.rfind('/');
  return slash == std::string::npos ? std::string() : arn.substr(slash + 1);
}

}  // namespace

std::optional<IndexedEvent> ReadEvent(std::string_view text) {
  boost::system::error_code error;
  json::monotonic_resource memory;
  json::value value = json::parse({text.data(), text.size()}, error, &memory);
  if (error || !value.is_object()) return {};
  const json::object& record = value.as_object();
  IndexedEvent event;
  event.event_id = Text(record, "eventID");
  if (event.event_id.empty() || !ParseTime(Text(record, "eventTime"), &event.time_ms)) return {};
  event.account = Text(record, "recipientAccountId");
  event.region = Text(record, "awsRegion");
  event.name = Text(record, "eventName");
  event.source = Text(record, "eventSource");
  event.category = Text(record, "eventCategory");
  const json::value* read_only = record.if_contains("readOnly");
  event.read_only = !read_only || !read_only->is_bool() || read_only->as_bool();
  if (const json::value* identity = record.if_contains("userIdentity"); identity && identity->is_object()) {
    event.username = Username(identity->as_object());
    event.access_key = Text(identity->as_object(), "accessKeyId");
  }
  if (const json::value* resources = record.if_contains("resources"); resources && resources->is_array()) {
    for (const json::value& one : resources->as_array()) {
      if (one.is_object()) event.resources.emplace_back(Text(one.as_object(), "type"), Text(one.as_object(), "ARN"));
    }
  }
  return event;
}

}  // namespace hanse::audit
