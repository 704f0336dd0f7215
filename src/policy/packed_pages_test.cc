#include "policy/packed_pages.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "policy/sketch.h"

namespace hanse::policy {
namespace {

// Few values to a group, then so many that groups lie in plain pages; copies stay what they were.
TEST(PackedPagesTest, NumbersHaveTheValueThatWasSetLast) {
  for (const unsigned values : {3u, 17u, 400u}) {
    PackedPages<std::uint64_t> pages(std::make_shared<DenseMemory>());
    std::map<std::uint64_t, std::uint64_t> expected;
    std::mt19937_64 dice(values);
    PackedPages<std::uint64_t> copy;
    std::map<std::uint64_t, std::uint64_t> copied;
    for (int i = 0; i < 30'000; ++i) {
      const std::uint64_t at = dice() % 5'000, value = (at / 1'000 + 1) * 1'000 + dice() % values;
      pages.Set(at, value);
      expected[at] = value;
      if (i == 15'000) copy = pages, copied = expected;
    }
    for (std::uint64_t at = 0; at < 6'000; ++at) {
      ASSERT_EQ(pages.Find(at), expected.contains(at) ? expected[at] : 0) << values;
      ASSERT_EQ(copy.Find(at), copied.contains(at) ? copied[at] : 0) << values;
    }
  }
}

// A value that nobody has any more makes room: one after the other there may be any number of them.
TEST(PackedPagesTest, ValuesThatAreGoneMakeRoom) {
  PackedPages<int> pages;
  for (int value = 1; value < 1'000; ++value) {
    for (const std::uint64_t at : {0u, 100u, 511u}) pages.Set(at, value + static_cast<int>(at));
    for (const std::uint64_t at : {0u, 100u, 511u}) ASSERT_EQ(pages.Find(at), value + static_cast<int>(at));
    ASSERT_EQ(pages.Find(1), 0);
  }
  pages.Set(100, 0);
  EXPECT_EQ(pages.Find(100), 0);
  EXPECT_EQ(pages.Find(512), 0);
}

TEST(SketchTest, WhatWasAddedIsThereAndMostOfTheRestIsNot) {
  std::mt19937 dice(8);
  Sketch one, other;
  std::map<std::uint32_t, bool> added;
  for (int i = 0; i < 60; ++i) {
    const std::uint32_t number = 1 + dice() % 2'000;
    added[number] = true;
    (i % 2 ? one : other).AddClass(number);
  }
  one.AddTable(77);
  other.AddDatabase(78);
  one |= other;
  int wrong = 0, tables = 0, databases = 0;
  for (std::uint32_t number = 1; number <= 2'000; ++number) {
    ASSERT_TRUE(one.HasClass(number) || !added.contains(number)) << number;
    wrong += one.HasClass(number) && !added.contains(number);
    tables += one.HasTable(number);
    databases += one.HasDatabase(number);
  }
  EXPECT_TRUE(one.HasTable(77) && one.HasDatabase(78));
  EXPECT_LT(wrong, 300);
  EXPECT_LT(tables, 20);
  EXPECT_LT(databases, 20);
  EXPECT_FALSE(Sketch().HasClass(5) || Sketch().HasTable(5) || Sketch().HasDatabase(5));
}

}  // namespace
}  // namespace hanse::policy
