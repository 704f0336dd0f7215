#include "catalog/statistics_task.h"

#include <gtest/gtest.h>

#include "catalog/database.h"
#include "catalog/statistics_runner.h"
#include "catalog/test_lake.h"

namespace hanse::catalog {
namespace {

using policy::Permission;

// Answers one table of rows (id bigint, day string) as a reader does that filters nothing.
class TestReader final : public TableReader {
 public:
  std::vector<std::string> asked;
  std::optional<Error> refuses;
  Result<std::vector<AnswerRow>> Ask(const gate::Context& as, const Question& question, const std::stop_token&) override {
    EXPECT_EQ(as.caller.principal_arn, TestWorld::ArnOf("measurer"));
    asked.push_back(question.sql);
    if (refuses) return std::unexpected(*refuses);
    if (question.sql.starts_with("SELECT count(*) FROM")) return std::vector<AnswerRow>{{"4"}};
    if (question.sql.starts_with("SELECT CAST(\"day\"")) {
      return std::vector<AnswerRow>{{"1", "2", "0", "1", "2", "2"}, {"2", "2", "1", "3", "3", "1"}};
    }
    return std::vector<AnswerRow>{{"4", "1", "1", "3", "3", "0", "1", "2", "2"}};
  }
};

class StatisticsTaskTest : public testing::Test {
 protected:
  StatisticsTaskTest() {
    auto tx = *world.store->BeginWrite();
    Id id = *store::NewThing(*tx, "role");
    EXPECT_TRUE(tx->Execute(
        "INSERT INTO principals (id, account, kind, name, name_lower, path, arn, unique_id, created_ms, trust, definition) "
        "VALUES (?, ?, 'role', 'measurer', 'measurer', '/', ?, 'AROAM', 0, '', '')",
        {id, std::string(kOwner), TestWorld::ArnOf("measurer")}));
    EXPECT_TRUE(tx->Commit());
    EXPECT_TRUE(
        world.gate.Run(admin, CreateDatabase{.in = {.database_input = wire::glue::DatabaseInput{.name = "sales"}}}, databases));
    CreateTable create{.in = {.database_name = "sales"}};
    create.in.table_input = wire::glue::TableInput{.name = "orders"};
    create.in.table_input->storage_descriptor = wire::glue::StorageDescriptor{
        .columns = std::vector<wire::glue::Column>{{.name = "id", .type = "bigint"}, {.name = "tags", .type = "array<string>"}},
        .location = "s3://lake/orders/"};
    create.in.table_input->partition_keys = std::vector<wire::glue::Column>{{.name = "day", .type = "int"}};
    EXPECT_TRUE(world.gate.Run(admin, create, tables));
    for (const char* day : {"01", "2"}) {
      CreatePartition one{.in = {.database_name = "sales", .table_name = "orders"}};
      one.in.partition_input = wire::glue::PartitionInput{.values = std::vector<std::string>{day}};
      EXPECT_TRUE(world.gate.Run(admin, one, partitions));
    }
  }
  void LetMeasure() {
    policy::PermissionSet held(Permission::kSelect);
    held.Add(Permission::kAlter);
    world.Grant("measurer", "sales.orders", held);
  }
  Result<StartColumnStatisticsTaskRun::Answer> Begin(const gate::Context& as) {
    StartColumnStatisticsTaskRun start{{.in = {.database_name = "sales", .table_name = "orders", .role = "measurer"}}};
    return world.gate.Run(as, start, tasks);
  }
  // Starts a run and runs it to its end.
  wire::glue::ColumnStatisticsTaskRun Measure() {
    auto begun = Begin(admin);
    EXPECT_TRUE(begun) << begun.error().message;
    auto row = *FindStatisticsRunByName(**world.store->BeginRead(), kOwner, "us-east-1", *begun->column_statistics_task_run_id);
    runner.RunOne(row->id, {});
    return Shown(*begun->column_statistics_task_run_id);
  }
  wire::glue::ColumnStatisticsTaskRun Shown(const std::string& id) {
    GetColumnStatisticsTaskRun get{{.in = {.column_statistics_task_run_id = id}}};
    return *world.gate.Run(admin, get, tasks)->column_statistics_task_run;
  }
  std::size_t Kept(const std::string& column) {
    GetColumnStatisticsForTable get{{.in = {.database_name = "sales", .table_name = "orders"}}};
    get.in.column_names = std::vector<std::string>{column};
    return world.gate.Run(admin, get, statistics)->column_statistics_list->size();
  }

  TestWorld world;
  gate::Context admin = world.As("admin");
  OneRole roles{world, "measurer"};
  TestReader reader;
  Databases databases{world.access, world.pages};
  Tables tables{world.access, world.pages, world.views};
  Partitions partitions{world.access, world.pages};
  ColumnStatistics statistics{world.access};
  StatisticsRunner runner{*world.store, roles, {world.gate, tables, partitions, statistics, reader, world.clock, world.random}};
  StatisticsTasks tasks{world.access, roles, runner, world.random, world.pages};
};

TEST_F(StatisticsTaskTest, ARunHasTheRightsOfItsRoleAndNoOthers) {
  EXPECT_EQ(Measure().status, "FAILED");
  EXPECT_TRUE(reader.asked.empty());
  world.Grant("measurer", "sales.orders", Permission::kSelect);
  auto run = Measure();
  EXPECT_EQ(run.status, "FAILED");
  EXPECT_TRUE(run.error_message->starts_with("AccessDeniedException")) << *run.error_message;
  EXPECT_EQ(Kept("id"), 0u);
  LetMeasure();
  run = Measure();
  EXPECT_EQ(run.status, "SUCCEEDED") << run.error_message.value_or("");
  EXPECT_EQ(Kept("id"), 1u);
  EXPECT_EQ(Kept("day"), 1u);
  EXPECT_EQ(Kept("tags"), 0u);
  // Values are data: the journal does not have them.
  auto records = (*world.store->BeginRead())->Query("SELECT record FROM outbox WHERE record LIKE '%UpdateColumnStatistics%'");
  ASSERT_FALSE(records->empty());
  for (const store::Row& row : *records) EXPECT_EQ(row.Text(0).find("imumValue"), std::string::npos) << row.Text(0);
}

TEST_F(StatisticsTaskTest, PartitionsGetTheirOwnByTheirValues) {
  LetMeasure();
  ASSERT_EQ(Measure().status, "SUCCEEDED");
  for (const auto& [day, most] : {std::pair("01", 2), std::pair("2", 3)}) {
    GetColumnStatisticsForPartition get{{.in = {.database_name = "sales", .table_name = "orders"}}};
    get.in.partition_values = std::vector<std::string>{day};
    get.in.column_names = std::vector<std::string>{"id"};
    auto shown = world.gate.Run(admin, get, statistics);
    ASSERT_TRUE(shown);
    ASSERT_EQ(shown->column_statistics_list->size(), 1u) << day;
    const auto& data = *shown->column_statistics_list->front().statistics_data;
    EXPECT_EQ(*data.long_column_statistics_data->maximum_value, most);
  }
}

TEST_F(StatisticsTaskTest, WhatCannotBeReadEndsTheRunAndKeepsNothing) {
  LetMeasure();
  reader.refuses = Error{ErrorCode::kAccessDenied, "The role reads orders under a filter of rows or cells.", "", {}};
  auto run = Measure();
  EXPECT_EQ(run.status, "FAILED");
  EXPECT_TRUE(run.error_message->starts_with("AccessDeniedException"));
  EXPECT_EQ(Kept("id"), 0u);
}

TEST_F(StatisticsTaskTest, StartingTakesPassRoleAndATableThatIsSeen) {
  EXPECT_EQ(Begin(world.As("stranger")).error().code, ErrorCode::kNotFound);
  world.policies.denied = {"iam:PassRole"};
  EXPECT_EQ(Begin(admin).error().code, ErrorCode::kAccessDenied);
  world.policies.denied.clear();
  roles.trusts = false;
  EXPECT_EQ(Begin(admin).error().code, ErrorCode::kInvalidArgument);
  roles.trusts = true;
  auto begun = Begin(admin);
  ASSERT_TRUE(begun);
  GetColumnStatisticsTaskRun get{{.in = {.column_statistics_task_run_id = begun->column_statistics_task_run_id}}};
  EXPECT_EQ(world.gate.Run(world.As("stranger"), get, tasks).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(world.gate.Run(admin, get, tasks));
}

TEST_F(StatisticsTaskTest, APartialReaderIsToldNoHiddenColumnByATask) {
  world.lake.columns[{TestWorld::ArnOf("partial"), "sales.orders"}] = {"id"};
  CreateColumnStatisticsTaskSettings create{{.in = {.database_name = "sales", .table_name = "orders", .role = "measurer"}}};
  create.in.column_name_list = std::vector<std::string>{"id", "TAGS"};
  ASSERT_TRUE(world.gate.Run(admin, create, tasks));
  GetColumnStatisticsTaskSettings settings{{.in = {.database_name = "sales", .table_name = "orders"}}};
  EXPECT_EQ(world.gate.Run(admin, settings, tasks)->column_statistics_task_settings->column_name_list->size(), 2u);
  EXPECT_EQ(*world.gate.Run(world.As("partial"), settings, tasks)->column_statistics_task_settings->column_name_list,
            std::vector<std::string>{"id"});
  StartColumnStatisticsTaskRun start{{.in = {.database_name = "sales", .table_name = "orders"}}};
  start.in.column_name_list = create.in.column_name_list;
  start.in.role = "measurer";
  auto begun = world.gate.Run(admin, start, tasks);
  ASSERT_TRUE(begun);
  auto row = *FindStatisticsRunByName(**world.store->BeginRead(), kOwner, "us-east-1", *begun->column_statistics_task_run_id);
  runner.RunOne(row->id, {});
  EXPECT_TRUE(Shown(*begun->column_statistics_task_run_id).error_message);
  GetColumnStatisticsTaskRun get{{.in = {.column_statistics_task_run_id = begun->column_statistics_task_run_id}}};
  auto shown = *world.gate.Run(world.As("partial"), get, tasks)->column_statistics_task_run;
  EXPECT_EQ(*shown.column_name_list, std::vector<std::string>{"id"});
  EXPECT_FALSE(shown.error_message);
  EXPECT_EQ(world.gate.Run(world.As("partial"), start, tasks).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(StatisticsTaskTest, OneRunATableAndAStopEndsIt) {
  auto begun = Begin(admin);
  ASSERT_TRUE(begun);
  EXPECT_EQ(Begin(admin).error().name, "ColumnStatisticsTaskRunningException");
  StopColumnStatisticsTaskRun stop{{.in = {.database_name = "sales", .table_name = "orders"}}};
  ASSERT_TRUE(world.gate.Run(admin, stop, tasks));
  EXPECT_EQ(world.gate.Run(admin, stop, tasks).error().name, "ColumnStatisticsTaskStoppingException");
  auto row = *FindStatisticsRunByName(**world.store->BeginRead(), kOwner, "us-east-1", *begun->column_statistics_task_run_id);
  runner.RunOne(row->id, {});
  EXPECT_EQ(Shown(*begun->column_statistics_task_run_id).status, "STOPPED");
  EXPECT_TRUE(reader.asked.empty());
  EXPECT_EQ(world.gate.Run(admin, stop, tasks).error().name, "ColumnStatisticsTaskNotRunningException");
}

TEST_F(StatisticsTaskTest, AScheduleFiresWhileItIsOnAndRunsAreListedFromTheNewest) {
  LetMeasure();
  CreateColumnStatisticsTaskSettings create{
      {.in = {.database_name = "sales", .table_name = "orders", .role = "measurer", .schedule = "cron(30 2 * * ? *)"}}};
  ASSERT_TRUE(world.gate.Run(admin, create, tasks));
  EXPECT_EQ(world.gate.Run(admin, create, tasks).error().code, ErrorCode::kAlreadyExists);
  constexpr TimeMs kMidnight = 1'700'006'400'000, kMinute = 60'000;
  auto runs = [&] {
    GetColumnStatisticsTaskRuns list{{.in = {.database_name = "sales", .table_name = "orders"}}};
    return *world.gate.Run(admin, list, tasks)->column_statistics_task_runs;
  };
  ASSERT_TRUE(runner.StartDue(kMidnight + 149 * kMinute));
  EXPECT_EQ(runs().size(), 0u);
  ASSERT_TRUE(runner.StartDue(kMidnight + 150 * kMinute));
  ASSERT_EQ(runs().size(), 1u);
  GetColumnStatisticsTaskSettings get{{.in = {.database_name = "sales", .table_name = "orders"}}};
  auto settings = *world.gate.Run(admin, get, tasks)->column_statistics_task_settings;
  EXPECT_EQ(settings.schedule->state, "SCHEDULED");
  EXPECT_EQ(settings.last_execution_attempt->status, "STARTED");
  StopColumnStatisticsTaskRunSchedule off{{.in = {.database_name = "sales", .table_name = "orders"}}};
  ASSERT_TRUE(world.gate.Run(admin, off, tasks));
  ASSERT_TRUE(runner.StartDue(kMidnight + (24 * 60 + 150) * kMinute));
  EXPECT_EQ(runs().size(), 1u);
  EXPECT_EQ(world.gate.Run(admin, get, tasks)->column_statistics_task_settings->schedule->state, "NOT_SCHEDULED");
  StartColumnStatisticsTaskRunSchedule on{{.in = {.database_name = "sales", .table_name = "orders"}}};
  ASSERT_TRUE(world.gate.Run(admin, on, tasks));
  DeleteColumnStatisticsTaskSettings forget{{.in = {.database_name = "sales", .table_name = "orders"}}};
  ASSERT_TRUE(world.gate.Run(admin, forget, tasks));
  EXPECT_EQ(world.gate.Run(admin, get, tasks).error().code, ErrorCode::kNotFound);
}

TEST_F(StatisticsTaskTest, ATableTakesItsSettingsAndRunsWithIt) {
  auto begun = Begin(admin);
  ASSERT_TRUE(begun);
  ASSERT_TRUE(world.gate.Run(admin, DeleteTable{.in = {.database_name = "sales", .name = "orders"}}, tables));
  GetColumnStatisticsTaskRun get{{.in = {.column_statistics_task_run_id = begun->column_statistics_task_run_id}}};
  EXPECT_EQ(world.gate.Run(admin, get, tasks).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace hanse::catalog
