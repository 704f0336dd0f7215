#include "cli/statement_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hanse::cli {
namespace {

std::vector<std::string> All(StatementReader& reader) {
  std::vector<std::string> all;
  while (auto statement = reader.Next()) all.push_back(*statement);
  return all;
}

TEST(StatementReader, AStatementEndsAtItsSemicolonHoweverManyLinesItHas) {
  StatementReader reader;
  reader.Add("SELECT 1");
  EXPECT_THAT(All(reader), testing::IsEmpty());
  reader.Add("  FROM t; SELECT 2 ;; SELECT");
  EXPECT_THAT(All(reader), testing::ElementsAre("SELECT 1\n  FROM t", "SELECT 2"));
  EXPECT_EQ(reader.Rest(), "SELECT");
}

TEST(StatementReader, ASemicolonInQuotesOrACommentEndsNothing) {
  StatementReader reader;
  reader.Add("SELECT 'a;b''c;', \"d;\" -- e;");
  reader.Add("/* f; */ FROM `g;`");
  EXPECT_THAT(All(reader), testing::IsEmpty());
  reader.Add(";");
  EXPECT_THAT(All(reader), testing::ElementsAre("SELECT 'a;b''c;', \"d;\" -- e;\n/* f; */ FROM `g;`"));
  EXPECT_TRUE(reader.empty());
}

TEST(StatementReader, WhatIsStillOpenWaits) {
  StatementReader reader;
  reader.Add("SELECT 'a;");
  EXPECT_EQ(reader.Next(), std::nullopt);
  reader.Add("b';");
  EXPECT_EQ(reader.Next(), "SELECT 'a;\nb'");
}

}  // namespace
}  // namespace hanse::cli
