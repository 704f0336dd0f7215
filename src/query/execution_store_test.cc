#include "query/execution_store.h"

#include <gtest/gtest.h>

#include "store/test_store.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

constexpr TimeMs kSubmitted = 1'700'000'000'000;

Execution Queued(const std::string& id) {
  Execution execution{.id = id,
                      .account = "111122223333",
                      .region = "us-east-1",
                      .workgroup = "primary",
                      .state = "QUEUED",
                      .caller = "AIDAANA",
                      .definition = {},
                      .columns = {}};
  execution.definition.query = "SELECT 1";
  execution.definition.status =
      athena::QueryExecutionStatus{.state = "QUEUED", .submission_date_time = wire::Timestamp{kSubmitted}};
  execution.definition.statistics = athena::QueryExecutionStatistics{};
  return execution;
}

class ExecutionStoreTest : public testing::Test {
 protected:
  ExecutionStoreTest() : tx_(store_->BeginWrite().value()) {}
  Execution Stored(const std::string& id) { return FindExecution(*tx_, id).value().value(); }

  store::TestStore store_;
  std::unique_ptr<store::Transaction> tx_;
};

TEST_F(ExecutionStoreTest, WhatIsKeptComesBack) {
  EXPECT_FALSE(FindExecution(*tx_, "e1").value().has_value());
  ASSERT_TRUE(InsertExecution(*tx_, Queued("e1"), "token"));
  EXPECT_FALSE(InsertExecution(*tx_, Queued("e1"), "token"));
  Execution execution = Stored("e1");
  EXPECT_EQ(execution.account, "111122223333");
  EXPECT_EQ(execution.caller, "AIDAANA");
  EXPECT_EQ(execution.definition.query, "SELECT 1");
  EXPECT_EQ(execution.output_rows, -1);
  EXPECT_TRUE(execution.columns.empty());
  EXPECT_FALSE(execution.filtered);

  SetState(&execution, "RUNNING", kSubmitted + 5);
  ASSERT_TRUE(UpdateExecution(*tx_, execution));
  EXPECT_EQ(Stored("e1").definition.status->state, "RUNNING");
  EXPECT_FALSE(Stored("e1").definition.status->completion_date_time);

  execution.columns = {{.name = "id", .type = "bigint"}};
  execution.output_rows = 3;
  execution.output_bytes = 12;
  execution.filtered = true;
  SetState(&execution, "SUCCEEDED", kSubmitted + 90);
  ASSERT_TRUE(UpdateExecution(*tx_, execution));
  Execution ended = Stored("e1");
  EXPECT_TRUE(ended.ended());
  ASSERT_EQ(ended.columns.size(), 1u);
  EXPECT_EQ(ended.columns[0].name, "id");
  EXPECT_EQ(ended.output_rows, 3);
  EXPECT_EQ(ended.output_bytes, 12);
  EXPECT_TRUE(ended.filtered);
  EXPECT_EQ(ended.definition.status->completion_date_time->ms, kSubmitted + 90);
  EXPECT_EQ(ended.definition.statistics->total_execution_time_in_millis, 90);
}

TEST_F(ExecutionStoreTest, AnEndedExecutionNeverChanges) {
  for (const std::string end : {"SUCCEEDED", "FAILED", "CANCELLED"}) {
    Execution execution = Queued(end);
    ASSERT_TRUE(InsertExecution(*tx_, execution, ""));
    SetState(&execution, end, kSubmitted + 10, "because");
    ASSERT_TRUE(UpdateExecution(*tx_, execution));

    // Neither by the struct that has ended …
    SetState(&execution, end == "FAILED" ? "SUCCEEDED" : "FAILED", kSubmitted + 20, "later");
    EXPECT_EQ(execution.state, end);
    EXPECT_EQ(execution.definition.status->state_change_reason, "because");
    EXPECT_EQ(execution.definition.status->completion_date_time->ms, kSubmitted + 10);
    // … nor by one that was read before the end.
    Execution late = Queued(end);
    SetState(&late, "RUNNING", kSubmitted + 30);
    auto updated = UpdateExecution(*tx_, late);
    ASSERT_FALSE(updated);
    EXPECT_EQ(updated.error().code, ErrorCode::kConflict);
    EXPECT_EQ(Stored(end).state, end);
    EXPECT_EQ(Stored(end).definition.status->state, end);
  }
}

}  // namespace
}  // namespace hanse::query
