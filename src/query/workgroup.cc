#include "query/workgroup.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/arn.h"
#include "query/page.h"
#include "query/result_encryption.h"
#include "query/tagging.h"
#include "wire/json.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

constexpr std::int64_t kCutoffBytesMin = 10'000'000;

athena::EngineVersion EngineVersionOf() {
  return {.selected_engine_version = "AUTO", .effective_engine_version = std::string(kEngineVersion)};
}

athena::WorkGroup Primary() {
  athena::WorkGroupConfiguration configuration{.result_configuration = athena::ResultConfiguration{},
                                               .enforce_work_group_configuration = false,
                                               .publish_cloud_watch_metrics_enabled = true,
                                               .requester_pays_enabled = false,
                                               .engine_version = EngineVersionOf()};
  return {.name = std::string(kPrimary), .state = "ENABLED", .configuration = configuration, .creation_time = wire::Timestamp{0}};
}

Result<void> CheckConfiguration(const athena::WorkGroupConfiguration& configuration) {
  if (configuration.bytes_scanned_cutoff_per_query && *configuration.bytes_scanned_cutoff_per_query < kCutoffBytesMin) {
    return Invalid(fmt::format("BytesScannedCutoffPerQuery must be at least {} bytes.", kCutoffBytesMin));
  }
  const auto& location = configuration.result_configuration ? configuration.result_configuration->output_location : std::nullopt;
  if (location && !location->empty() && !location->starts_with("s3://")) {
    return Invalid("OutputLocation must be an S3 path: s3://bucket/prefix/");
  }
  return CheckEncryption(configuration);
}

// `tags`: of a new one, as KeptTags() gives them.
Result<void> Store(store::Transaction& tx, const gate::Context& context, const athena::WorkGroup& group,
                   const std::string& tags = "{}") {
  TRY(
      tx.Execute("INSERT INTO workgroups (account, region, name, definition, tags) VALUES (?, ?, ?, ?, ?) "
                 "ON CONFLICT (account, region, name) DO UPDATE SET definition = excluded.definition",
                 {context.caller.account, context.info.region, *group.name, wire::ToJson(group), tags}));
  return {};
}

// What an update says about the place of results: members that are named change, Remove… takes away.
void Apply(const athena::ResultConfigurationUpdates& updates, athena::ResultConfiguration* result) {
  if (updates.output_location) result->output_location = updates.output_location;
  if (updates.remove_output_location.value_or(false)) result->output_location.reset();
  if (updates.encryption_configuration) result->encryption_configuration = updates.encryption_configuration;
  if (updates.remove_encryption_configuration.value_or(false)) result->encryption_configuration.reset();
  if (updates.expected_bucket_owner) result->expected_bucket_owner = updates.expected_bucket_owner;
  if (updates.remove_expected_bucket_owner.value_or(false)) result->expected_bucket_owner.reset();
  if (updates.acl_configuration) result->acl_configuration = updates.acl_configuration;
  if (updates.remove_acl_configuration.value_or(false)) result->acl_configuration.reset();
}

void Apply(const athena::WorkGroupConfigurationUpdates& updates, athena::WorkGroupConfiguration* configuration) {
  auto take = [](const auto& from, auto* to) {
    if (from) *to = from;
  };
  take(updates.enforce_work_group_configuration, &configuration->enforce_work_group_configuration);
  take(updates.publish_cloud_watch_metrics_enabled, &configuration->publish_cloud_watch_metrics_enabled);
  take(updates.bytes_scanned_cutoff_per_query, &configuration->bytes_scanned_cutoff_per_query);
  if (updates.remove_bytes_scanned_cutoff_per_query.value_or(false)) configuration->bytes_scanned_cutoff_per_query.reset();
  take(updates.requester_pays_enabled, &configuration->requester_pays_enabled);
  take(updates.enable_minimum_encryption_configuration, &configuration->enable_minimum_encryption_configuration);
  if (!updates.result_configuration_updates) return;
  if (!configuration->result_configuration) configuration->result_configuration.emplace();
  Apply(*updates.result_configuration_updates, &*configuration->result_configuration);
}

// Whether the workgroup holds executions or named queries.
Result<bool> Used(store::Transaction& tx, const std::vector<store::Value>& whose) {
  for (std::string_view kept : {"executions", "named_queries"}) {
    TRY_ASSIGN(auto some,
               tx.Query(fmt::format("SELECT 1 FROM {} WHERE account = ? AND region = ? AND workgroup = ? LIMIT 1", kept), whose));
    if (!some.empty()) return true;
  }
  return false;
}

}  // namespace

Result<std::vector<gate::Need>> CreateWorkGroup::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, *in.name);
}
Result<std::vector<gate::Need>> GetWorkGroup::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, *in.work_group);
}
Result<std::vector<gate::Need>> ListWorkGroups::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{"athena:ListWorkGroups", "*", {}}};
}
Result<std::vector<gate::Need>> UpdateWorkGroup::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, *in.work_group);
}
Result<std::vector<gate::Need>> DeleteWorkGroup::On(const gate::Context& context, store::Transaction&) const {
  return OnWorkGroup(context, kRule.name, *in.work_group);
}
Result<std::vector<gate::Need>> ListEngineVersions::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{"athena:ListEngineVersions", "*", {}}};
}
Result<athena::WorkGroup> WorkGroups::Read(store::Transaction& tx, const gate::Context& context, const std::string& name) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT definition FROM workgroups WHERE account = ? AND region = ? AND name = ?",
                                {context.caller.account, context.info.region, name}));
  if (row) return wire::FromJson<athena::WorkGroup>(row->Text(0));
  if (name == kPrimary) return Primary();
  return Invalid(fmt::format("WorkGroup {} is not found.", name));
}

Result<void> WorkGroups::Settle(store::Transaction& tx, const gate::Context& context, const std::string& name) {
  TRY_ASSIGN(athena::WorkGroup group, Read(tx, context, name));
  return Store(tx, context, group);
}

Result<athena::WorkGroup> WorkGroups::ReadEnabled(store::Transaction& tx, const gate::Context& context, const std::string& name) {
  TRY_ASSIGN(athena::WorkGroup group, Read(tx, context, name));
  if (group.state != "ENABLED") return Invalid(fmt::format("WorkGroup {} is disabled.", name));
  return group;
}

Result<CreateWorkGroup::Answer> WorkGroups::Do(const gate::Authorized<CreateWorkGroup>& call) {
  const auto& in = call->in;
  if (Read(call.tx(), call.context(), *in.name)) return Invalid("WorkGroup is already created");
  athena::WorkGroup group{.name = in.name, .state = "ENABLED", .description = in.description};
  group.configuration = in.configuration.value_or(athena::WorkGroupConfiguration{});
  TRY(CheckConfiguration(*group.configuration));
  athena::WorkGroupConfiguration& configuration = *group.configuration;
  if (!configuration.enforce_work_group_configuration) configuration.enforce_work_group_configuration = true;
  if (!configuration.publish_cloud_watch_metrics_enabled) configuration.publish_cloud_watch_metrics_enabled = true;
  if (!configuration.requester_pays_enabled) configuration.requester_pays_enabled = false;
  configuration.engine_version = EngineVersionOf();
  group.creation_time = wire::Timestamp{call.now_ms()};
  TRY_ASSIGN(std::string tags, KeptTags(in.tags));
  TRY(Store(call.tx(), call.context(), group, tags));
  return CreateWorkGroup::Answer{};
}

Result<GetWorkGroup::Answer> WorkGroups::Do(const gate::Authorized<GetWorkGroup>& call) {
  TRY_ASSIGN(athena::WorkGroup group, Read(call.tx(), call.context(), *call->in.work_group));
  return GetWorkGroup::Answer{.work_group = std::move(group)};
}

Result<ListWorkGroups::Answer> WorkGroups::Do(const gate::Authorized<ListWorkGroups>& call) {
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT definition FROM workgroups WHERE account = ? AND region = ? ORDER BY name",
                                        {call.caller().account, call.info().region}));
  std::map<std::string, athena::WorkGroup> groups{{std::string(kPrimary), Primary()}};
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto group, wire::FromJson<athena::WorkGroup>(row.Text(0)));
    groups[*group.name] = std::move(group);
  }
  std::vector<athena::WorkGroupSummary> all;
  for (const auto& [name, group] : groups) {
    all.push_back({.name = name,
                   .state = group.state,
                   .description = group.description,
                   .creation_time = group.creation_time,
                   .engine_version = EngineVersionOf()});
  }
  TRY_ASSIGN(auto page, PageOf(all, call->in.next_token, call->in.max_results.value_or(50)));
  return ListWorkGroups::Answer{.work_groups = std::move(page.items), .next_token = std::move(page.next_token)};
}

Result<UpdateWorkGroup::Answer> WorkGroups::Do(const gate::Authorized<UpdateWorkGroup>& call) {
  const auto& in = call->in;
  TRY_ASSIGN(athena::WorkGroup group, Read(call.tx(), call.context(), *in.work_group));
  if (in.description) group.description = in.description;
  if (in.state) group.state = in.state;
  if (!group.configuration) group.configuration.emplace();
  if (in.configuration_updates) Apply(*in.configuration_updates, &*group.configuration);
  TRY(CheckConfiguration(*group.configuration));
  TRY(Store(call.tx(), call.context(), group));
  return UpdateWorkGroup::Answer{};
}

Result<DeleteWorkGroup::Answer> WorkGroups::Do(const gate::Authorized<DeleteWorkGroup>& call) {
  const std::string& name = *call->in.work_group;
  TRY(Read(call.tx(), call.context(), name));
  if (name == kPrimary) return Invalid("WorkGroup primary cannot be deleted.");
  std::vector<store::Value> whose = {call.caller().account, call.info().region, name};
  TRY_ASSIGN(bool used, Used(call.tx(), whose));
  if (used && !call->in.recursive_delete_option.value_or(false)) return Invalid(fmt::format("WorkGroup {} is not empty", name));
  for (std::string_view kept : {"executions", "named_queries", "prepared_statements", "data_usage_controls", "data_usage"}) {
    TRY(call.tx().Execute(fmt::format("DELETE FROM {} WHERE account = ? AND region = ? AND workgroup = ?", kept), whose));
  }
  TRY(call.tx().Execute("DELETE FROM workgroups WHERE account = ? AND region = ? AND name = ?", whose));
  return DeleteWorkGroup::Answer{};
}

Result<ListEngineVersions::Answer> WorkGroups::Do(const gate::Authorized<ListEngineVersions>&) {
  return ListEngineVersions::Answer{.engine_versions = {{EngineVersionOf()}}};
}

}  // namespace hanse::query
