#include "query/runner.h"

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "base/clock.h"
#include "store/test_store.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

// What the tests change while queries run.
struct Lake {
  std::mutex mutex;
  engine::TableSource orders{.database = "shop", .name = "orders", .columns = {{"id", "bigint"}}, .visible = {"id"}};
  bool granted = true, filtered = false, governed = false, writable = true;
  store::Store* store = nullptr;
  std::atomic<int> asked = 0;  // How often rights were asked for again.
  std::vector<engine::ColumnConditions> asked_with;
  std::map<std::string, std::string> objects;
};

class LakeTables final : public QueryTables {
 public:
  explicit LakeTables(Lake& lake) : lake_(lake) {}
  Result<engine::TableSource> Resolve(std::string_view, std::string_view) override {
    std::lock_guard lock(lake_.mutex);
    if (!lake_.granted) return Fail(ErrorCode::kNotFound, "TABLE_NOT_FOUND: Table 'awsdatacatalog.shop.orders' does not exist");
    return lake_.orders;
  }
  Result<engine::TableSource> ResolveWhere(std::string_view database, std::string_view table,
                                           const engine::ColumnConditions& conditions) override {
    {
      std::lock_guard lock(lake_.mutex);
      lake_.asked_with.push_back(conditions);
    }
    return Resolve(database, table);
  }
  Result<engine::OpenObject> Open(std::uint64_t) override { return Fail(ErrorCode::kNotFound, "no object"); }
  Result<std::vector<engine::ListedTable>> List() override { return std::vector<engine::ListedTable>{}; }
  Result<void> HoldRights(const TableGround& ground, store::Basis* basis) override {
    ++lake_.asked;
    TRY_ASSIGN(auto tx, lake_.store->BeginRead());
    TRY(tx->Query("SELECT 1 FROM counters"));
    *basis = tx->basis();
    auto now = Resolve(ground.database, ground.table);
    if (!now || LostRight(ground, GroundOf(*now))) return Fail(ErrorCode::kAccessDenied, "lost");
    return {};
  }
  std::string reader() const override { return {}; }
  bool filtered() const override { return lake_.filtered; }
  bool governed() const override { return lake_.governed; }

 private:
  Lake& lake_;
};

#define HANSE_NOT_ASKED(service, request, response)                                             \
  Result<wire::service::response> Call(const gate::Context&, wire::service::request) override { \
    return Fail(ErrorCode::kUnsupported, "nothing of these tests");                             \
  }

class LakeWorld final : public World {
 public:
  explicit LakeWorld(Lake& lake) : lake_(lake) {}
  std::unique_ptr<QueryTables> TablesFor(const gate::Context&, const std::string&) override {
    return std::make_unique<LakeTables>(lake_);
  }
  Result<std::unique_ptr<QueryOutput>> OpenOutput(const gate::Context&, OutputRequest) override {
    return Fail(ErrorCode::kUnsupported, "nothing of these tests");
  }
  Result<void> WriteObjects(const gate::Context&, std::vector<NewObject> objects, const std::optional<std::string>&,
                            const WithObjects& also) override {
    TRY_ASSIGN(auto tx, lake_.store->BeginWrite());
    if (also) TRY(also(*tx));
    std::lock_guard lock(lake_.mutex);
    if (!lake_.writable) return Fail(ErrorCode::kAccessDenied, "Access Denied");
    TRY(tx->Commit());
    for (NewObject& object : objects) lake_.objects[object.path] = std::move(object.bytes);
    return {};
  }
  Result<std::string> ReadObject(const gate::Context&, const std::string& path, std::uint64_t offset, std::uint64_t max) override {
    std::lock_guard lock(lake_.mutex);
    auto found = lake_.objects.find(path);
    if (found == lake_.objects.end()) return Fail(ErrorCode::kNotFound, "no object");
    return found->second.substr(offset, max);
  }
  Result<std::vector<std::string>> DataBelow(const gate::Context&, const std::string&, const wire::glue::Table&) override {
    return std::vector<std::string>{};
  }
  HANSE_NOT_ASKED(glue, GetDatabasesRequest, GetDatabasesResponse)
  HANSE_NOT_ASKED(glue, GetDatabaseRequest, GetDatabaseResponse)
  HANSE_NOT_ASKED(glue, GetTablesRequest, GetTablesResponse)
  HANSE_NOT_ASKED(glue, GetTableRequest, GetTableResponse)
  HANSE_NOT_ASKED(glue, CreateDatabaseRequest, CreateDatabaseResponse)
  HANSE_NOT_ASKED(glue, DeleteDatabaseRequest, DeleteDatabaseResponse)
  HANSE_NOT_ASKED(athena, CreatePreparedStatementInput, CreatePreparedStatementOutput)
  HANSE_NOT_ASKED(athena, GetDataCatalogInput, GetDataCatalogOutput)
  HANSE_NOT_ASKED(athena, GetPreparedStatementInput, GetPreparedStatementOutput)
  HANSE_NOT_ASKED(athena, DeletePreparedStatementInput, DeletePreparedStatementOutput)
  HANSE_NOT_ASKED(glue, DeleteTableRequest, DeleteTableResponse)
  HANSE_NOT_ASKED(glue, UpdateDatabaseRequest, UpdateDatabaseResponse)
  HANSE_NOT_ASKED(glue, CreateTableRequest, CreateTableResponse)
  HANSE_NOT_ASKED(glue, UpdateTableRequest, UpdateTableResponse)
  HANSE_NOT_ASKED(glue, GetPartitionRequest, GetPartitionResponse)
  HANSE_NOT_ASKED(glue, GetPartitionsRequest, GetPartitionsResponse)
  HANSE_NOT_ASKED(glue, UpdatePartitionRequest, UpdatePartitionResponse)
  HANSE_NOT_ASKED(glue, BatchCreatePartitionRequest, BatchCreatePartitionResponse)
  HANSE_NOT_ASKED(glue, BatchDeletePartitionRequest, BatchDeletePartitionResponse)

 private:
  Lake& lake_;
};

// Reads shop.orders and answers one row; `endless` until it is stopped.
class OneTableEngine final : public engine::QueryEngine {
 public:
  engine::QueryOutcome Run(const engine::QueryJob&, engine::TableResolver& tables, engine::ResultSink& sink,
                           std::stop_token stop) override {
    ++runs;
    if (auto table = tables.Resolve("shop", "orders"); !table) {
      return {.state = engine::QueryState::kFailed, .category = engine::ErrorCategory::kUser, .message = table.error().message};
    }
    while (endless && !stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (stop.stop_requested()) return {.state = engine::QueryState::kCancelled};
    EXPECT_TRUE(sink.Columns({{"id", "bigint", 19, 0}}));
    EXPECT_TRUE(sink.Rows({{"1"}}));
    return {.state = engine::QueryState::kSucceeded, .scanned_bytes = 10, .rows = 1};
  }
  std::atomic<int> runs = 0;
  std::atomic<bool> endless = false;
};

class NotedMetrics final : public QueryMetrics {
 public:
  Result<void> Publish(store::Transaction&, const Query& query, std::span<const Measure> measures, TimeMs) override {
    for (const Measure& measure : measures) {
      told.push_back(query.workgroup + " " + query.state + " " + query.type + " " + std::string(measure.name) + "=" +
                     std::to_string(static_cast<int>(measure.value)) + " " + std::string(measure.unit));
    }
    return {};
  }
  std::vector<std::string> told;  // In the transaction that ends a query: one writer at a time.
};

class RunnerTest : public testing::Test {
 protected:
  RunnerTest() { lake_.store = &*store_; }
  // Of what rights are made of in these tests.
  void Touch() {
    auto tx = store_->BeginWrite().value();
    EXPECT_TRUE(
        tx->Execute("INSERT INTO counters (name, value) VALUES ('touched', 1) "
                    "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1"));
    EXPECT_TRUE(tx->Commit());
  }
  std::string Start(const std::string& sql, const std::string& caller = "ana", bool reuse = true) {
    Execution execution{.id = "e" + std::to_string(++started_),
                        .account = "111122223333",
                        .region = "us-east-1",
                        .workgroup = workgroup_,
                        .state = "QUEUED",
                        .caller = caller};
    execution.definition.query = sql;
    execution.definition.status = athena::QueryExecutionStatus{.state = "QUEUED", .submission_date_time = wire::Timestamp{0}};
    execution.definition.statistics = athena::QueryExecutionStatistics{};
    execution.definition.result_configuration = athena::ResultConfiguration{.output_location = "s3://r/" + execution.id + ".csv"};
    execution.definition.result_reuse_configuration =
        athena::ResultReuseConfiguration{athena::ResultReuseByAgeConfiguration{.enabled = reuse, .max_age_in_minutes = 60}};
    auto tx = store_->BeginWrite().value();
    EXPECT_TRUE(InsertExecution(*tx, execution, execution.id));
    EXPECT_TRUE(tx->Commit());
    runner_.Enqueue({}, workgroup_, execution.id, {});
    return execution.id;
  }
  Execution When(const std::string& id, const std::function<bool(const Execution&)>& holds) {
    while (true) {
      auto tx = store_->BeginRead().value();
      auto execution = FindExecution(*tx, id).value().value();
      if (holds(execution)) return execution;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  Execution Ended(const std::string& id) {
    return When(id, [](const Execution& execution) { return execution.ended(); });
  }
  void Until(const std::string& id, const std::string& state) {
    When(id, [&](const Execution& execution) { return execution.state == state; });
  }
  // Whether the answer to `sql` was one given before; the query succeeds.
  bool Reused(const std::string& sql, const std::string& caller = "ana", bool reuse = true) {
    Execution ended = Ended(Start(sql, caller, reuse));
    EXPECT_EQ(ended.state, "SUCCEEDED") << ended.definition.status->state_change_reason.value_or("");
    EXPECT_EQ(lake_.objects[*ended.definition.result_configuration->output_location], "\"id\"\n\"1\"\n");
    return *ended.definition.statistics->result_reuse_information->reused_previous_result;
  }

  Lake lake_;
  LakeWorld world_{lake_};
  OneTableEngine engine_;
  NotedMetrics metrics_;
  store::TestStore store_;
  ManualClock clock_{1'700'000'000'000};
  std::string workgroup_ = "primary";
  int started_ = 0;
  Runner runner_{{.store = *store_,
                  .clock = clock_,
                  .engine = engine_,
                  .world = world_,
                  .threads = 2,
                  .shares = {},
                  .grounds_every = std::chrono::milliseconds(20),
                  .metrics = &metrics_}};
};

constexpr const char* kSql = "SELECT id FROM shop.orders";

TEST_F(RunnerTest, ATableIsAskedForAgainWithItsConditions) {
  const engine::ColumnConditions one{{.column = "id", .kind = engine::ColumnCondition::Kind::kInteger, .literals = {"1"}}};
  LakeTables tables(lake_);
  Grounds grounds;
  NotedTables noted(tables, grounds);
  ASSERT_TRUE(noted.ResolveWhere("shop", "orders", one));
  ASSERT_TRUE(noted.Resolve("shop", "orders"));
  ASSERT_TRUE(noted.ResolveWhere("shop", "orders", one));
  lake_.asked_with.clear();
  EXPECT_TRUE(HoldsData(tables, grounds.tables()));
  EXPECT_EQ(lake_.asked_with, (std::vector<engine::ColumnConditions>{one, {}}));
  lake_.orders.files.push_back({.object = 1, .version = "another"});
  EXPECT_FALSE(HoldsData(tables, grounds.tables()));
}

TEST_F(RunnerTest, AnAnswerIsGivenAgainToHimWhoAskedTheSame) {
  EXPECT_FALSE(Reused(kSql));
  EXPECT_TRUE(Reused(kSql));
  EXPECT_EQ(engine_.runs, 1);
  EXPECT_FALSE(Reused(kSql, "ben"));
  EXPECT_FALSE(Reused("SELECT id FROM shop.orders  "));
  EXPECT_FALSE(Reused(kSql, "ana", false));
  workgroup_ = "team";
  EXPECT_FALSE(Reused(kSql));
  workgroup_ = "primary";
  clock_.Advance(61 * 60'000);
  EXPECT_FALSE(Reused(kSql));
  EXPECT_TRUE(Reused(kSql));
}

TEST_F(RunnerTest, MetricsOfWhatEndsAreToldWhereTheWorkgroupSaysSo) {
  Ended(Start(kSql, "ana", false));
  EXPECT_THAT(metrics_.told, testing::IsSupersetOf({"primary SUCCEEDED UTILITY ProcessedBytes=10 Bytes",
                                                    "primary SUCCEEDED UTILITY ServiceProcessingTime=0 Milliseconds",
                                                    "primary SUCCEEDED UTILITY ServicePreProcessingTime=0 Milliseconds"}));
  EXPECT_EQ(metrics_.told.size(), 7u);
  metrics_.told.clear();
  lake_.granted = false;
  Ended(Start(kSql, "ana", false));
  EXPECT_THAT(metrics_.told, testing::Contains("primary FAILED UTILITY ProcessedBytes=0 Bytes"));
  metrics_.told.clear();
  athena::WorkGroup quiet{.name = "primary", .state = "ENABLED"};
  quiet.configuration = athena::WorkGroupConfiguration{.publish_cloud_watch_metrics_enabled = false};
  auto tx = store_->BeginWrite().value();
  ASSERT_TRUE(tx->Execute("INSERT INTO workgroups (account, region, name, definition, tags) VALUES (?, ?, ?, ?, '{}')",
                          {"111122223333", "us-east-1", "primary", wire::ToJson(quiet)}));
  ASSERT_TRUE(tx->Commit());
  tx.reset();
  Ended(Start(kSql, "ana", false));
  EXPECT_TRUE(metrics_.told.empty());
}

TEST_F(RunnerTest, AnAnswersFilesAndItsEndAreThereTogetherOrNot) {
  lake_.writable = false;
  Execution refused = Ended(Start(kSql, "ana", false));
  EXPECT_EQ(refused.state, "FAILED");
  EXPECT_EQ(*refused.definition.status->state_change_reason, "Unable to write the result to s3://r/e1.csv: Access Denied");
  EXPECT_TRUE(lake_.objects.empty());
  lake_.writable = true;

  // Another server ends it, and this one does not know when its engine answers.
  engine_.endless = true;
  const std::string id = Start(kSql, "ana", false);
  Until(id, "RUNNING");
  {
    auto tx = store_->BeginWrite().value();
    auto execution = FindExecution(*tx, id).value().value();
    SetState(&execution, "CANCELLED", clock_.NowMs(), "Query cancelled by user");
    EXPECT_TRUE(UpdateExecution(*tx, execution));
    EXPECT_TRUE(tx->Commit());
  }
  engine_.endless = false;
  auto scanned = [&] {
    auto tx = store_->BeginRead().value();
    return tx->One("SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM data_usage").value().Int(0);
  };
  while (scanned() < 20) std::this_thread::sleep_for(std::chrono::milliseconds(2));  // Of both.
  EXPECT_EQ(Ended(id).state, "CANCELLED");
  EXPECT_TRUE(lake_.objects.empty());
}

TEST_F(RunnerTest, ItsTimesAreToldWhetherOrNotItWasEverNotedToRun) {
  clock_.Advance(7);
  for (const bool endless : {false, true}) {
    engine_.endless = endless;
    const std::string id = Start(kSql, "ana", false);
    if (endless) Until(id, "RUNNING");
    engine_.endless = false;
    Execution ended = Ended(id);
    EXPECT_EQ(ended.state, "SUCCEEDED");
    EXPECT_EQ(ended.definition.statistics->query_queue_time_in_millis, 1'700'000'000'007);
    EXPECT_EQ(ended.output_bytes, 9);
  }
}

TEST_F(RunnerTest, WhatDecidedTheAnswerIsAskedAnew) {
  EXPECT_FALSE(Reused(kSql));
  lake_.orders.files = {{.object = 1, .bytes = 5, .version = "r/a etag-1"}};
  EXPECT_FALSE(Reused(kSql));
  EXPECT_TRUE(Reused(kSql));
  lake_.orders.files[0].version = "r/a etag-2";
  EXPECT_FALSE(Reused(kSql));
  lake_.orders.visible.clear();
  EXPECT_FALSE(Reused(kSql));
  EXPECT_TRUE(Reused(kSql));
  lake_.granted = false;
  Execution refused = Ended(Start(kSql));
  EXPECT_EQ(refused.state, "FAILED");
  EXPECT_THAT(*refused.definition.status->state_change_reason, testing::HasSubstr("TABLE_NOT_FOUND"));
  EXPECT_FALSE(*refused.definition.statistics->result_reuse_information->reused_previous_result);
}

TEST_F(RunnerTest, GovernedDataClocksAndLotsAreNotGivenAgain) {
  for (const char* sql : {"SELECT id, now() FROM shop.orders", "SELECT id FROM shop.orders WHERE Random() < 2"}) {
    EXPECT_FALSE(Reused(sql));
    EXPECT_FALSE(Reused(sql));
  }
  for (bool filtered : {true, false}) {
    lake_.filtered = filtered;
    lake_.governed = !filtered;
    EXPECT_FALSE(Reused(kSql));
    EXPECT_FALSE(Reused(kSql));
  }
}

TEST_F(RunnerTest, ARevokeStopsWhatRunsOnIt) {
  for (bool revoke : {true, false}) {
    engine_.endless = true;
    lake_.granted = true;
    std::string id = Start(kSql, revoke ? "ana" : "ben", false);
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    if (revoke) {
      std::lock_guard lock(lake_.mutex);
      lake_.granted = false;
    } else {
      std::lock_guard lock(lake_.mutex);
      lake_.orders.files = {{.object = 1, .bytes = 5, .version = "new data takes no rights away"}};
      lake_.orders.visible.emplace_back("more");
    }
    Touch();
    if (!revoke) std::this_thread::sleep_for(std::chrono::milliseconds(60));
    if (!revoke) engine_.endless = false;
    Execution ended = Ended(id);
    EXPECT_EQ(ended.state, revoke ? "FAILED" : "SUCCEEDED");
    if (!revoke) continue;
    EXPECT_EQ(*ended.definition.status->state_change_reason,
              "PERMISSION_DENIED: the rights to shop.orders changed while the query ran: it was stopped");
    EXPECT_EQ(*ended.definition.status->athena_error->error_type, 1500);
  }
}

TEST_F(RunnerTest, RightsAreAskedForAgainOnlyAfterAChange) {
  // Once more where it is asked in the middle of a commit.
  auto expect_asked = [&](int times) {
    while (lake_.asked < times) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const int asked = lake_.asked;
    EXPECT_LE(asked, 2 * times);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(lake_.asked, asked);
  };
  Touch();
  expect_asked(0);  // Nothing runs.
  engine_.endless = true;
  std::string id = Start(kSql, "ana", false);
  expect_asked(1);
  Touch();
  expect_asked(2);
  engine_.endless = false;
  EXPECT_EQ(Ended(id).state, "SUCCEEDED");
}

TEST(GroundsTest, LessIsALossAndMoreIsNone) {
  const TableGround full{.database = "shop",
                         .table = "orders",
                         .visible = {"id", "email"},
                         .row_filter = "id < 5",
                         .masks = {{"email", "id = 1"}},
                         .reader = "role"};
  EXPECT_EQ(LostRight(full, full), std::nullopt);
  TableGround now = full;
  now.visible.emplace_back("amount");
  now.row_filter.clear();
  now.masks.clear();
  EXPECT_EQ(LostRight(full, now), std::nullopt);
  auto lost = [&](auto change) {
    TableGround less = full;
    change(less);
    return LostRight(full, less).value_or("");
  };
  EXPECT_EQ(lost([](auto& t) { t.visible = {"id"}; }), "column email is not shown any more");
  EXPECT_EQ(lost([](auto& t) { t.row_filter = "id < 4"; }), "other rows are shown");
  EXPECT_EQ(lost([](auto& t) { t.masks.push_back({"id", "id = 1"}); }), "other cells of column id are shown");
  EXPECT_EQ(lost([](auto& t) { t.masks[0].condition = "id = 2"; }), "other cells of column email are shown");
  EXPECT_EQ(lost([](auto& t) { t.reader.clear(); }), "its data is not read as the same role any more");
}

}  // namespace
}  // namespace hanse::query
