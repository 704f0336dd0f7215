#include "query/fair_queue.h"

#include <gtest/gtest.h>

#include <vector>

namespace hanse::query {
namespace {

constexpr FairQueue::Shares kWide{.all = 1000, .account = 100, .workgroup = 100, .caller = 100};

Lane Of(const std::string& account, const std::string& workgroup = "primary", const std::string& caller = "ana") {
  return {.account = account, .workgroup = workgroup, .caller = caller};
}

// The ids in the order of their turns, each running on.
std::string Turns(FairQueue* queue) {
  std::string order;
  while (auto turn = queue->Next()) order += turn->id + " ";
  return order;
}

TEST(FairQueueTest, AccountsTakeTurnsAndOnesOwnQueriesKeepTheirOrder) {
  FairQueue queue(kWide);
  for (const char* id : {"a1", "a2", "a3"}) queue.Push(Of("1"), id);
  for (const char* id : {"b1", "b2"}) queue.Push(Of("2"), id);
  EXPECT_EQ(Turns(&queue), "a1 b1 a2 b2 a3 ");
}

TEST(FairQueueTest, ManyWorkgroupsAndManyCallersAreNoLargerShare) {
  FairQueue queue(kWide);
  for (const char* id : {"a1", "a2"}) queue.Push(Of("1", "x"), id);
  queue.Push(Of("1", "y"), "a3");
  queue.Push(Of("1", "y", "ben"), "a4");
  for (const char* id : {"b1", "b2", "b3", "b4"}) queue.Push(Of("2"), id);
  EXPECT_EQ(Turns(&queue), "a1 b1 a3 b2 a2 b3 a4 b4 ");
}

TEST(FairQueueTest, WhoRunsMoreWaits) {
  FairQueue queue(kWide);
  queue.Push(Of("1"), "long");
  ASSERT_TRUE(queue.Next());
  for (int i = 0; i < 3; ++i) {
    queue.Push(Of("1"), "again");
    queue.Push(Of("2"), "short");
    auto turn = queue.Next();
    ASSERT_TRUE(turn);
    EXPECT_EQ(turn->id, "short");
    queue.Ended(turn->lane);
  }
}

TEST(FairQueueTest, NobodyRunsMoreThanHisShareAtOnce) {
  FairQueue queue({.all = 9, .account = 4, .workgroup = 3, .caller = 2});
  for (int i = 0; i < 9; ++i) queue.Push(Of("1", "x", "ana"), "ana" + std::to_string(i));
  EXPECT_EQ(Turns(&queue), "ana0 ana1 ");
  for (int i = 0; i < 9; ++i) queue.Push(Of("1", "x", "ben"), "ben" + std::to_string(i));
  EXPECT_EQ(Turns(&queue), "ben0 ");
  for (int i = 0; i < 9; ++i) queue.Push(Of("1", "y", "eve"), "eve" + std::to_string(i));
  EXPECT_EQ(Turns(&queue), "eve0 ");
  queue.Push(Of("2"), "other");
  EXPECT_EQ(Turns(&queue), "other ");
  queue.Ended(Of("1", "x", "ana"));
  EXPECT_EQ(Turns(&queue), "eve1 ");  // Her workgroup runs fewer.
  queue.Ended(Of("1", "x", "ben"));
  EXPECT_EQ(Turns(&queue), "ben1 ");  // He runs none, ana one.
}

TEST(FairQueueTest, AllTogetherHaveAShareToo) {
  FairQueue queue({.all = 3, .account = 2, .workgroup = 2, .caller = 1});
  queue.Push(Of("1", "x", "ana"), "ana");
  EXPECT_EQ(Turns(&queue), "ana ");
  queue.Push(Of("1", "x", "ana"), "again");
  EXPECT_EQ(Turns(&queue), "");
  queue.Push(Of("1", "x", "ben"), "ben");
  EXPECT_EQ(Turns(&queue), "ben ");
  queue.Push(Of("1", "y", "eve"), "eve");
  EXPECT_EQ(Turns(&queue), "");
  queue.Push(Of("2"), "two");
  EXPECT_EQ(Turns(&queue), "two ");
  queue.Push(Of("3"), "three");
  EXPECT_EQ(Turns(&queue), "");
  queue.Ended(Of("1", "x", "ana"));
  EXPECT_EQ(Turns(&queue), "three ");
}

TEST(FairQueueTest, WhatIsTakenBackHasNoTurnAndNoPlace) {
  FairQueue queue(kWide);
  for (const char* id : {"a1", "a2", "a3"}) queue.Push(Of("1"), id);
  EXPECT_TRUE(queue.Remove(Of("1"), "a2"));
  EXPECT_FALSE(queue.Remove(Of("1"), "a2"));
  EXPECT_FALSE(queue.Remove(Of("2"), "a1"));
  EXPECT_EQ(Turns(&queue), "a1 a3 ");
  EXPECT_FALSE(queue.Remove(Of("1"), "a1"));  // It runs.
  while (!queue.Full(Of("2"))) queue.Push(Of("2"), "b");
  EXPECT_TRUE(queue.Remove(Of("2"), "b"));
  EXPECT_FALSE(queue.Full(Of("2")));
}

TEST(FairQueueTest, OneCannotFillTheQueueForAllOthers) {
  FairQueue queue(kWide);
  std::size_t taken = 0;
  for (; !queue.Full(Of("1")); ++taken) queue.Push(Of("1"), "bomb");
  EXPECT_EQ(taken, FairQueue::kWaitingOfCallerMax);
  for (int caller = 0; !queue.Full(Of("1", "primary", std::to_string(caller))); ++caller, ++taken) {
    queue.Push(Of("1", "primary", std::to_string(caller)), "bomb");
  }
  EXPECT_EQ(taken, FairQueue::kWaitingOfAccountMax);
  EXPECT_FALSE(queue.Full(Of("2")));
  for (int account = 2; !queue.Full(Of(std::to_string(account))); ++account, ++taken) queue.Push(Of(std::to_string(account)), "q");
  EXPECT_EQ(taken, FairQueue::kWaitingMax);
}

}  // namespace
}  // namespace hanse::query
