#include "query/statement.h"

#include <gtest/gtest.h>

namespace hanse::query {
namespace {

Statement StatementOf(const char* sql) {
  auto statement = Classify(sql);
  EXPECT_TRUE(statement) << sql << ": " << (statement ? "" : statement.error().message);
  return statement ? *statement : Statement{};
}

TEST(Statement, IsClassifiedAsAthenaTellsIt) {
  struct Case {
    const char* sql;
    StatementKind kind;
    const char* type;
    const char* subtype;
  };
  for (const Case& c : {Case{"SELECT 1", StatementKind::kSelect, "DML", "SELECT"},
                        {" -- why\n/* and */ with a as (select 1) select * from a;", StatementKind::kSelect, "DML", "SELECT"},
                        {"(SELECT 1)", StatementKind::kSelect, "DML", "SELECT"},
                        {"EXPLAIN SELECT 1", StatementKind::kExplain, "UTILITY", "EXPLAIN"},
                        {"SHOW TABLES", StatementKind::kDdl, "UTILITY", "SHOW_TABLES"},
                        {"SHOW FUNCTIONS", StatementKind::kDdl, "UTILITY", "SHOW_FUNCTIONS"},
                        {"CREATE TABLE a AS SELECT 1 AS x", StatementKind::kCreateTableAs, "DDL", "CREATE_TABLE_AS_SELECT"},
                        {"INSERT INTO a SELECT 1", StatementKind::kInsert, "DML", "INSERT"},
                        {"DROP TABLE a", StatementKind::kDdl, "DDL", "DROP_TABLE"},
                        {"create external table a (x int) stored as parquet location 's3://b/a AS SELECT'", StatementKind::kDdl,
                         "DDL", "CREATE_TABLE"},
                        {"CREATE VIEW v AS SELECT 1 AS x", StatementKind::kDdl, "DDL", "CREATE_VIEW"},
                        {"ALTER TABLE a ADD COLUMNS (x int)", StatementKind::kDdl, "DDL", "ALTER_TABLE_ADD_COLUMN"},
                        {"SHOW PARTITIONS a", StatementKind::kDdl, "UTILITY", "SHOW_PARTITIONS"},
                        {"PREPARE a FROM SELECT 1", StatementKind::kPrepare, "DDL", "PREPARE"},
                        {"EXECUTE a USING 1", StatementKind::kExecute, "DML", "EXECUTE"},
                        {"DEALLOCATE PREPARE a", StatementKind::kDeallocate, "DDL", "DEALLOCATE"},
                        {"GRANT SELECT ON a TO b", StatementKind::kOther, "DDL", ""}}) {
    Statement statement = StatementOf(c.sql);
    EXPECT_EQ(statement.kind, c.kind) << c.sql;
    EXPECT_EQ(statement.type, c.type) << c.sql;
    EXPECT_EQ(statement.subtype, c.subtype) << c.sql;
  }
}

TEST(Statement, WhatIsNoneIsRefused) {
  for (const char* sql : {"", "   ", "-- nothing\n", "DROP TABLE", "CREATE DATABASE", "DROP TABLE a.b.c.d", "DESCRIBE ("}) {
    EXPECT_FALSE(Classify(sql)) << sql;
  }
}

TEST(Statement, UnendedCommentsAndQuotesEnd) {
  for (const char* sql : {"SELECT /* never", "SELECT 'never", "SELECT \"never", "SELECT -- never"}) {
    EXPECT_EQ(StatementOf(sql).kind, StatementKind::kSelect) << sql;
  }
}

}  // namespace
}  // namespace hanse::query
