#include <gmock/gmock.h>

#include "engine/test_lake.h"

namespace hanse::engine {
namespace {

using testing::HasSubstr;

class QueryTest : public testing::Test {
 protected:
  QueryTest() : tables(objects) { tables.Add(OrdersTable(objects)); }
  std::string Text(const std::string& sql, std::vector<std::string> parameters = {}) {
    return Ask(tables, sql, std::move(parameters)).Text();
  }
  TestObjects objects;
  TestTables tables;
};

TEST_F(QueryTest, AnswersWithAthenasTypesAndNames) {
  TestAnswer answer =
      Ask(tables, "SELECT country, COUNT(*), SUM(id) AS s, avg(amount) FROM orders GROUP BY country ORDER BY country NULLS LAST");
  EXPECT_EQ(answer.Text(), "EIRE|1|4|NULL\nFrance|1|2|20.0\nGermany|2|4|20.375\nNULL|1|5|50.0\n");
  std::vector<std::string> described;
  for (const auto& column : answer.columns) described.push_back(column.name + " " + column.type);
  EXPECT_THAT(described, testing::ElementsAre("country varchar", "_col1 bigint", "s bigint", "_col3 double"));
  EXPECT_EQ(answer.outcome.rows, 4u);
  EXPECT_GT(answer.outcome.scanned_bytes, 0u);
}

TEST_F(QueryTest, NamesAreFoundHoweverTheyAreQualified) {
  for (const char* name :
       {"orders", "shop.orders", "\"shop\".\"orders\"", "awsdatacatalog.shop.orders", "\"AwsDataCatalog\".shop.ORDERS"}) {
    EXPECT_EQ(Text(std::string("SELECT COUNT(*) FROM ") + name), "5\n") << name;
  }
  for (const char* column : {"shop.orders.id", "\"shop\".\"orders\".\"id\"", "awsdatacatalog.shop.orders.id", "orders.id"}) {
    const std::string name = column;
    EXPECT_EQ(Text("SELECT " + name + " FROM shop.orders WHERE " + name + " < 2 ORDER BY " + name), "1\n") << name;
  }
  EXPECT_THAT(Text("SELECT shop.orders.id FROM shop.orders AS o"), HasSubstr("not found"));
  EXPECT_THAT(Ask(tables, "SELECT 1 FROM orders", {}, {}, "").Text(), HasSubstr("Schema must be specified"));
  EXPECT_EQ(Ask(tables, "SELECT 1", {}, {}, "").Text(), "1\n");
}

TEST_F(QueryTest, HiddenAndMissingReadTheSame) {
  tables["shop.orders"].visible = {"id", "country"};
  EXPECT_EQ(Text("SELECT * FROM orders WHERE id = 1"), "1|Germany\n");
  for (const char* sql : {"SELECT {} FROM orders", "SELECT COUNT(*) FROM orders WHERE {} = '1'", "SELECT 1 FROM orders ORDER BY {}",
                          "SELECT o.{} FROM orders o", "SELECT max({}) FROM orders GROUP BY id"}) {
    auto reason = [&](const std::string& column) {
      std::string text = sql;
      text.replace(text.find("{}"), 2, column);
      std::string said = Text(text);
      while (said.find(column) != std::string::npos) said.replace(said.find(column), column.size(), "COLUMN");
      return said;
    };
    EXPECT_EQ(reason("card"), reason("cart"));
    EXPECT_THAT(reason("card"), HasSubstr("COLUMN_NOT_FOUND"));
  }
  EXPECT_EQ(Text("SELECT 1 FROM order_s"), "TABLE_NOT_FOUND: Table 'awsdatacatalog.shop.order_s' does not exist");
}

TEST_F(QueryTest, ParametersAreValuesAndNeverSql) {
  EXPECT_EQ(Text("SELECT id FROM orders WHERE country = ? AND id > ?", {"'Germany'", "1"}), "3\n");
  EXPECT_EQ(Text("SELECT id FROM orders WHERE country = ?", {"'x'' OR ''1''=''1'"}), "");
  EXPECT_THAT(Text("SELECT id FROM orders WHERE country = ?", {"country"}), HasSubstr("INVALID_PARAMETER_USAGE"));
  EXPECT_THAT(Text("SELECT ? + ?", {"1"}), HasSubstr("INVALID_PARAMETER_USAGE"));
}

TEST_F(QueryTest, WhatAFileLacksIsNullAndWhatTheCatalogLacksIsNotSeen) {
  TableSource grown;
  grown.database = "shop";
  grown.name = "grown";
  grown.columns = {{"id", "bigint"}, {"note", "string"}};
  grown.visible = {"id", "note"};
  grown.files = {objects.Parquet("SELECT 1::BIGINT id, 'e' extra"), objects.Parquet("SELECT 2::INTEGER id, 'n' note")};
  tables.Add(grown);
  EXPECT_EQ(Text("SELECT * FROM grown ORDER BY id"), "1|NULL\n2|n\n");
  tables["shop.grown"].columns[1].hive_type = "int";
  EXPECT_THAT(Text("SELECT note FROM grown"), HasSubstr("HIVE_BAD_DATA"));
  tables["shop.grown"].files.clear();
  EXPECT_EQ(Text("SELECT COUNT(*), max(id) FROM grown"), "0|NULL\n");
}

TEST_F(QueryTest, PartitionsArePrunedBeforeAFileIsOpened) {
  TableSource daily;
  daily.database = "shop";
  daily.name = "daily";
  daily.columns = {{"id", "bigint"}};
  daily.keys = {{"day", "date"}, {"n", "int"}};
  daily.visible = {"id", "day", "n"};
  for (int n : {1, 2}) {
    FileSource file = objects.Parquet("SELECT " + std::to_string(n) + "::BIGINT id");
    file.partition = {"2024-01-0" + std::to_string(n), std::to_string(n)};
    daily.files.push_back(file);
  }
  tables.Add(daily);
  EXPECT_EQ(Text("SELECT day, n, id FROM daily ORDER BY day"), "2024-01-01|1|1\n2024-01-02|2|2\n");
  tables.opened.clear();
  EXPECT_EQ(Text("SELECT id FROM daily WHERE day = date '2024-01-02'"), "2\n");
  EXPECT_THAT(tables.opened, testing::Each(daily.files[1].object));
  tables.opened.clear();
  EXPECT_EQ(Text("SELECT COUNT(*) FROM daily WHERE n > 5"), "0\n");
  EXPECT_TRUE(tables.opened.empty());
}

TEST_F(QueryTest, EachOfManyFilesIsAskedForOnceAndOneThatIsRefusedEndsTheQuery) {
  TableSource parts;
  parts.database = "shop";
  parts.name = "parts";
  parts.columns = {{"id", "bigint"}};
  parts.visible = {"id"};
  std::vector<std::uint64_t> all;
  for (int n = 0; n < 40; ++n) {
    parts.files.push_back(objects.Parquet("SELECT " + std::to_string(n) + "::BIGINT id"));
    all.push_back(parts.files.back().object);
  }
  tables.Add(parts);
  tables.opened.clear();
  EXPECT_EQ(Text("SELECT COUNT(*), SUM(id) FROM parts WHERE id < 30"), "30|435\n");
  EXPECT_THAT(tables.opened, testing::UnorderedElementsAreArray(all));
  FileSource gone = parts.files.back();
  gone.object = 1'000'000;
  parts.files.insert(parts.files.begin() + 20, gone);
  tables.Add(parts);
  EXPECT_THAT(Text("SELECT SUM(id) FROM parts"), testing::StartsWith("HIVE_CANNOT_OPEN_SPLIT"));
}

TEST_F(QueryTest, ARefusedTableSaysWhy) {
  tables.refusal = Error{.code = ErrorCode::kAccessDenied, .message = "Insufficient permission(s): Required Select on orders"};
  TestAnswer refused = Ask(tables, "SELECT id FROM orders");
  EXPECT_EQ(refused.Text(), "PERMISSION_DENIED: Insufficient permission(s): Required Select on orders");
  EXPECT_EQ(refused.outcome.type, "PERMISSION_DENIED");
  tables.refusal = Error{.code = ErrorCode::kNotFound, .message = "TABLE_NOT_FOUND: Table 'x' does not exist"};
  EXPECT_EQ(Text("SELECT id FROM orders"), "TABLE_NOT_FOUND: Table 'x' does not exist");
}

TEST_F(QueryTest, TheScanLimitStopsWhatReadsTooMuch) {
  TableSource& orders = tables["shop.orders"];
  orders.files = {objects.Parquet("SELECT i::BIGINT id, 'c' country, random() amount, 'x' card FROM range(400000) t(i)")};
  Limits limits;
  limits.scanned_bytes_max = 1'000'000;
  EXPECT_EQ(Ask(tables, "SELECT COUNT(country) FROM orders", {}, limits).Text(), "400000\n");
  TestAnswer cut = Ask(tables, "SELECT SUM(amount) FROM orders", {}, limits);
  EXPECT_EQ(cut.outcome.state, QueryState::kCancelled);
  EXPECT_THAT(cut.outcome.message, HasSubstr("Bytes scanned limit was exceeded"));
  TestAnswer whole = Ask(tables, "SELECT SUM(amount) FROM orders");
  EXPECT_LE(whole.outcome.scanned_bytes, orders.files[0].bytes);
  EXPECT_EQ(Ask(tables, "SELECT SUM(amount) FROM orders").outcome.scanned_bytes, whole.outcome.scanned_bytes);
}

TEST_F(QueryTest, WhatTakesTooLongIsEndedAndTheNextQueryRuns) {
  Limits limits;
  limits.time_ms = 500;
  TestAnswer slow =
      Ask(tables,
          "SELECT COUNT(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y) CROSS JOIN "
          "UNNEST(sequence(1, 100)) c(z) WHERE (x * y * z) % 7 = 3",
          {}, limits);
  EXPECT_THAT(slow.Text(), HasSubstr("EXCEEDED_TIME_LIMIT"));
  EXPECT_EQ(Text("SELECT 1"), "1\n");
}

TEST_F(QueryTest, TheMemoryLimitIsACleanError) {
  Limits limits;
  limits.memory_bytes = 20 << 20;
  EXPECT_THAT(Ask(tables,
                  "SELECT COUNT(*) FROM (SELECT x * 10000 + y AS n FROM UNNEST(sequence(1, 300)) a(x) CROSS JOIN "
                  "UNNEST(sequence(1, 10000)) b(y) GROUP BY 1)",
                  {}, limits)
                  .Text(),
              HasSubstr("EXCEEDED_LOCAL_MEMORY_LIMIT"));
  EXPECT_EQ(Text("SELECT 1"), "1\n");
}

TEST_F(QueryTest, AViewIsBoundWithTheCallersOwnTables) {
  TableSource view;
  view.database = "shop";
  view.name = "v";
  view.columns = {{"country", "string"}, {"n", "bigint"}};
  view.visible = {"country", "n"};
  view.view_sql = "SELECT country, COUNT(*) AS n FROM orders GROUP BY country";
  tables.Add(view);
  tables["shop.orders"].row_filter = "country = 'Germany'";
  EXPECT_EQ(Text("SELECT * FROM v"), "Germany|2\n");
  EXPECT_EQ(Ask(tables, "SELECT * FROM shop.v", {}, {}, "other").Text(), "Germany|2\n");
}

TEST_F(QueryTest, InformationSchemaListsWhatTheCallerSees) {
  EXPECT_EQ(Text("SELECT table_schema, table_name FROM information_schema.tables"), "shop|orders\n");
  EXPECT_EQ(Text("SELECT column_name FROM information_schema.columns WHERE data_type = 'double'"), "amount\n");
}

}  // namespace
}  // namespace hanse::engine
