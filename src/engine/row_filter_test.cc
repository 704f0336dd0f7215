#include <gmock/gmock.h>

#include "engine/row_filter.h"
#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

// Row filters over files: every shape, NULLs, columns that a file stores as another type or lacks, row groups.
class RowFilterTest : public testing::Test {
 protected:
  RowFilterTest() : tables(objects) {
    TableSource table;
    table.database = "shop";
    table.name = "t";
    table.columns = {{"id", "bigint"}, {"kind", "string"}, {"size", "bigint"}};
    table.visible = {"id"};
    table.files = {
        objects.Parquet(
            "SELECT i id, CASE WHEN i % 4 < 3 THEN 'k' || (i % 4) END kind, CASE WHEN i % 5 > 0 THEN (i % 5)::INT END size "
            "FROM range(20000) t(i)",
            ", ROW_GROUP_SIZE 2048"),
        objects.Parquet("SELECT i id, 'k1' kind FROM range(100) t(i)")};
    tables.Add(table);
  }
  std::string Count(const std::string& filter, const std::string& where = "") {
    tables["shop.t"].row_filter = filter;
    return Ask(tables, "SELECT count(*) FROM t" + where).Text();
  }
  TestObjects objects;
  TestTables tables;
};

TEST_F(RowFilterTest, EveryShapeCountsWhatItShows) {
  EXPECT_EQ(Count(""), "20100\n");
  EXPECT_EQ(Count("kind = 'k1'"), "5100\n");
  EXPECT_EQ(Count("kind <> 'k1'"), "10000\n");
  EXPECT_EQ(Count("kind IN ('k0', 'k2')"), "10000\n");
  EXPECT_EQ(Count("kind IN ('nothing')"), "0\n");
  EXPECT_EQ(Count("kind NOT IN ('k0')"), "10100\n");
  EXPECT_EQ(Count("kind = 'k0' OR kind = 'k1'"), "10100\n");
  EXPECT_EQ(Count("kind IS NULL"), "5000\n");
  EXPECT_EQ(Count("kind IS NULL OR kind = 'k0'"), "10000\n");
  EXPECT_EQ(Count("NOT kind = 'k1'"), "10000\n");
  EXPECT_EQ(Count("kind LIKE 'k%' AND kind > 'k1'"), "5000\n");
  EXPECT_EQ(Count("id BETWEEN 100 AND 199"), "100\n");
  EXPECT_EQ(Count("kind = 'k0' OR id < 10"), "5017\n");
  EXPECT_EQ(Count("id < 0010 AND id <> 00"), "18\n");
}

TEST_F(RowFilterTest, ColumnsOfAnotherTypeAndThoseThatAFileLacks) {
  EXPECT_EQ(Count("size IN (1, 2)"), "8000\n");  // The first file stores INT, the second has no such column.
  EXPECT_EQ(Count("size >= 3"), "8000\n");
  EXPECT_EQ(Count("size IS NULL"), "4100\n");
  EXPECT_EQ(Count("size = 1 OR size = 4"), "8000\n");
}

TEST(RowFilterText, NumbersMayBeginWithZerosAndHaveDigits) {
  for (const char* number : {"0", "00", "-007", "+01.50", "00e1"})
    EXPECT_TRUE(ParseRowFilter(std::string("id = ") + number)) << number;
  for (const char* none : {"-", "+", "--1", "-+0"}) EXPECT_FALSE(ParseRowFilter(std::string("id = ") + none)) << none;
}

TEST(RowFilterText, OtherThanUtf8IsRefusedAndThrowsNothing) {
  EXPECT_TRUE(ParseRowFilter("kind = 'gr\xc3\xbcn'"));
  EXPECT_FALSE(ParseRowFilter("kind = 'gr\xfcn'"));
  EXPECT_FALSE(ParseRowFilter("\"gr\xfcn\" = 1"));
}

TEST_F(RowFilterTest, TheCallersPredicatesComeOnTop) {
  EXPECT_EQ(Count("kind IN ('k0', 'k1')", " WHERE id < 100"), "150\n");
  EXPECT_EQ(Count("id < 50", " WHERE id >= 40"), "20\n");
  EXPECT_EQ(Count("id >= 19000 AND id <> 19999", " WHERE 1000 / (19999 - id) >= 0"), "999\n");  // Fails on the hidden row alone.
  tables["shop.t"].visible = {"id", "kind"};
  EXPECT_EQ(Count("kind IN ('k0', 'k1')", " WHERE kind = 'k2'"), "0\n");
  EXPECT_EQ(Count("kind IN ('k0', 'k1')", " WHERE kind IS NULL"), "0\n");
}

TEST_F(RowFilterTest, PartsOfSeveralColumnsNarrowEachOther) {
  tables["shop.t"].visible = {"id", "kind", "size"};
  for (const std::string filter :
       {"kind IN ('k0', 'k2') AND size IN (1, 4)", "size IN (1, 4) AND kind IN ('k0', 'k2') AND id < 15000",
        "kind NOT IN ('k1') AND (size = 1 OR kind = 'k2')", "kind IS NULL AND size IS NULL",
        "size IS NULL AND kind IN ('k1', 'k2')", "(kind = 'k0' OR size = 2) AND kind LIKE 'k%' AND size NOT IN (4)",
        "id IN (0, 4, 8, 19996) AND kind IN ('k0')"}) {
    const std::string shown = Count(filter);
    EXPECT_NE(shown, "0\n") << filter;
    EXPECT_EQ(shown, Count("", " WHERE " + filter)) << filter;
  }
}

// Labels are of no dictionary: a reader that is handed its rows out of order would read those of other rows.
TEST_F(RowFilterTest, ATopNShowsNoCellOfAHiddenRow) {
  TableSource table;
  table.database = "shop";
  table.name = "labels";
  table.columns = {{"id", "bigint"}, {"kind", "string"}, {"label", "string"}, {"size", "bigint"}, {"note", "string"}};
  table.visible = {"id", "kind", "label", "size", "note"};
  table.files = {objects.Parquet(
      "SELECT i AS id, 'k' || (i * 31 % 8) AS kind, CASE WHEN kind IN ('k1', 'k5') THEN 'shown ' ELSE 'hidden ' END || i AS label, "
      "i * 7919 % 6007 AS size, 'note of ' || label AS note FROM range(6000) t(i)",
      ", ROW_GROUP_SIZE 2048")};
  tables.Add(table);
  EXPECT_NE(Ask(tables, "SELECT * FROM labels ORDER BY size LIMIT 20").Text().find("hidden"), std::string::npos);
  for (const std::string order :
       {"size DESC, id", "size, id", "label DESC", "label", "note DESC", "id DESC", "size DESC OFFSET 50"}) {
    const auto ask = [&](const std::string& filter, const std::string& where) {
      tables["shop.labels"].row_filter = filter;
      return Ask(tables, "SELECT * FROM labels" + where + " ORDER BY " + order + " LIMIT 20").Text();
    };
    const std::string filter = "kind IN ('k5', 'k1')", shown = ask(filter, "");
    EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 20) << order;
    EXPECT_EQ(shown.find("hidden"), std::string::npos) << order;
    EXPECT_EQ(shown, ask("", " WHERE " + filter)) << order;
  }
}

}  // namespace
}  // namespace hanse::engine
