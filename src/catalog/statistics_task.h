#pragma once
#include "catalog/access.h"
#include "catalog/crawl.h"
#include "catalog/operation.h"
#include "catalog/page.h"
#include "catalog/statistics_rows.h"

// Tasks that compute the statistics of a table's columns, at once or by a schedule, and the settings of a table for them. Source:
// AWS Glue API Reference, "Column statistics". A task has the rights of its role and no others (statistics_run.h). Who starts one
// or sets one up sees the table and has iam:PassRole for the role; a table of another account is its owner's to measure. Who sees a
// table in part is told no hidden column by its tasks.
namespace hanse::catalog {

HANSE_GLUE_OPERATION(StartColumnStatisticsTaskRun, gate::Record::kWrite);
HANSE_GLUE_OPERATION(StopColumnStatisticsTaskRun, gate::Record::kWrite);
HANSE_GLUE_OPERATION(GetColumnStatisticsTaskRun, gate::Record::kRead);
HANSE_GLUE_OPERATION(GetColumnStatisticsTaskRuns, gate::Record::kRead);
HANSE_GLUE_OPERATION(ListColumnStatisticsTaskRuns, gate::Record::kRead);
HANSE_GLUE_OPERATION(CreateColumnStatisticsTaskSettings, gate::Record::kWrite);
HANSE_GLUE_OPERATION(GetColumnStatisticsTaskSettings, gate::Record::kRead);
HANSE_GLUE_OPERATION(UpdateColumnStatisticsTaskSettings, gate::Record::kWrite);
HANSE_GLUE_OPERATION(DeleteColumnStatisticsTaskSettings, gate::Record::kWrite);
HANSE_GLUE_OPERATION(StartColumnStatisticsTaskRunSchedule, gate::Record::kWrite);
HANSE_GLUE_OPERATION(StopColumnStatisticsTaskRunSchedule, gate::Record::kWrite);

// Takes runs whose row says STARTING. Any thread; never blocks.
class StatisticsQueue {
 public:
  virtual ~StatisticsQueue() = default;
  virtual void Enqueue(Id run) = 0;
  // Ends a run soon; nothing where there is none.
  virtual void Cancel(Id run) = 0;
};

// Any thread; what it is given outlives it.
class StatisticsTasks {
 public:
  static constexpr std::size_t kPageMax = 100;

  StatisticsTasks(const Access& access, RoleSessions& roles, StatisticsQueue& queue, Random& random, const Pages& pages)
      : access_(access), roles_(roles), queue_(queue), random_(random), pages_(pages) {}
  Result<StartColumnStatisticsTaskRun::Answer> Do(const gate::Authorized<StartColumnStatisticsTaskRun>& call) const;
  Result<StopColumnStatisticsTaskRun::Answer> Do(const gate::Authorized<StopColumnStatisticsTaskRun>& call) const;
  Result<GetColumnStatisticsTaskRun::Answer> Do(const gate::Authorized<GetColumnStatisticsTaskRun>& call) const;
  Result<GetColumnStatisticsTaskRuns::Answer> Do(const gate::Authorized<GetColumnStatisticsTaskRuns>& call) const;
  Result<ListColumnStatisticsTaskRuns::Answer> Do(const gate::Authorized<ListColumnStatisticsTaskRuns>& call) const;

  // Settings and schedules: statistics_settings.cc.
  Result<CreateColumnStatisticsTaskSettings::Answer> Do(const gate::Authorized<CreateColumnStatisticsTaskSettings>& call) const;
  Result<GetColumnStatisticsTaskSettings::Answer> Do(const gate::Authorized<GetColumnStatisticsTaskSettings>& call) const;
  Result<UpdateColumnStatisticsTaskSettings::Answer> Do(const gate::Authorized<UpdateColumnStatisticsTaskSettings>& call) const;
  Result<DeleteColumnStatisticsTaskSettings::Answer> Do(const gate::Authorized<DeleteColumnStatisticsTaskSettings>& call) const;
  Result<StartColumnStatisticsTaskRunSchedule::Answer> Do(const gate::Authorized<StartColumnStatisticsTaskRunSchedule>& call) const;
  Result<StopColumnStatisticsTaskRunSchedule::Answer> Do(const gate::Authorized<StopColumnStatisticsTaskRunSchedule>& call) const;

 private:
  template <class Op>
  Result<StatisticsSettings> SettingsOf(const gate::Authorized<Op>& call) const;

  const Access& access_;
  RoleSessions& roles_;
  StatisticsQueue& queue_;
  Random& random_;
  const Pages& pages_;
};

// The table that a request names, as its caller sees it. kUnsupported where it is another account's.
Result<OpenedTable> OpenMeasured(const Access& access, const gate::Call& call, Intent intent, std::string_view action,
                                 const std::optional<std::string>& catalog, const std::optional<std::string>& database,
                                 const std::optional<std::string>& table);
// Takes out the names of columns that a reader with that access is not told of.
void HideColumnNames(const policy::TableAccess& access, std::optional<std::vector<std::string>>* columns);
// kInvalidArgument where one of them is no column that the caller of `opened` knows.
Result<void> CheckMeasuredColumns(const OpenedTable& opened, const std::optional<std::vector<std::string>>& columns);

namespace statistics_task {
using Operations =
    gate::List<StartColumnStatisticsTaskRun, StopColumnStatisticsTaskRun, GetColumnStatisticsTaskRun, GetColumnStatisticsTaskRuns,
               ListColumnStatisticsTaskRuns, CreateColumnStatisticsTaskSettings, GetColumnStatisticsTaskSettings,
               UpdateColumnStatisticsTaskSettings, DeleteColumnStatisticsTaskSettings, StartColumnStatisticsTaskRunSchedule,
               StopColumnStatisticsTaskRunSchedule>;
}

}  // namespace hanse::catalog
