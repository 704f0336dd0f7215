#include "catalog/partition_expression.h"

#include <gtest/gtest.h>

namespace hanse::catalog {
namespace {

const std::vector<PartitionKey> kKeys = {{"s", "string"}, {"d", "date"},          {"i", "int"},
                                         {"b", "bigint"}, {"n", "decimal(10,2)"}, {"t", "timestamp"}};
const std::vector<std::vector<std::string>> kRows = {
    {"a", "2024-01-01", "1", "10", "1.50", "2024-01-01 00:00:00"},
    {"b", "2024-02-01", "2", "20", "2.50", "2024-02-01 12:30:00"},
    {"it's", "2024-03-01", "10", "9000000000", "10.00", "2024-03-01 00:00:00"},
    {"abc", "2023-12-31", "-3", "-1", "-0.50", "2023-12-31 23:59:59"},
};

struct Case {
  const char* expression;
  std::vector<std::size_t> rows;
};

TEST(PartitionExpressionTest, SelectsAsTheTypesOfTheKeysSay) {
  const std::vector<Case> cases = {
      {"", {0, 1, 2, 3}},
      {"s = 'a'", {0}},
      {"s <> 'a'", {1, 2, 3}},
      {"s = 'it''s'", {2}},
      {"s LIKE 'a%'", {0, 3}},
      {"s LIKE 'a_c'", {3}},
      {"s NOT LIKE 'a%'", {1, 2}},
      {"s IN ('a', 'b')", {0, 1}},
      {"s NOT IN ('a', 'b')", {2, 3}},
      {"s > 'abc'", {1, 2}},
      {"i = 1", {0}},
      {"i = '1'", {0}},
      {"i > 1", {1, 2}},
      {"i >= 2 AND i < 10", {1}},
      {"i BETWEEN 1 AND 2", {0, 1}},
      {"i NOT BETWEEN 1 AND 2", {2, 3}},
      {"i < 0", {3}},
      {"i = -3", {3}},
      {"b > 8000000000", {2}},
      {"n >= 2.5", {1, 2}},
      {"n < 0", {3}},
      {"n = 1.5", {0}},
      {"d BETWEEN '2024-01-01' AND '2024-01-31'", {0}},
      {"t > '2024-01-01 00:00:00'", {1, 2}},
      {"s = 'a' OR s = 'b' AND i = 99", {0}},
      {"(s = 'a' OR s = 'b') AND i = 2", {1}},
      {"S = 'a' and I = 1", {0}},
      {"s IS NULL", {}},
      {"s IS NOT NULL AND i <= 1", {0, 3}},
  };
  for (const Case& one : cases) {
    auto expression = PartitionExpression::Compile(one.expression, kKeys);
    ASSERT_TRUE(expression) << one.expression << ": " << expression.error().message;
    std::vector<std::size_t> fits;
    for (std::size_t r = 0; r < kRows.size(); ++r) {
      auto fit = expression->Fits(kRows[r]);
      ASSERT_TRUE(fit);
      if (*fit) fits.push_back(r);
    }
    EXPECT_EQ(fits, one.rows) << one.expression;
  }
}

TEST(PartitionExpressionTest, WhatIsWrongIsNamed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"unknown = 1", "Invalid partition expression!"},
      {"s = ", "Unsupported expression 's = '"},
      {"s == 'a'", "Unsupported expression 's == 'a''"},
      {"i LIKE '1%'", "Integral data type doesn't support operation 'LIKE'"},
      {"i = 'x'", "x is not an integer"},
      {"n = 'x'", "x is not a decimal"},
      {"d = 'not a date'", "not a date is not a date"},
      {"t = '2024'", "2024 is not a timestamp"},
      {"s = 'a' XOR i = 1", "Unsupported expression 's = 'a' XOR i = 1'"},
      {"(s = 'a'", "Unsupported expression '(s = 'a''"},
      {"s = 'a'; DROP TABLE t", "Unsupported expression 's = 'a'; DROP TABLE t'"},
      {"lower(s) = 'a'", "Unsupported expression 'lower(s) = 'a''"},
      {"s = 'a' OR 1 = 1", "Unsupported expression 's = 'a' OR 1 = 1'"},
      {"s IN ()", "Unsupported expression 's IN ()'"},
      {"s = 'a", "Unsupported expression 's = 'a'"},
  };
  for (const auto& [text, message] : cases) {
    auto expression = PartitionExpression::Compile(text, kKeys);
    ASSERT_FALSE(expression) << text;
    EXPECT_EQ(expression.error().code, ErrorCode::kInvalidArgument) << text;
    EXPECT_EQ(expression.error().message, message);
  }
  EXPECT_EQ(PartitionExpression::Compile("f = 1", {{"f", "float"}}).error().message, "Unknown type : 'float'");
}

TEST(PartitionExpressionTest, DepthAndLengthAreBounded) {
  EXPECT_FALSE(PartitionExpression::Compile(std::string(1000, '(') + "s = 'a'" + std::string(1000, ')'), kKeys));
  EXPECT_FALSE(PartitionExpression::Compile("s = '" + std::string(3000, 'x') + "'", kKeys));
}

TEST(PartitionExpressionTest, AStoredValueThatDoesNotFitIsAnErrorOfTheTable) {
  auto expression = PartitionExpression::Compile("i = 1", {{"i", "int"}});
  ASSERT_TRUE(expression);
  EXPECT_EQ(expression->Fits({"x"}).error().name, "InvalidStateException");
  auto null = expression->Fits({"__HIVE_DEFAULT_PARTITION__"});
  ASSERT_TRUE(null);
  EXPECT_FALSE(*null);
}

TEST(PartitionExpressionTest, TellsWhatTheFirstKeysMustBe) {
  using Values = std::vector<std::string>;
  const std::vector<PartitionKey> keys = {{"s", "string"}, {"u", "varchar(9)"}, {"i", "int"}, {"v", "string"}};
  auto fixed = [&](const char* text) { return PartitionExpression::Compile(text, keys)->fixed_prefix(); };
  EXPECT_EQ(fixed("s = 'a'"), Values{"a"});
  EXPECT_EQ(fixed("i = 2 AND u = 'b' AND s = 'a' AND v = 'c'"), (Values{"a", "b"})) << "as far as they are texts";
  EXPECT_EQ(fixed("s = 'a' OR i = 1"), Values{});
  EXPECT_EQ(fixed("s <> 'a' AND u = 'b'"), Values{});
  EXPECT_EQ(fixed("s = 'a' AND (u = 'b' OR u = 'c')"), Values{"a"});
}

}  // namespace
}  // namespace hanse::catalog
