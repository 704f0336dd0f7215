#include "catalog/partition_order.h"

#include <gtest/gtest.h>

#include <random>

#include "catalog/partition_nodes.h"

namespace hanse::catalog {
namespace {

const std::vector<PartitionKey> kTyped = {{"s", "string"}, {"i", "int"},       {"n", "decimal(10,2)"},
                                          {"d", "date"},   {"t", "timestamp"}, {"v", "varchar(9)"}};

bool Holds(const TextRanges& ranges, const std::string& form) {
  return std::ranges::any_of(ranges, [&](const TextRange& range) { return range.from <= form && form < range.until; });
}

std::string OneForm(const std::string& type, const std::string& value) { return OrderOf({{"k", type}}, {value})[0]; }

TEST(PartitionOrderTest, FormsSortAsTheirTypesDo) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> sorted = {
      {"string", {"", std::string("\0", 1), "\x01", "\x02", " ", "10", "9", "a", "a b", "ab", "b", "\xc3\xa9"}},
      {"int", {"-9000000000", "-10", "-9", "0", "7", "9", "10", "100"}},
      {"decimal(9,2)", {"-100.5", "-100", "-5.5", "-5", "-0.55", "-0.5", "0.00", "0.5", "0.55", "5", "5.5", "10", "99.9", "100"}},
      {"date", {"1999-12-31", "2024-01-01", "2024-02-01"}},
      {"timestamp", {"2024-01-01", "2024-01-01 00:00:00.1", "2024-01-01 00:00:01"}}};
  for (const auto& [type, values] : sorted) {
    for (std::size_t i = 1; i < values.size(); ++i) {
      EXPECT_LT(OneForm(type, values[i - 1]), OneForm(type, values[i])) << type << " " << values[i - 1] << " " << values[i];
    }
  }
  EXPECT_EQ(OneForm("int", "007"), OneForm("int", "7"));
  EXPECT_EQ(OneForm("decimal", "1.50"), OneForm("decimal", "+01.5"));
}

TEST(PartitionOrderTest, OneOrderOfAllKeysAndOneOfEachLaterOne) {
  const PartitionOrder order = OrderOf({{"a", "string"}, {"b", "int"}, {"c", "float"}}, {"x", "oops", "1"});
  EXPECT_EQ(order[1], "!\x01") << "it cannot be read";
  EXPECT_EQ(order[2], "!\x01") << "of a type that has no order";
  EXPECT_EQ(order[0], "sx\x01!\x01!\x01");
  EXPECT_EQ(order[3], "");
}

// The values that the random expressions and the random rows below are made of, by key.
const std::vector<std::vector<std::string>> kValues = {{"a", "ab", "b", "a\x01", "\xc3\xa9", "__HIVE_DEFAULT_PARTITION__"},
                                                       {"-5", "0", "07", "7", "12", "__HIVE_DEFAULT_PARTITION__"},
                                                       {"-1.5", "-1.25", "0", "1.50", "20"},
                                                       {"2023-12-31", "2024-01-01", "2024-01-02"},
                                                       {"2024-01-01", "2024-01-01 00:00:00.5", "2024-01-02 00:00:00"},
                                                       {"x", "xy", "z"}};

class Dice {
 public:
  std::size_t Below(std::size_t end) { return engine_() % end; }
  const std::string& Value(std::size_t key) { return kValues[key][Below(kValues[key].size())]; }
  std::string Literal(std::size_t key) {
    std::string value = Value(key);
    while (value == kHiveNull) value = Value(key);
    return "'" + value + "'";
  }
  std::string Test() {
    const std::size_t key = Below(kTyped.size());
    const std::string& name = kTyped[key].name;
    const char* negated = Below(4) == 0 ? " NOT" : "";
    switch (Below(9)) {
      case 0: return name + negated + " IN (" + Literal(key) + ", " + Literal(key) + ")";
      case 1: return name + negated + " BETWEEN " + Literal(key) + " AND " + Literal(key);
      case 2: return name + " IS" + negated + " NULL";
      case 3: return "s" + std::string(negated) + " LIKE '" + (Below(2) == 0 ? "a%" : "_b") + "'";
      default: {
        static constexpr const char* kSymbols[] = {" = ", " = ", " < ", " <= ", " > ", " >= ", " <> "};
        return name + kSymbols[Below(7)] + Literal(key);
      }
    }
  }
  std::string Expression(int depth) {
    if (depth == 0 || Below(4) == 0) return Test();
    return "(" + Expression(depth - 1) + (Below(3) == 0 ? " OR " : " AND ") + Expression(depth - 1) + ")";
  }

 private:
  std::mt19937_64 engine_{17};
};

// No partition that fits lies outside of the ranges of any column; and the ranges do leave others out.
TEST(PartitionOrderTest, WhatFitsIsReachedByEveryColumn) {
  Dice dice;
  int fitting = 0, left_out = 0;
  for (int round = 0; round < 3'000; ++round) {
    const std::string text = dice.Expression(3);
    const auto expression = PartitionExpression::Compile(text, kTyped);
    ASSERT_TRUE(expression) << text;
    for (int i = 0; i < 20; ++i) {
      std::vector<std::string> values;
      for (std::size_t key = 0; key < kTyped.size(); ++key) values.push_back(dice.Value(key));
      const bool fits = *expression->Fits(values);
      const PartitionOrder order = OrderOf(kTyped, values);
      fitting += fits;
      for (std::size_t column = 0; column < order.size(); ++column) {
        const bool reached = Holds(RangesOf(*expression, column, kTyped.size()), order[column]);
        ASSERT_TRUE(reached || !fits) << text << " column " << column << " row " << i;
        left_out += !reached;
      }
    }
  }
  EXPECT_GT(fitting, 5'000);
  EXPECT_GT(left_out, 20'000);
}

TEST(PartitionOrderTest, ValuesOfAnotherTypeOrNoneAreReachedToo) {
  const auto expression = PartitionExpression::Compile("i = 7", {{"i", "int"}});
  const TextRanges ranges = RangesOf(*expression, 0, 1);
  EXPECT_TRUE(Holds(ranges, OneForm("int", "7")));
  EXPECT_FALSE(Holds(ranges, OneForm("int", "8")));
  EXPECT_TRUE(Holds(ranges, OneForm("string", "7"))) << "made when the key was a text";
  EXPECT_TRUE(Holds(ranges, OneForm("int", "oops"))) << "the expression must fail on it";
  EXPECT_FALSE(Holds(ranges, OneForm("int", std::string(kHiveNull))));
}

TEST(PartitionOrderTest, TheFirstKeysNarrowTogether) {
  const std::vector<PartitionKey> keys = {{"year", "int"}, {"month", "int"}, {"day", "int"}};
  const auto expression = PartitionExpression::Compile("month = 5 AND year IN (2023, 2024) AND day >= 30", keys);
  const TextRanges ranges = RangesOf(*expression, 0, keys.size());
  EXPECT_TRUE(Holds(ranges, OrderOf(keys, {"2023", "05", "31"})[0]));
  EXPECT_FALSE(Holds(ranges, OrderOf(keys, {"2023", "05", "29"})[0]));
  EXPECT_FALSE(Holds(ranges, OrderOf(keys, {"2023", "6", "31"})[0]));
  EXPECT_FALSE(Holds(ranges, OrderOf(keys, {"2022", "5", "31"})[0]));
}

}  // namespace
}  // namespace hanse::catalog
