#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

// Niceness of this process's children that live, by /proc/PID/stat (proc(5): state, ppid, …, the 19th is nice).
std::vector<int> NicenessOfChildren() {
  std::vector<int> all;
  std::error_code gone;
  for (std::filesystem::directory_iterator entry("/proc", gone), end; entry != end; entry.increment(gone)) {
    std::ifstream file(entry->path() / "stat");
    std::string line;
    if (!std::getline(file, line)) continue;
    std::istringstream fields(line.substr(line.rfind(')') + 2));
    std::string state, skipped;
    pid_t parent = 0;
    int nice = 0;
    fields >> state >> parent;
    for (int i = 5; i < 19; ++i) fields >> skipped;
    fields >> nice;
    if (parent == getpid() && state != "Z") all.push_back(nice);
  }
  return all;
}

long InBackground() { return std::ranges::count(NicenessOfChildren(), 10); }

// As many endless queries as asked for, until it goes out of scope.
class Bombs {
 public:
  Bombs(WorkerPool& pool, TestTables& tables, int count) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([&pool, &tables](std::stop_token stop) {
        QueryJob job;
        job.id = "bomb";
        job.sql =
            "SELECT COUNT(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y) CROSS JOIN "
            "UNNEST(sequence(1, 1000)) c(z) WHERE (x * y * z) % 7 = 3";
        TestAnswer answer;
        EXPECT_EQ(pool.Run(job, tables, answer, stop).state, QueryState::kCancelled);
      });
    }
  }

 private:
  std::vector<std::jthread> threads_;
};

QueryJob Short(const std::string& sql) { return {.id = "short", .sql = sql}; }

TEST(WorkerPoolTest, BombsRunInTheBackgroundAndShortQueriesAreAnswered) {
  TestObjects objects;
  TestTables tables(objects);
  WorkerPool::Options options = TestWorkers(2);
  options.workers_max = 4;
  options.long_after = std::chrono::milliseconds(50);
  WorkerPool pool(options);
  ASSERT_TRUE(pool.Warm());
  EXPECT_EQ(InBackground(), 0);
  {
    Bombs bombs(pool, tables, 3);
    for (int i = 0; i < 400 && InBackground() < 3; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(25));
    EXPECT_EQ(InBackground(), 3);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(AskOf(pool, tables, Short("SELECT 1")).Text(), "1\n");
  }
  EXPECT_EQ(InBackground(), 0);  // Such a worker serves no other query.
  EXPECT_EQ(AskOf(pool, tables, Short("SELECT 2")).Text(), "2\n");
}

TEST(WorkerPoolTest, WorkersThatAreNotNeededAreEnded) {
  TestObjects objects;
  TestTables tables(objects);
  WorkerPool::Options options = TestWorkers(1);
  options.workers_max = 3;
  options.idle_for = std::chrono::milliseconds(0);
  WorkerPool pool(options);
  const auto before = NicenessOfChildren().size();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { EXPECT_EQ(AskOf(pool, tables, Short("SELECT 3")).Text(), "3\n"); });
  threads.clear();
  EXPECT_EQ(AskOf(pool, tables, Short("SELECT 4")).Text(), "4\n");
  EXPECT_EQ(NicenessOfChildren().size(), before + 1);
}

}  // namespace
}  // namespace hanse::engine
