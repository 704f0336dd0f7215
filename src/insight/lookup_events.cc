#include "insight/cloudtrail.h"
#include "insight/lookup.h"

namespace hanse::insight {
namespace {

constexpr int kWaitMs = 1000;

wire::cloudtrail::Event Shown(audit::Found found) {
  wire::cloudtrail::Event event;
  event.event_id = std::move(found.event_id);
  event.event_name = std::move(found.name);
  event.read_only = found.read_only ? "true" : "false";
  if (!found.access_key.empty()) event.access_key_id = std::move(found.access_key);
  event.event_time = wire::Timestamp{found.place.time_ms};
  event.event_source = std::move(found.source);
  if (!found.username.empty()) event.username = std::move(found.username);
  event.resources.emplace();
  for (auto& [type, name] : found.resources) event.resources->push_back({std::move(type), std::move(name)});
  event.cloud_trail_event = std::move(found.json);
  return event;
}

}  // namespace

Result<std::vector<gate::Need>> LookupEvents::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{"cloudtrail:LookupEvents", "*", {}}};
}

Result<LookupEvents::Answer> CloudTrail::Do(const gate::Authorized<LookupEvents>& call) {
  TRY_ASSIGN(audit::Lookup lookup, LookupOf(call->in, call.caller().account, call.info().region));
  LookupEvents::Answer answer;
  answer.events.emplace();
  // The other category is that of Insights, which finds unusual activity: nothing here does.
  if (call->in.event_category && !call->in.event_category->empty()) return answer;
  (void)outbox_.Flush(kWaitMs);  // A journal that is behind shows what it has.
  TRY_ASSIGN(std::vector<audit::Found> found, index_.Search(lookup, kWaitMs));
  if (static_cast<int>(found.size()) == lookup.limit) answer.next_token = NextToken(lookup, found.back().place);
  for (audit::Found& one : found) answer.events->push_back(Shown(std::move(one)));
  return answer;
}

}  // namespace hanse::insight
