#include <gtest/gtest.h>

#include <set>

#include <fmt/format.h>

#include "catalog/partition_order.h"
#include "catalog/partition_rows.h"
#include "store/test_store.h"

namespace hanse::catalog {
namespace {

constexpr int kMany = 3'000;  // More than are walked.

// A table of many partitions: (place, number, day), a row for each number.
class PartitionSearchTest : public testing::Test {
 protected:
  PartitionSearchTest() {
    auto tx = *store_->BeginWrite();
    table_.id = *store::NewThing(*tx, "table");
    for (const PartitionKey& key : keys_) table_.keys.push_back(key.name);
    for (int i = 0; i < kMany; ++i) Put(*tx, ValuesAt(i));
    EXPECT_TRUE(tx->Commit());
  }

  static std::vector<std::string> ValuesAt(int i) {
    return {fmt::format("place{}", i % 7), fmt::format("{:05}", i), fmt::format("2024-01-{:02}", 1 + i % 28)};
  }

  void Put(store::Transaction& tx, const std::vector<std::string>& values) {
    const PartitionOrder order = OrderOf(keys_, values);
    EXPECT_TRUE(
        tx.Execute("INSERT INTO catalog_partitions (table_id, values_key, location, definition, sorted, sorted_1, sorted_2) "
                   "VALUES (?, ?, '', ?, ?, ?, ?)",
                   {table_.id, ValuesKey(values), values[1], order[0], order[1], order[2]}));
  }

  // The numbers of all that fit, page by page.
  std::multiset<std::string> Found(const std::string& text, std::size_t page_max = 100, std::size_t scanned_max = 1'000'000) {
    std::multiset<std::string> found;
    auto tx = *store_->BeginRead();
    const auto expression = PartitionExpression::Compile(text, keys_);
    EXPECT_TRUE(expression) << text;
    PartitionPage page;
    for (pages_ = 0; !page.end && pages_ < 5'000; ++pages_) {
      auto next = ReadPartitions(*tx, table_, *expression, {}, page.last, page_max, scanned_max);
      EXPECT_TRUE(next) << text << ": " << next.error().message;
      if (!next) return found;
      page = std::move(*next);
      EXPECT_LE(page.definitions.size(), page_max);
      found.insert(page.definitions.begin(), page.definitions.end());
    }
    EXPECT_TRUE(page.end) << text;
    return found;
  }

  std::multiset<std::string> Expected(const std::string& text) const {
    const auto expression = PartitionExpression::Compile(text, keys_);
    std::multiset<std::string> expected;
    for (int i = 0; i < kMany; ++i) {
      if (*expression->Fits(ValuesAt(i))) expected.insert(ValuesAt(i)[1]);
    }
    return expected;
  }

  store::TestStore store_;
  std::vector<PartitionKey> keys_ = {{"place", "string"}, {"number", "int"}, {"day", "date"}};
  store::TableRow table_;
  int pages_ = 0;
};

TEST_F(PartitionSearchTest, EveryWayToAskFindsTheSameAsAWalk) {
  for (const char* text :
       {"", "number = 77", "number IN (1, 2, 2999, 5000)", "number BETWEEN 100 AND 399", "number < 50", "number >= 2990",
        "number <> 5", "day = '2024-01-05'", "day > '2024-01-26' AND place = 'place3'", "place = 'place1'", "place LIKE 'place1%'",
        "place = 'place2' AND number > 1000 AND number <= 1100", "number = 3 OR number = 4", "number = 3 OR place = 'place0'",
        "place IN ('place1', 'place2') AND number BETWEEN 5 AND 20", "place IS NULL", "number = 12345"}) {
    const auto expected = Expected(text);
    EXPECT_EQ(Found(text), expected) << text;
    EXPECT_EQ(Found(text, 7), expected) << text << ", in small pages";
    EXPECT_EQ(Found(text, 1'000, 50), expected) << text << ", in short pages";
  }
}

TEST_F(PartitionSearchTest, AnIndexLooksOnlyAtWhatItIsAskedFor) {
  Found("number = 2999", 100, 10);
  EXPECT_LE(pages_, 2) << "a walk of 10 rows a page would need hundreds";
  Found("day = '2024-01-05' AND number BETWEEN 1000 AND 1100", 100, 200);
  EXPECT_EQ(pages_, 1);
  Found("place = 'place2' AND number = 9", 100, 10);
  EXPECT_EQ(pages_, 1);
}

TEST_F(PartitionSearchTest, RowsThatNoIndexKnowsAreFoundByWalking) {
  auto tx = *store_->BeginWrite();
  ASSERT_TRUE(tx->Execute("UPDATE catalog_partitions SET sorted = '', sorted_1 = '', sorted_2 = '' WHERE definition = '00077'"));
  ASSERT_TRUE(tx->Commit());
  EXPECT_EQ(Found("number = 77"), Expected("number = 77"));
}

TEST_F(PartitionSearchTest, AKeyOfAnotherTypeThanItWasFindsThemStill) {
  keys_[1].type = "string";
  EXPECT_EQ(Found("number = '00077'"), (std::multiset<std::string>{"00077"}));
  EXPECT_TRUE(Found("number = '77'").empty());
  keys_[1].type = "bigint";
  EXPECT_EQ(Found("number = 77"), (std::multiset<std::string>{"00077"}));
}

TEST_F(PartitionSearchTest, AValueThatCannotBeReadFailsWhatReachesIt) {
  auto tx = *store_->BeginWrite();
  Put(*tx, {"place9", "oops", "2024-01-01"});
  ASSERT_TRUE(tx->Commit());
  auto read = *store_->BeginRead();
  const auto ask = [&](const char* text) {
    return ReadPartitions(*read, table_, *PartitionExpression::Compile(text, keys_), {}, "", 1'000, 1'000'000);
  };
  EXPECT_EQ(ask("number = 77").error().name, "InvalidStateException");
  EXPECT_TRUE(ask("place = 'place1' AND number = 78"));
}

}  // namespace
}  // namespace hanse::catalog
