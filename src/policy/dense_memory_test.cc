#include "policy/dense_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "policy/lake_snapshot.h"
#include "policy/pages.h"

namespace hanse::policy {
namespace {

TEST(DenseMemoryTest, BlocksOfAnySizeKeepWhatIsWrittenAndAreUsedAgain) {
  DenseMemory memory;
  std::mt19937 dice(5);
  std::map<char*, std::pair<std::size_t, char>> held;
  for (int i = 0; i < 20'000; ++i) {
    if (dice() % 3 != 0 || held.empty()) {
      const std::size_t bytes = 1 + dice() % (dice() % 100 == 0 ? 200'000 : 3'000);
      char* block = static_cast<char*>(memory.Allocate(bytes));
      const char mark = static_cast<char>(dice());
      std::fill(block, block + bytes, mark);
      ASSERT_TRUE(held.emplace(block, std::pair(bytes, mark)).second);
    } else {
      const auto one = std::next(held.begin(), static_cast<std::ptrdiff_t>(dice() % std::min<std::size_t>(held.size(), 50)));
      const auto [bytes, mark] = one->second;
      ASSERT_TRUE(std::all_of(one->first, one->first + bytes, [mark](char c) { return c == mark; }));
      memory.Free(one->first, bytes);
      held.erase(one);
    }
  }
  for (const auto& [block, what] : held) memory.Free(block, what.first);
}

TEST(DenseMemoryTest, WhatItGaveKeepsIt) {
  Pages<int> copy;
  {
    Pages<int> pages(std::make_shared<DenseMemory>());
    for (std::uint64_t i = 0; i < 5'000; ++i) pages.Edit(i) = static_cast<int>(i);
    copy = pages;
    pages.Edit(7) = -1;
  }
  for (std::uint64_t i = 0; i < 5'000; ++i) ASSERT_EQ(*copy.Find(i), static_cast<int>(i));
}

TEST(DenseMemoryTest, LinesOfTheCacheAreWhole) {
  struct alignas(64) Line {
    char bytes[192];
  };
  const DenseAllocator<Line> allocator(std::make_shared<DenseMemory>());
  std::vector<std::shared_ptr<Line>> lines;
  for (int i = 0; i < 3'000; ++i) {
    lines.push_back(std::allocate_shared<Line>(allocator));
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(lines.back().get()) % 64, 0u);
  }
}

// Classes near each other, and far apart, where several share a bit.
TEST(DenseMemoryTest, VerdictsAreThoseThatWereAddedHoweverFarApart) {
  for (const std::uint32_t apart : {1u, 3u, 100'000u}) {
    LakeSnapshot::Verdicts verdicts(std::make_shared<DenseMemory>());
    std::map<std::uint32_t, std::uint32_t> expected;
    std::mt19937 dice(apart);
    for (int i = 0; i < 500; ++i) {
      const std::uint32_t one = (1 + dice() % 2'000) * apart, bits = 1u << dice() % 7;
      verdicts.Add(one, bits);
      expected[one] |= bits;
    }
    const LakeSnapshot::Verdicts copy = verdicts;
    verdicts.Sift([](std::uint32_t one) { return one % 2 == 0; });
    for (std::uint32_t one = 0; one <= 2'000 * apart; one += apart) {
      const auto found = expected.find(one);
      const std::uint32_t bits = found == expected.end() ? 0 : found->second;
      ASSERT_EQ(copy.view().Find(one), bits) << one;
      ASSERT_EQ(verdicts.view().Find(one), one % 2 == 0 ? bits : 0) << one;
    }
    verdicts.Clear();
    EXPECT_EQ(verdicts.view().Find(apart), 0u);
  }
}

}  // namespace
}  // namespace hanse::policy
