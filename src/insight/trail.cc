#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "insight/cloudtrail.h"

namespace hanse::insight {
namespace {

constexpr std::string_view kName = "hanse-organization-trail";
constexpr std::string_view kHomeRegion = "us-east-1";

struct OrganizationTrail {
  std::string arn, management_account;
  TimeMs since_ms = 0;
};

std::string TrailArn(std::string_view account, std::string_view region, std::string_view name) {
  return fmt::format("arn:aws:cloudtrail:{}:{}:trail/{}", region, account, name);
}

// The trail that records the caller's account; none outside of the organisation.
Result<std::optional<OrganizationTrail>> FindTrail(store::Transaction& tx, const Caller& caller) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT o.management_account, o.created_ms FROM organizations o, accounts a "
                                "WHERE a.account = ? AND a.parent <> ''",
                                {caller.account}));
  if (!row) return std::optional<OrganizationTrail>();
  return std::optional(OrganizationTrail{TrailArn(row->Text(0), kHomeRegion, kName), row->Text(0), row->Int(1)});
}

// By its name alone where it is at home, by its ARN from everywhere.
bool Names(const OrganizationTrail& trail, const Caller& caller, std::string_view asked) {
  return asked == trail.arn || (asked == kName && caller.account == trail.management_account);
}

Result<std::vector<gate::Need>> NeedOnTrail(std::string_view action, const gate::Context& context,
                                            const std::optional<std::string>& name) {
  std::string resource = name.value_or("");
  if (!resource.starts_with("arn:")) resource = TrailArn(context.caller.account, context.info.region, resource);
  return std::vector<gate::Need>{{std::string(action), std::move(resource), {}}};
}

Result<OrganizationTrail> RequireTrail(const gate::Call& call, const std::optional<std::string>& name) {
  TRY_ASSIGN(std::optional<OrganizationTrail> trail, FindTrail(call.tx(), call.caller()));
  if (trail && name && Names(*trail, call.caller(), *name)) return *trail;
  return FailAs(ErrorCode::kNotFound, "TrailNotFoundException", fmt::format("Unknown trail: {}", name.value_or("")));
}

wire::cloudtrail::Trail Shown(const OrganizationTrail& trail) {
  wire::cloudtrail::Trail shown;
  shown.name = kName;
  shown.trail_arn = trail.arn;
  shown.home_region = kHomeRegion;
  shown.include_global_service_events = true;
  shown.is_multi_region_trail = true;
  shown.is_organization_trail = true;
  shown.log_file_validation_enabled = true;
  shown.has_custom_event_selectors = false;
  shown.has_insight_selectors = false;
  return shown;
}

}  // namespace

Result<std::vector<gate::Need>> DescribeTrails::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{"cloudtrail:DescribeTrails", "*", {}}};
}
Result<std::vector<gate::Need>> ListTrails::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{"cloudtrail:ListTrails", "*", {}}};
}
Result<std::vector<gate::Need>> GetTrail::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTrail("cloudtrail:GetTrail", context, in.name);
}
Result<std::vector<gate::Need>> GetTrailStatus::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTrail("cloudtrail:GetTrailStatus", context, in.name);
}

Result<DescribeTrails::Answer> CloudTrail::Do(const gate::Authorized<DescribeTrails>& call) {
  DescribeTrails::Answer answer;
  answer.trail_list.emplace();
  TRY_ASSIGN(std::optional<OrganizationTrail> trail, FindTrail(call.tx(), call.caller()));
  if (!trail) return answer;
  const auto& names = call->in.trail_name_list;
  bool asked = !names || names->empty() || std::any_of(names->begin(), names->end(), [&](const std::string& name) {
    return Names(*trail, call.caller(), name);
  });
  // A shadow is the trail seen from another region, or from a member of the organisation.
  bool shadow = call.info().region != kHomeRegion || call.caller().account != trail->management_account;
  if (asked && (!shadow || call->in.include_shadow_trails.value_or(true))) answer.trail_list->push_back(Shown(*trail));
  return answer;
}

Result<ListTrails::Answer> CloudTrail::Do(const gate::Authorized<ListTrails>& call) {
  ListTrails::Answer answer;
  answer.trails.emplace();
  TRY_ASSIGN(std::optional<OrganizationTrail> trail, FindTrail(call.tx(), call.caller()));
  if (trail) answer.trails->push_back({trail->arn, std::string(kName), std::string(kHomeRegion)});
  return answer;
}

Result<GetTrail::Answer> CloudTrail::Do(const gate::Authorized<GetTrail>& call) {
  TRY_ASSIGN(OrganizationTrail trail, RequireTrail(call, call->in.name));
  GetTrail::Answer answer;
  answer.trail = Shown(trail);
  return answer;
}

Result<GetTrailStatus::Answer> CloudTrail::Do(const gate::Authorized<GetTrailStatus>& call) {
  TRY_ASSIGN(OrganizationTrail trail, RequireTrail(call, call->in.name));
  GetTrailStatus::Answer answer;
  answer.is_logging = true;  // What cannot be recorded is refused: there is no state in which it does not log.
  answer.start_logging_time = wire::Timestamp{trail.since_ms};
  answer.time_logging_started = FormatIso8601(trail.since_ms);
  return answer;
}

}  // namespace hanse::insight
