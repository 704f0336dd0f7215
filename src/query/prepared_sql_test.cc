#include "query/prepared_sql.h"

#include <gtest/gtest.h>

namespace hanse::query {
namespace {

TEST(PreparedSql, ThreeFormsAreTakenApart) {
  auto prepare = ParsePreparedSql("/* a */ prepare Twice FROM SELECT ? * 2 -- x\n;").value();
  EXPECT_EQ(prepare.name, "Twice");
  EXPECT_EQ(prepare.statement, "SELECT ? * 2");
  EXPECT_EQ(ParsePreparedSql("EXECUTE a_1@b:c2 USING 1").value().name, "a_1@b:c2");
  auto execute = ParsePreparedSql("EXECUTE \"by_country\" USING 'a,''b', concat('(', ',') , 3;").value();
  EXPECT_EQ(execute.name, "by_country");
  EXPECT_EQ(execute.values, (std::vector<std::string>{"'a,''b'", "concat('(', ',')", "3"}));
  EXPECT_TRUE(ParsePreparedSql("EXECUTE by_country").value().values.empty());
  EXPECT_EQ(ParsePreparedSql("DEALLOCATE PREPARE twice").value().name, "twice");
}

TEST(PreparedSql, ACommentIsNoPartOfAValue) {
  EXPECT_EQ(ParsePreparedSql("EXECUTE a USING 1 -- ,2\n, 3 /* , */").value().values, (std::vector<std::string>{"1", "3"}));
}

TEST(PreparedSql, WhatIsIncompleteOrMoreIsRefused) {
  for (const char* sql :
       {"", "EXECUTE", "EXECUTE 1a", "EXECUTE a USING", "EXECUTE a USING 1,", "EXECUTE a b", "PREPARE a", "PREPARE a FROM",
        "PREPARE FROM SELECT 1", "DEALLOCATE twice", "DEALLOCATE PREPARE a b", "SELECT 1", "PREPARE a FROM DROP TABLE b",
        "PREPARE a FROM EXECUTE b", "EXECUTE \"a\"\"b\"", "EXECUTE a @b", "EXECUTE 'a", "EXECUTE a USING 'never,"}) {
    bool unended = std::string_view(sql).ends_with("never,");
    EXPECT_EQ(ParsePreparedSql(sql).has_value(), unended) << sql;
  }
}

TEST(PreparedSql, WhatCanBePrepared) {
  for (const char* sql : {"SELECT 1", "WITH a AS (SELECT 1) TABLE a", "INSERT INTO a SELECT ?", "CREATE TABLE a AS SELECT 1 AS x",
                          "UNLOAD (SELECT 1) TO 's3://b/'"}) {
    EXPECT_TRUE(CheckPreparable(sql)) << sql;
  }
  for (const char* sql : {"", "SHOW TABLES", "DROP TABLE a", "EXPLAIN SELECT 1", "EXECUTE a", "PREPARE a FROM SELECT 1"}) {
    EXPECT_FALSE(CheckPreparable(sql)) << sql;
  }
}

}  // namespace
}  // namespace hanse::query
