#include <fmt/format.h>

#include "catalog/passed_role.h"
#include "catalog/schedule.h"
#include "catalog/statistics_task.h"

namespace hanse::catalog {
namespace {

template <class Op>
Result<OpenedTable> OpenOf(const Access& access, const gate::Authorized<Op>& call) {
  const Intent intent = Op::kRule.record == gate::Record::kWrite ? Intent::kChange : Intent::kRead;
  return OpenMeasured(access, call, intent, fmt::format("glue:{}", Op::kRule.name), call->in.catalog_id, call->in.database_name,
                      call->in.table_name);
}

// What Create and Update have in common: whatever the request has takes its place. The caller must be able to pass a new role.
template <class Input>
Result<void> SetUp(const gate::Call& call, RoleSessions& roles, const OpenedTable& opened, const Input& in,
                   StatisticsSettings* settings) {
  auto& definition = settings->definition;
  if (in.security_configuration) return Fail(ErrorCode::kUnsupported, "SecurityConfiguration");
  TRY(CheckMeasuredColumns(opened, in.column_name_list));
  if (in.role && in.role != definition.role) TRY(RequirePassing(call, roles, *in.role));
  if (in.role) definition.role = in.role;
  if (in.column_name_list) definition.column_name_list = in.column_name_list;
  if (in.sample_size) definition.sample_size = in.sample_size;
  if (!in.schedule) return {};
  settings->schedule = *in.schedule;
  definition.schedule.reset();
  if (in.schedule->empty()) return {};
  TRY(Schedule::Parse(*in.schedule));
  definition.schedule = wire::glue::Schedule{.schedule_expression = *in.schedule};
  definition.schedule_type = "CRON";
  return {};
}

}  // namespace

Result<std::vector<gate::Need>> CreateColumnStatisticsTaskSettings::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:CreateColumnStatisticsTaskSettings", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> GetColumnStatisticsTaskSettings::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetColumnStatisticsTaskSettings", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> UpdateColumnStatisticsTaskSettings::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:UpdateColumnStatisticsTaskSettings", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> DeleteColumnStatisticsTaskSettings::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:DeleteColumnStatisticsTaskSettings", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> StartColumnStatisticsTaskRunSchedule::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:StartColumnStatisticsTaskRunSchedule", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> StopColumnStatisticsTaskRunSchedule::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:StopColumnStatisticsTaskRunSchedule", context, in.catalog_id, in.database_name, in.table_name);
}

template <class Op>
Result<StatisticsSettings> StatisticsTasks::SettingsOf(const gate::Authorized<Op>& call) const {
  TRY_ASSIGN(OpenedTable opened, OpenOf(access_, call));
  TRY_ASSIGN(auto settings, FindStatisticsSettings(call.tx(), opened.table.id));
  if (!settings) {
    return Fail(ErrorCode::kNotFound, fmt::format("Column statistics task settings of {} not found.", *call->in.table_name));
  }
  settings->definition.database_name = opened.table.database_name;
  settings->definition.table_name = opened.table.name;
  return std::move(*settings);
}

Result<CreateColumnStatisticsTaskSettings::Answer> StatisticsTasks::Do(
    const gate::Authorized<CreateColumnStatisticsTaskSettings>& call) const {
  if (call->in.tags && !call->in.tags->empty()) return Fail(ErrorCode::kUnsupported, "Tags of column statistics task settings");
  TRY_ASSIGN(OpenedTable opened, OpenOf(access_, call));
  TRY_ASSIGN(auto taken, FindStatisticsSettings(call.tx(), opened.table.id));
  if (taken) {
    return Fail(ErrorCode::kAlreadyExists,
                fmt::format("Column statistics task settings of {} already exist.", *call->in.table_name));
  }
  StatisticsSettings settings{.table = opened.table.id};
  settings.definition.catalog_id = opened.table.account;
  settings.definition.setting_source = "TABLE";
  TRY(SetUp(call, roles_, opened, call->in, &settings));
  TRY(KeepStatisticsSettings(call.tx(), settings));
  return CreateColumnStatisticsTaskSettings::Answer();
}

Result<GetColumnStatisticsTaskSettings::Answer> StatisticsTasks::Do(
    const gate::Authorized<GetColumnStatisticsTaskSettings>& call) const {
  TRY_ASSIGN(StatisticsSettings settings, SettingsOf(call));
  TRY_ASSIGN(OpenedTable opened, OpenOf(access_, call));
  auto& shown = settings.definition;
  HideColumnNames(opened.access, &shown.column_name_list);
  if (shown.schedule) shown.schedule->state = settings.schedule.empty() ? "NOT_SCHEDULED" : "SCHEDULED";
  return GetColumnStatisticsTaskSettings::Answer{.column_statistics_task_settings = std::move(shown)};
}

Result<UpdateColumnStatisticsTaskSettings::Answer> StatisticsTasks::Do(
    const gate::Authorized<UpdateColumnStatisticsTaskSettings>& call) const {
  TRY_ASSIGN(StatisticsSettings settings, SettingsOf(call));
  TRY_ASSIGN(OpenedTable opened, OpenOf(access_, call));
  TRY(SetUp(call, roles_, opened, call->in, &settings));
  TRY(KeepStatisticsSettings(call.tx(), settings));
  return UpdateColumnStatisticsTaskSettings::Answer();
}

Result<DeleteColumnStatisticsTaskSettings::Answer> StatisticsTasks::Do(
    const gate::Authorized<DeleteColumnStatisticsTaskSettings>& call) const {
  TRY_ASSIGN(StatisticsSettings settings, SettingsOf(call));
  TRY(DeleteStatisticsSettings(call.tx(), settings.table));
  return DeleteColumnStatisticsTaskSettings::Answer();
}

Result<StartColumnStatisticsTaskRunSchedule::Answer> StatisticsTasks::Do(
    const gate::Authorized<StartColumnStatisticsTaskRunSchedule>& call) const {
  TRY_ASSIGN(StatisticsSettings settings, SettingsOf(call));
  if (!settings.definition.schedule) return Fail(ErrorCode::kInvalidArgument, "The settings have no schedule.");
  settings.schedule = settings.definition.schedule->schedule_expression.value_or("");
  TRY(KeepStatisticsSettings(call.tx(), settings));
  return StartColumnStatisticsTaskRunSchedule::Answer();
}

Result<StopColumnStatisticsTaskRunSchedule::Answer> StatisticsTasks::Do(
    const gate::Authorized<StopColumnStatisticsTaskRunSchedule>& call) const {
  TRY_ASSIGN(StatisticsSettings settings, SettingsOf(call));
  settings.schedule.clear();
  TRY(KeepStatisticsSettings(call.tx(), settings));
  return StopColumnStatisticsTaskRunSchedule::Answer();
}

}  // namespace hanse::catalog
