#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

// Two callers with other rows, columns and cells under the same names; eight threads ask as either of them.
TEST(IsolationTest, NoRowOfOneCallerIsEverInTheAnswerOfTheOther) {
  TestObjects objects;
  TableSource shared;
  shared.database = "shop";
  shared.name = "t";
  shared.columns = {{"id", "bigint"}, {"txt", "string"}, {"pii", "string"}};
  shared.files = {objects.Parquet("SELECT i id, 't' || (i % 2) txt, 'p' || (i % 2) pii FROM range(2000) t(i)")};
  auto caller = [&](int who) {
    TableSource table = shared;
    table.row_filter = who == 0 ? "txt = 't0'" : "txt = 't1'";
    table.visible = who == 0 ? std::vector<std::string>{"id", "txt"} : std::vector<std::string>{"id", "pii"};
    return table;
  };
  const char* const kQueries[] = {"SELECT COUNT(*), min(id), max(id), sum(id) FROM t", "SELECT * FROM t ORDER BY id LIMIT 3",
                                  "SELECT max(txt) FROM t", "SELECT max(pii) FROM t",
                                  "SELECT COUNT(*) FROM t a JOIN t b ON a.id = b.id"};
  std::map<std::pair<int, std::string>, std::string> expected;
  for (int who : {0, 1}) {
    TestTables tables(objects);
    tables.Add(caller(who));
    for (const char* sql : kQueries) expected[{who, sql}] = Ask(tables, sql).Text();
  }
  EXPECT_EQ((expected[{0, kQueries[0]}]), "1000|0|1998|999000\n");
  EXPECT_EQ((expected[{1, kQueries[0]}]), "1000|1|1999|1000000\n");
  for (const char* sql : kQueries) {
    if (std::string(sql).find("JOIN") != std::string::npos) continue;
    EXPECT_NE((expected[{0, sql}]), (expected[{1, sql}])) << sql;
  }
  std::atomic<int> wrong{0}, asked{0};
  // Two thousand queries on a machine at rest; on a busy one as many as there is time for.
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(100);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      TestTables tables[2] = {TestTables(objects), TestTables(objects)};
      for (int who : {0, 1}) tables[who].Add(caller(who));
      for (int i = 0; i < 250 && std::chrono::steady_clock::now() < deadline; ++i) {
        int who = (i + thread) % 2;
        const char* sql = kQueries[static_cast<std::size_t>(i * 7 + thread) % std::size(kQueries)];
        if (Ask(tables[who], sql).Text() != expected[{who, sql}]) ++wrong;
        ++asked;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(asked.load(), 100);
  EXPECT_EQ(wrong.load(), 0);
}

// Stopping one query must not touch the others, and its worker is replaced.
TEST(IsolationTest, AStoppedQueryTakesNoOtherWithIt) {
  TestObjects objects;
  TestTables tables(objects);
  const QueryJob endless{
      "endless",
      "SELECT COUNT(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y) CROSS JOIN "
      "UNNEST(sequence(1, 100)) c(z) WHERE (x * y * z) % 7 = 3",
      "",
      {},
      {}};
  for (int i = 0; i < 3; ++i) {
    std::stop_source stop;
    TestAnswer answer;
    std::thread running([&] { answer.outcome = TestPool().Run(endless, tables, answer, stop.get_token()); });
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_EQ(Ask(tables, "SELECT 1").Text(), "1\n");
    stop.request_stop();
    running.join();
    EXPECT_EQ(answer.outcome.state, QueryState::kCancelled);
    EXPECT_EQ(Ask(tables, "SELECT 2").Text(), "2\n");
  }
}

}  // namespace
}  // namespace hanse::engine
