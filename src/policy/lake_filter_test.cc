#include "policy/lake_filter.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace hanse::policy {
namespace {

const std::vector<std::string> kColumns = {"id", "name", "amount", "rate", "active", "first", "customer"};
const std::vector<std::string> kKeys = {"dt"};

std::string Printed(std::string_view text) {
  auto parsed = ParseRowExpression(text, kColumns, kKeys);
  return parsed ? parsed->sql : "refused: " + parsed.error().message;
}

TEST(RowExpression, PrintsWhatItUnderstood) {
  EXPECT_EQ(Printed("amount = 10"), "(\"amount\" = 10)");
  EXPECT_EQ(Printed("NAME != 'O''Hara'"), "(\"name\" <> 'O''Hara')");
  EXPECT_EQ(Printed("amount=-5"), "(\"amount\" = -5)");
  EXPECT_EQ(Printed("amount BETWEEN 0 AND 2.5e3"), "(\"amount\" BETWEEN 0 AND 2.5e3)");
  EXPECT_EQ(Printed("amount not in (10, 20)"), "(\"amount\" NOT IN (10, 20))");
  EXPECT_EQ(Printed("name LIKE '_nn%'"), "(\"name\" LIKE '_nn%')");
  EXPECT_EQ(Printed("name is not null"), "(\"name\" IS NOT NULL)");
  EXPECT_EQ(Printed("\"first\" = 'a'"), "(\"first\" = 'a')");
  EXPECT_EQ(Printed("active = true"), "(\"active\" = TRUE)");
  EXPECT_EQ(Printed("NOT (amount > 0 OR active = false)"), "(NOT ((\"amount\" > 0) OR (\"active\" = FALSE)))");
  EXPECT_EQ(Printed("id = 1 OR id = 2 AND rate < 1"), "(\"id\" = 1) OR (\"id\" = 2) AND (\"rate\" < 1)");
  EXPECT_EQ(Printed("customer.\"customerId\" <> 1"), "(\"customer\".\"customerid\" <> 1)");
  EXPECT_EQ(Printed("TRUE"), "TRUE");
  EXPECT_EQ(Printed("dt >= '2026-01-02'"), "(\"dt\" >= '2026-01-02')");
}

TEST(RowExpression, RefusesWhatIsNotInTheGrammar) {
  for (std::string_view text : {"",
                                "amount",
                                "amount = rate",
                                "10 = amount",
                                "upper(name) = 'A'",
                                "amount + 1 = 11",
                                "CAST(amount AS varchar) = '10'",
                                "amount = (SELECT 1)",
                                "EXISTS (SELECT 1)",
                                "amount = 10;",
                                "amount = 10 -- all",
                                "amount = 10 /* all */",
                                "amount =",
                                "(amount = 10",
                                "amount = 10)",
                                "amount = 10 AND",
                                "AND amount = 10",
                                "amount IN ()",
                                "amount BETWEEN 1",
                                "name = 'Ann",
                                "name = \"Ann\"",
                                "name LIKE amount",
                                "name LIKE 5",
                                "missing = 1",
                                "nothing = 1",
                                "ctid = 1",
                                "\"ctid\" = 1",
                                "first = 'a'",
                                "current_user = 'y'",
                                "amount = random()",
                                "amount = ?",
                                "amount = $1",
                                "amount = 1e",
                                "amount = 1.",
                                "amount = 10x",
                                "dt IS NULL",
                                "dt.x = 1",
                                "name = 'x' OR",
                                "amount = 10 UNION SELECT 1",
                                "\"\" = 1",
                                "FALSE",
                                "NOT NOT TRUE"}) {
    auto parsed = ParseRowExpression(text, kColumns, kKeys);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_FALSE(ParseRowExpression(std::string_view("name = 'a\0b'", 12), kColumns, kKeys));
  EXPECT_TRUE(ParseRowExpression("name = 'gr\xc3\xbcn'", kColumns, kKeys));
  EXPECT_FALSE(ParseRowExpression("name = 'gr\xfcn'", kColumns, kKeys));
}

TEST(RowExpression, TellsTheColumnsThatItReads) {
  auto parsed = ParseRowExpression("amount = 1 AND (NAME = 'x' OR amount = 2)", kColumns, kKeys);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->columns, (std::vector<std::string>{"amount", "name"}));
}

TEST(RowExpression, LengthAndDepthAreLimited) {
  std::string longest = "amount = 10";
  while (longest.size() + 15 <= kMaxRowExpressionChars) longest += " OR amount = 10";
  EXPECT_TRUE(ParseRowExpression(longest, kColumns, kKeys));
  EXPECT_FALSE(ParseRowExpression(longest + std::string(kMaxRowExpressionChars, ' '), kColumns, kKeys));
  std::string deep(1000, '(');
  EXPECT_FALSE(ParseRowExpression(deep + "TRUE" + std::string(1000, ')'), kColumns, kKeys));
}

TEST(RowExpression, WhatIsPrintedReadsAgainAsTheSame) {
  for (std::string_view text :
       {"NOT name = 'Ann' OR amount IN (1,2) AND NOT (id BETWEEN 1 AND 2)", "customer.a.b <> 'x''y'", "TRUE OR id = 1"}) {
    std::string once = Printed(text);
    auto first = ParseRowExpression(text, kColumns, kKeys), again = ParseRowExpression(once, kColumns, kKeys);
    ASSERT_TRUE(first && again) << once;
    EXPECT_EQ(first->columns, again->columns);
  }
}

// Whatever is thrown at it: an answer or a refusal, and what it prints it can read.
TEST(RowExpression, RandomTextNeverBreaksIt) {
  SeededRandom random(7);
  const std::vector<std::string> pieces = {"amount", "name", "\"first\"", "dt",   "=",  "<>",   "(",    ")",   "AND", "OR",
                                           "NOT",    "IN",   "BETWEEN",   "LIKE", "IS", "NULL", "TRUE", "'x'", "'",   "\"",
                                           "1",      "-2.5", ",",         ".",    ";",  "--",   "\xff", "1e5", " "};
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::uint64_t n = random.Next() % 12; n > 0; --n) text += pieces[random.Next() % pieces.size()] + " ";
    auto parsed = ParseRowExpression(text, kColumns, kKeys);
    if (!parsed) continue;
    ++accepted;
    EXPECT_TRUE(ParseRowExpression(parsed->sql, kColumns, kKeys)) << parsed->sql;
  }
  EXPECT_GT(accepted, 10);
}

}  // namespace
}  // namespace hanse::policy
