#include "engine/row_conditions.h"

#include <gmock/gmock.h>

#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

// shop.daily: row n in partition n of day n, for n of 1 to 3.
class RowConditionsTest : public testing::Test {
 protected:
  RowConditionsTest() : tables(objects) {
    TableSource daily{.database = "shop", .name = "daily", .columns = {{"id", "bigint"}}, .keys = {{"day", "date"}, {"n", "int"}}};
    daily.visible = {"id", "day", "n"};
    for (const std::string n : {"1", "2", "3"}) {
      FileSource file = objects.Parquet("SELECT " + n + "::BIGINT id");
      file.partition = {"2024-01-0" + n, n};
      daily.files.push_back(file);
    }
    tables.Add(daily);
    TableSource view{.database = "shop", .name = "seen", .columns = {{"id", "bigint"}}};
    view.visible = {"id"};
    view.view_sql = "SELECT id FROM daily";
    view.view_database = "shop";
    tables.Add(view);
  }
  std::string Text(const std::string& sql) {
    tables.asked.clear();
    return Ask(tables, sql).Text();
  }
  TestObjects objects;
  TestTables tables;
};

TEST_F(RowConditionsTest, WhatWhereJoinsByAndIsAskedForWithTheTable) {
  EXPECT_EQ(Text("SELECT id FROM daily WHERE day = DATE '2024-01-02' AND n IN (1, 2) AND id > 0"), "2\n");
  EXPECT_THAT(tables.asked, ElementsAre("daily: day =d 2024-01-02 n in 1,2 id >n 0"));
  EXPECT_EQ(Text("SELECT id FROM shop.daily WHERE (n = 1 OR n = 2) AND 2 <= shop.daily.n"), "2\n");
  EXPECT_THAT(tables.asked, ElementsAre("daily: n }n 2"));
  EXPECT_EQ(Text("SELECT d.id FROM daily AS d WHERE D.N BETWEEN 2 AND 3 AND day <> DATE '2024-01-03'"), "2\n");
  EXPECT_THAT(tables.asked, ElementsAre("daily: n }n 2 n {n 3"));
  EXPECT_EQ(Text("SELECT id FROM (SELECT * FROM daily WHERE n = 3) t WHERE id < 4"), "3\n");
  EXPECT_THAT(tables.asked, ElementsAre("daily: n =n 3"));
  EXPECT_EQ(Text("WITH x AS (SELECT * FROM daily WHERE n = 3) SELECT count(*) FROM x"), "1\n");
  EXPECT_THAT(tables.asked, ElementsAre("daily: n =n 3"));
}

TEST_F(RowConditionsTest, EachReferenceHasItsOwn) {
  EXPECT_EQ(Text("SELECT a.n, b.n FROM daily a JOIN daily b ON a.id < b.id WHERE a.n = 1 AND b.n = 3"), "1|3\n");
  EXPECT_THAT(tables.asked, UnorderedElementsAre("daily: n =n 1", "daily: n =n 3"));
  EXPECT_EQ(Text("SELECT id FROM daily WHERE n = 1 UNION ALL SELECT id + 10 FROM daily ORDER BY 1"), "1\n11\n12\n13\n");
  EXPECT_THAT(tables.asked, UnorderedElementsAre("daily: n =n 1", "daily:"));
  EXPECT_EQ(Text("SELECT id FROM daily WHERE n = 1 UNION ALL SELECT id + 10 FROM seen ORDER BY 1"), "1\n11\n12\n13\n");
  EXPECT_THAT(tables.asked, UnorderedElementsAre("daily: n =n 1", "seen:", "daily:"));
}

TEST_F(RowConditionsTest, WhatDoesNotDecideOverTheTablesRowsIsNotAsked) {
  EXPECT_EQ(Text("SELECT a.id, b.id FROM daily a LEFT JOIN daily b ON a.id = b.id AND b.n = 1 WHERE a.id = 2"), "2|NULL\n");
  EXPECT_THAT(tables.asked, ElementsAre("daily:"));
  EXPECT_EQ(Text("SELECT count(*) FROM daily a LEFT JOIN daily b ON a.id = b.id WHERE b.n = 1 OR b.n IS NULL"), "1\n");
  EXPECT_EQ(Text("SELECT count(*) FROM daily WHERE NOT (n = 1)"), "2\n");
  EXPECT_THAT(tables.asked, ElementsAre("daily:"));
  EXPECT_EQ(Text("WITH daily AS (SELECT 5 AS id, 7 AS n) SELECT id FROM daily WHERE n = 7"), "5\n");
  EXPECT_TRUE(tables.asked.empty());
  EXPECT_EQ(Text("SELECT count(*) FROM daily a WHERE EXISTS (SELECT 1 FROM seen WHERE n = 2 AND seen.id = a.id)"), "1\n");
  EXPECT_THAT(tables.asked, UnorderedElementsAre("daily:", "seen:"));
}

TEST_F(RowConditionsTest, NobodyWritesAMarkHimself) {
  EXPECT_THAT(Text("SELECT count(*) FROM daily x, \"daily\x01:0\" y WHERE x.n = 1"), testing::HasSubstr("does not exist"));
  std::string name = "daily\x01nonce:7";
  EXPECT_EQ(TakeMark(&name, "other"), std::nullopt);
  EXPECT_EQ(TakeMark(&name, "nonce"), 7u);
  EXPECT_EQ(name, "daily");
}

}  // namespace
}  // namespace hanse::engine
