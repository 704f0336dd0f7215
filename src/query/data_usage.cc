#include "query/data_usage.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "query/workgroup.h"

namespace hanse::query {
namespace {

namespace mesh = wire::hanse_service;

constexpr TimeMs kMinuteMs = 60'000;

// Of our own service: hanse:… on the workgroup.
Result<std::vector<gate::Need>> NeedOnGroup(std::string_view operation, const gate::Context& context, const std::string& name) {
  return std::vector<gate::Need>{{fmt::format("hanse:{}", operation), WorkGroupArn(context, name), {}}};
}

Result<CountedGroup> GroupOf(const gate::Call& call, const std::string& name) {
  if (!WorkGroups::Read(call.tx(), call.context(), name)) {
    return FailAs(ErrorCode::kNotFound, "EntityNotFoundException", fmt::format("WorkGroup {} is not found.", name));
  }
  return CountedGroup{call.caller().account, call.info().region, name};
}

Result<std::vector<mesh::DataUsageControl>> ControlsOf(store::Transaction& tx, const CountedGroup& group, TimeMs now_ms) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT period_minutes, bytes_max FROM data_usage_controls WHERE account = ? AND region = ? AND "
                                 "workgroup = ? ORDER BY period_minutes",
                                 {group.account, group.region, group.workgroup}));
  std::vector<mesh::DataUsageControl> controls;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto used, tx.One("SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM data_usage WHERE account = ? AND region = ? "
                                 "AND workgroup = ? AND minute > ?",
                                 {group.account, group.region, group.workgroup, now_ms / kMinuteMs - row.Int(0)}));
    controls.push_back({.period_minutes = static_cast<int>(row.Int(0)), .bytes_max = row.Int(1), .bytes_used = used.Int(0)});
  }
  return controls;
}

}  // namespace

Result<std::vector<gate::Need>> SetDataUsageControls::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnGroup(kRule.name, context, *in.work_group);
}
Result<std::vector<gate::Need>> GetDataUsage::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnGroup(kRule.name, context, *in.work_group);
}

Result<SetDataUsageControls::Answer> DataUsage::Do(const gate::Authorized<SetDataUsageControls>& call) {
  TRY_ASSIGN(CountedGroup group, GroupOf(call, *call->in.work_group));
  TRY(call.tx().Execute("DELETE FROM data_usage_controls WHERE account = ? AND region = ? AND workgroup = ?",
                        {group.account, group.region, group.workgroup}));
  std::set<int> periods;
  for (const mesh::DataUsageControl& control : *call->in.controls) {
    if (!periods.insert(*control.period_minutes).second) {
      return FailAs(ErrorCode::kInvalidArgument, "InvalidInputException",
                    fmt::format("Two controls of {} minutes: one a period.", *control.period_minutes));
    }
    TRY(call.tx().Execute(
        "INSERT INTO data_usage_controls (account, region, workgroup, period_minutes, bytes_max) VALUES (?, ?, ?, ?, ?)",
        {group.account, group.region, group.workgroup, std::int64_t{*control.period_minutes}, *control.bytes_max}));
  }
  return SetDataUsageControls::Answer{};
}

Result<GetDataUsage::Answer> DataUsage::Do(const gate::Authorized<GetDataUsage>& call) {
  TRY_ASSIGN(CountedGroup group, GroupOf(call, *call->in.work_group));
  TRY_ASSIGN(auto controls, ControlsOf(call.tx(), group, call.now_ms()));
  return GetDataUsage::Answer{.controls = std::move(controls)};
}

Result<void> DataUsage::Count(store::Transaction& tx, const CountedGroup& group, std::uint64_t scanned_bytes, TimeMs now_ms) {
  if (scanned_bytes == 0) return {};
  const std::int64_t minute = now_ms / kMinuteMs;
  TRY(tx.Execute("DELETE FROM data_usage WHERE account = ? AND region = ? AND workgroup = ? AND minute <= ?",
                 {group.account, group.region, group.workgroup, minute - kMinutesKept}));
  TRY(
      tx.Execute("INSERT INTO data_usage (account, region, workgroup, minute, bytes) VALUES (?, ?, ?, ?, ?) "
                 "ON CONFLICT (account, region, workgroup, minute) DO UPDATE SET bytes = data_usage.bytes + excluded.bytes",
                 {group.account, group.region, group.workgroup, minute, static_cast<std::int64_t>(scanned_bytes)}));
  return {};
}

Result<std::optional<std::uint64_t>> DataUsage::Left(store::Transaction& tx, const CountedGroup& group, TimeMs now_ms) {
  TRY_ASSIGN(auto controls, ControlsOf(tx, group, now_ms));
  std::optional<std::uint64_t> left;
  for (const mesh::DataUsageControl& control : controls) {
    const auto of_this = static_cast<std::uint64_t>(std::max<std::int64_t>(0, *control.bytes_max - *control.bytes_used));
    left = std::min(left.value_or(of_this), of_this);
  }
  return left;
}

}  // namespace hanse::query
