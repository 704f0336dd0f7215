#include "query/explain.h"

#include <gtest/gtest.h>

namespace hanse::query {
namespace {

TEST(Explain, TheQueryKeepsItsPlace) {
  auto plain = ReadExplain("EXPLAIN\nSELECT 1");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->sql, "       \nSELECT 1");
  EXPECT_FALSE(plain->validate);
  auto validate = ReadExplain("explain (type validate, format text) (SELECT 1)");
  ASSERT_TRUE(validate);
  EXPECT_TRUE(validate->validate);
  EXPECT_TRUE(validate->sql.ends_with("(SELECT 1)"));
  EXPECT_TRUE(ReadExplain("EXPLAIN (SELECT 1)"));
  EXPECT_FALSE(plain->analyze);
  auto analyze = ReadExplain("EXPLAIN ANALYZE (FORMAT TEXT) SELECT 1");
  ASSERT_TRUE(analyze);
  EXPECT_TRUE(analyze->analyze);
  EXPECT_TRUE(analyze->sql.ends_with(" SELECT 1"));
}

TEST(Explain, WhatItCannotShowIsRefused) {
  for (const char* sql :
       {"EXPLAIN", "EXPLAIN ANALYZE", "EXPLAIN ANALYZE (TYPE LOGICAL) SELECT 1", "EXPLAIN ANALYZE INSERT INTO t SELECT 1",
        "EXPLAIN ANALYZE VERBOSE SELECT 1", "EXPLAIN (FORMAT JSON) SELECT 1", "EXPLAIN (TYPE IO) SELECT 1",
        "EXPLAIN INSERT INTO t SELECT 1", "EXPLAIN DROP TABLE t", "EXPLAIN EXPLAIN SELECT 1"}) {
    EXPECT_FALSE(ReadExplain(sql)) << sql;
  }
}

}  // namespace
}  // namespace hanse::query
